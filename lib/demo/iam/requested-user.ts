import { noSuchEntity, validationError } from "../aws-error.ts";
import type { Call } from "../operation.ts";
import { readText, requireText } from "../parameters.ts";
import type { User } from "../state.ts";

/** The user that UserName names. */
export const requestedUser = (call: Call): User => findUser(call, requireText(call.parameters, "UserName"));

/** The user that UserName names, else the one whose key signed the request. */
export function requestedOrCallingUser(call: Call): User {
  const name = readText(call.parameters, "UserName");
  if (name !== undefined) return findUser(call, name);
  if (call.caller.user === undefined)
    throw validationError("Must specify userName when calling with non-User credentials");
  return call.caller.user;
}

function findUser(call: Call, name: string): User {
  if (!/^[\w+=,.@-]{1,128}$/.test(name))
    throw validationError(
      "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
    );
  const user = call.caller.account.users.find(name);
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

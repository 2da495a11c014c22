import { validationError } from "../aws-error.ts";
import { compareText } from "../directory.ts";
import type { Call, Operation } from "../operation.ts";
import { readFlag, readText } from "../parameters.ts";
import type { ServiceCredential, User } from "../state.ts";
import { takeIamPage } from "./pages.ts";
import { requestedOrCallingUser } from "./requested-user.ts";
import { oneUser } from "./resources.ts";

/** Alone among the listings of a user's credentials it can list those of all users. */
export const listServiceSpecificCredentials: Operation = {
  action: "ListServiceSpecificCredentials",
  resource: oneUser,
  answer(call) {
    const { items, end } = takeIamPage(call, {
      items: issuedCredentials(call),
      orderOf: ({ user, credential }) => orderOf(call, user, credential),
    });
    return { ServiceSpecificCredentials: items.map(describeCredential), ...end };
  },
};

interface Issued {
  readonly user: User;
  readonly credential: ServiceCredential;
}

function issuedCredentials(call: Call): readonly Issued[] {
  const service = readText(call.parameters, "ServiceName");
  return requestedUsers(call).flatMap((user) =>
    user.serviceCredentials
      .filter((credential) => service === undefined || credential.service === service)
      .sort((a, b) => compareText(a.id, b.id))
      .map((credential) => ({ user, credential })),
  );
}

function requestedUsers(call: Call): readonly User[] {
  if (!readFlag(call.parameters, "AllUsers")) return [requestedOrCallingUser(call)];
  if (readText(call.parameters, "UserName") !== undefined)
    throw validationError("UserName and AllUsers cannot be specified together");
  return call.caller.account.users.list();
}

/** Below every character of a user name, so that users keep their order. */
const orderOf = (call: Call, user: User, { id }: ServiceCredential): string =>
  `${call.caller.account.users.orderOf(user)} ${id}`;

const describeCredential = ({ user, credential }: Issued) => ({
  UserName: user.name,
  Status: credential.status,
  ServiceUserName: credential.serviceUserName,
  ServiceCredentialAlias: credential.alias,
  CreateDate: new Date(credential.createdAt),
  ExpirationDate: credential.expiresAt === undefined ? undefined : new Date(credential.expiresAt),
  ServiceSpecificCredentialId: credential.id,
  ServiceName: credential.service,
});

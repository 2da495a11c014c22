import type { Answer, Call, Operation } from "../operation.ts";
import { readText } from "../parameters.ts";
import { type Account, type User, userArn } from "../state.ts";
import { takeIamPage } from "./pages.ts";
import { requestedOrCallingUser, requestedUser } from "./requested-user.ts";
import { allUsers, oneUser } from "./resources.ts";
import { describeTags, tagListing } from "./tags.ts";

/** ListUsers answers neither tags nor the permissions boundary, though its shape has them. */
export const listUsers: Operation = {
  action: "ListUsers",
  resource: allUsers,
  answer(call) {
    const { account } = call.caller;
    const { items, end } = takeIamPage(call, { items: usersUnder(call), orderOf: account.users.orderOf });
    return { Users: items.map((user) => describeUser(account, user)), ...end };
  },
};

/** Tells a user's tags, which the list does not. */
export const getUser: Operation = {
  action: "GetUser",
  resource: oneUser,
  answer(call) {
    const user = requestedOrCallingUser(call);
    const tags = user.tags.size === 0 ? undefined : describeTags(user.tags);
    return { User: { ...describeUser(call.caller.account, user), Tags: tags } };
  },
};

export const listUserTags: Operation = {
  action: "ListUserTags",
  resource: oneUser,
  answer(call) {
    const { items, end } = takeIamPage(call, tagListing(requestedUser(call).tags));
    return { Tags: describeTags(items), ...end };
  },
};

function usersUnder({ caller, parameters }: Call): readonly User[] {
  const users = caller.account.users.list();
  const prefix = readText(parameters, "PathPrefix") ?? "/";
  return prefix === "/" ? users : users.filter(({ path }) => path.startsWith(prefix));
}

const describeUser = (account: Account, user: User): Answer => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: userArn(account, user),
  CreateDate: new Date(user.createdAt),
  PasswordLastUsed: user.password?.lastUsedAt === undefined ? undefined : new Date(user.password.lastUsedAt),
});

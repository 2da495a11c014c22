import { AwsError, noSuchEntity } from "../aws-error.ts";
import { compareText } from "../directory.ts";
import type { Call, Operation } from "../operation.ts";
import { requireText, requireWord } from "../parameters.ts";
import type { AccessKey, User } from "../state.ts";
import { takeIamPage } from "./pages.ts";
import { requestedOrCallingUser } from "./requested-user.ts";
import { oneKey, oneUser } from "./resources.ts";

export const listAccessKeys: Operation = {
  action: "ListAccessKeys",
  resource: oneUser,
  answer(call) {
    const user = requestedOrCallingUser(call);
    const { items, end } = takeIamPage(call, { items: keysInOrder(user.keys), orderOf: ({ id }) => id });
    return {
      AccessKeyMetadata: items.map((key) => ({
        UserName: user.name,
        AccessKeyId: key.id,
        Status: key.status,
        CreateDate: new Date(key.createdAt),
      })),
      ...end,
    };
  },
};

export const getAccessKeyLastUsed: Operation = {
  action: "GetAccessKeyLastUsed",
  resource: oneKey,
  answer(call) {
    const { user, key } = findKey(call, requireText(call.parameters, "AccessKeyId"));
    return {
      UserName: user.name,
      AccessKeyLastUsed: {
        LastUsedDate: key.lastUsed && new Date(key.lastUsed.at),
        ServiceName: key.lastUsed?.service ?? "N/A",
        Region: key.lastUsed?.region ?? "N/A",
      },
    };
  },
};

/** A key of another user is as good as none; one that has the status already is answered alike. */
export const updateAccessKey: Operation = {
  action: "UpdateAccessKey",
  resource: oneUser,
  isWrite: true,
  answer(call) {
    const id = requireText(call.parameters, "AccessKeyId");
    const status = requireWord(call.parameters, "Status", ["Active", "Inactive"]);
    const key = requestedOrCallingUser(call).keys.find((held) => held.id === id);
    if (key === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
    key.status = status;
    return {};
  },
};

/** By key id, which is also the order of the credential report's two slots. */
export const keysInOrder = (keys: readonly AccessKey[]): readonly AccessKey[] =>
  keys.length < 2 ? keys : [...keys].sort((a, b) => compareText(a.id, b.id));

/** The operation declares no NoSuchEntity: of a key that is not the account's AWS tells nothing but AccessDenied. */
function findKey(call: Call, id: string): { readonly user: User; readonly key: AccessKey } {
  const held = call.findKey(id);
  if (held !== undefined && held.account === call.caller.account) return held;
  throw new AwsError(
    "AccessDenied",
    403,
    `User: ${call.caller.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${id}`,
  );
}

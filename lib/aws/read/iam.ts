import {
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAccountAliasesCommand,
  ListEntitiesForPolicyCommand,
  ListServiceSpecificCredentialsCommand,
  ListUsersCommand,
  ListUserTagsCommand,
} from "@aws-sdk/client-iam";
import { OpsError } from "../../core/errors.ts";
import type { AccessKey, IamUser, UserDetail } from "../../core/iam.ts";
import type { Millis } from "../../core/time.ts";
import { type Calling, call } from "../call.ts";
import { allPages, nextMarker } from "./pages.ts";
import { present } from "./present.ts";

/** The permission each read needs: least-privilege policies are made from this table. */
export const iamReadActions = {
  listUsers: "iam:ListUsers",
  listAccessKeys: "iam:ListAccessKeys",
  findAccountAlias: "iam:ListAccountAliases",
  listPolicyUsers: "iam:ListEntitiesForPolicy",
  countServiceCredentials: "iam:ListServiceSpecificCredentials",
} as const;

/** What only settings that look at a user's tags, path or groups need. */
export const iamUserActions = {
  listUserTags: "iam:ListUserTags",
  listUserDetails: "iam:GetAccountAuthorizationDetails",
} as const;

/** What is read only just before a key is disabled. */
export const iamActActions = {
  getAccessKeyLastUsed: "iam:GetAccessKeyLastUsed",
} as const;

/** IAM's largest page; its default is 100 (ListUsers, IAM API reference). */
const pageSize = 1000;

export const listUsers = ({ client, stop }: Calling<IAMClient>): AsyncGenerator<readonly IamUser[]> => {
  const action = iamReadActions.listUsers;
  return allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(new ListUsersCommand({ MaxItems: pageSize, Marker: marker }), { abortSignal: stop }),
    );
    return {
      items: (page.Users ?? []).map((user) => ({
        name: present(action, "UserName", user.UserName),
        arn: present(action, "Arn", user.Arn),
        createdAt: present(action, "CreateDate", user.CreateDate).getTime(),
      })),
      next: nextMarker(action, page),
    };
  });
};

export async function listAccessKeys({ client, stop }: Calling<IAMClient>, userName: string): Promise<AccessKey[]> {
  const action = iamReadActions.listAccessKeys;
  const keys: AccessKey[] = [];
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(new ListAccessKeysCommand({ UserName: userName, Marker: marker }), { abortSignal: stop }),
    );
    return { items: page.AccessKeyMetadata ?? [], next: nextMarker(action, page) };
  });
  for await (const page of pages) {
    for (const key of page) {
      keys.push({
        id: present(action, "AccessKeyId", key.AccessKeyId),
        active: present(action, "Status", key.Status) === "Active",
        createdAt: present(action, "CreateDate", key.CreateDate).getTime(),
      });
    }
  }
  return keys;
}

/** An account has one alias or none (CreateAccountAlias, IAM API reference). */
export async function findAccountAlias({ client, stop }: Calling<IAMClient>): Promise<string | undefined> {
  const { AccountAliases: aliases } = await call(iamReadActions.findAccountAlias, stop, () =>
    client.send(new ListAccountAliasesCommand({}), { abortSignal: stop }),
  );
  return aliases?.[0];
}

/** Names of the users that a managed policy is attached to; none where the account knows no such policy. */
export async function listPolicyUsers({ client, stop }: Calling<IAMClient>, policyArn: string): Promise<string[]> {
  const action = iamReadActions.listPolicyUsers;
  const names: string[] = [];
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(
        new ListEntitiesForPolicyCommand({
          PolicyArn: policyArn,
          EntityFilter: "User",
          MaxItems: pageSize,
          Marker: marker,
        }),
        { abortSignal: stop },
      ),
    );
    return { items: page.PolicyUsers ?? [], next: nextMarker(action, page) };
  });
  try {
    for await (const page of pages) for (const user of page) names.push(present(action, "UserName", user.UserName));
  } catch (thrown) {
    if (thrown instanceof OpsError && thrown.code === "missing") return [];
    throw thrown;
  }
  return names;
}

/** Service-specific credentials (CodeCommit, Keyspaces, Bedrock) of all users: passwords and keys of another kind. */
export async function countServiceCredentials({ client, stop }: Calling<IAMClient>): Promise<number> {
  const action = iamReadActions.countServiceCredentials;
  let count = 0;
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true, MaxItems: pageSize, Marker: marker }), {
        abortSignal: stop,
      }),
    );
    return { items: page.ServiceSpecificCredentials ?? [], next: nextMarker(action, page) };
  });
  for await (const page of pages) count += page.length;
  return count;
}

/** AWS doesn't tell the date for a key never used since it tracks use (April 2015); one not the account's is `denied`. */
export async function getAccessKeyLastUsed(
  { client, stop }: Calling<IAMClient>,
  keyId: string,
): Promise<{ readonly at: Millis | undefined }> {
  const action = iamActActions.getAccessKeyLastUsed;
  const { AccessKeyLastUsed: lastUsed } = await call(action, stop, () =>
    client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId }), { abortSignal: stop }),
  );
  return { at: present(action, "AccessKeyLastUsed", lastUsed).LastUsedDate?.getTime() };
}

export async function listUserTags(
  { client, stop }: Calling<IAMClient>,
  userName: string,
): Promise<ReadonlyMap<string, string>> {
  const action = iamUserActions.listUserTags;
  const tags = new Map<string, string>();
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(new ListUserTagsCommand({ UserName: userName, Marker: marker }), { abortSignal: stop }),
    );
    return { items: page.Tags ?? [], next: nextMarker(action, page) };
  });
  for await (const page of pages) for (const [key, value] of tagPairs(page)) tags.set(key, value);
  return tags;
}

/** All users with their groups and tags, in as many calls as there are pages. */
export const listUserDetails = ({ client, stop }: Calling<IAMClient>): AsyncGenerator<readonly UserDetail[]> => {
  const action = iamUserActions.listUserDetails;
  return allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ["User"], MaxItems: pageSize, Marker: marker }), {
        abortSignal: stop,
      }),
    );
    return {
      items: (page.UserDetailList ?? []).map((user) => ({
        name: present(action, "UserName", user.UserName),
        path: present(action, "Path", user.Path),
        groups: user.GroupList ?? [],
        tags: new Map(tagPairs(user.Tags ?? [])),
      })),
      next: nextMarker(action, page),
    };
  });
};

const tagPairs = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[]) =>
  tags.flatMap(({ Key, Value = "" }) => (Key === undefined ? [] : [[Key, Value] as const]));

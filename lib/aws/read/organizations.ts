import {
  ListAccountsCommand,
  ListParentsCommand,
  ListTagsForResourceCommand,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";
import { allPages } from "./pages.ts";

export const organizationsReadActions = {
  listAccounts: "organizations:ListAccounts",
  findParent: "organizations:ListParents",
  listTags: "organizations:ListTagsForResource",
} as const;

export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

export const listAccounts = ({ client, stop }: Calling<OrganizationsClient>) => {
  const action = organizationsReadActions.listAccounts;
  return allPages(action, async (token) => {
    const page = await call(action, stop, () =>
      client.send(new ListAccountsCommand({ NextToken: token }), { abortSignal: stop }),
    );
    return {
      items: (page.Accounts ?? []).map((account): OrganizationAccount => {
        // `State` succeeds `Status`, which leaves the API on 2026-09-09 (Account, Organizations API reference).
        const state = account.State ?? account.Status;
        if (account.Id === undefined || state === undefined) {
          throw new OpsError("other", `${action}: account "${account.Id ?? "?"}" comes without id or state`);
        }
        return { id: account.Id, name: account.Name ?? account.Id, active: state === "ACTIVE" };
      }),
      next: page.NextToken,
    };
  });
};

/** The organizational unit or root that an account or unit sits in; undefined for a root. */
export async function findParent({ client, stop }: Calling<OrganizationsClient>, childId: string) {
  const { Parents: parents } = await call(organizationsReadActions.findParent, stop, () =>
    client.send(new ListParentsCommand({ ChildId: childId }), { abortSignal: stop }),
  );
  return parents?.[0]?.Id;
}

export async function listAccountTags({ client, stop }: Calling<OrganizationsClient>, accountId: string) {
  const action = organizationsReadActions.listTags;
  const tags = new Map<string, string>();
  const pages = allPages(action, async (token) => {
    const page = await call(action, stop, () =>
      client.send(new ListTagsForResourceCommand({ ResourceId: accountId, NextToken: token }), { abortSignal: stop }),
    );
    return { items: page.Tags ?? [], next: page.NextToken };
  });
  for await (const page of pages) for (const tag of page) if (tag.Key !== undefined) tags.set(tag.Key, tag.Value ?? "");
  return tags;
}

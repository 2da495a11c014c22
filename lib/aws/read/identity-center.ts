import { type IdentitystoreClient, ListUsersCommand } from "@aws-sdk/client-identitystore";
import { ListInstancesCommand, type SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";
import { identityCenterReadActions } from "../read-actions.ts";
import { allPages } from "./pages.ts";
import { present } from "./present.ts";

/** Its largest page (ListUsers, Identity Store API reference). */
const pageSize = 100;

/** Names that people sign in with, as IAM Identity Center has them. */
export const listIdentityCenterUsers = ({ client, stop }: Calling<IdentitystoreClient>, storeId: string) => {
  const action = identityCenterReadActions.listUsers;
  return allPages(action, async (token) => {
    const page = await call(action, stop, () =>
      client.send(new ListUsersCommand({ IdentityStoreId: storeId, MaxResults: pageSize, NextToken: token }), {
        abortSignal: stop,
      }),
    );
    // A user need not have a name (User, Identity Store API reference).
    const named = present(action, "Users", page.Users).flatMap(({ UserName: name }) => (name ? [{ name }] : []));
    return { items: named, next: page.NextToken || undefined };
  });
};

/** The store of the one instance in the client's region: an organization has one, and an account at most one beside it. */
export async function findIdentityStore({ client, stop }: Calling<SSOAdminClient>, region: string): Promise<string> {
  const action = identityCenterReadActions.listInstances;
  const found: string[] = [];
  const pages = allPages(action, async (token) => {
    const page = await call(action, stop, () =>
      client.send(new ListInstancesCommand({ NextToken: token }), { abortSignal: stop }),
    );
    return { items: page.Instances ?? [], next: page.NextToken || undefined };
  });
  for await (const page of pages)
    for (const { IdentityStoreId: id } of page) found.push(present(action, "IdentityStoreId", id));
  const [id, another] = found;
  if (id === undefined) throw new OpsError("missing", `${action}: no instance of IAM Identity Center in "${region}"`);
  if (another !== undefined)
    throw new OpsError("other", `${action}: ${found.length} instances in "${region}", identity_store must name one`);
  return id;
}

import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import pLimit from "p-limit";
import { OpsError } from "../core/errors.ts";
import type { TagFilter } from "../settings/aws-kinds.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { Calling } from "./call.ts";
import { findParent, listAccounts, listAccountTags, type OrganizationAccount } from "./read/organizations.ts";

export type OrganizationFilter = Pick<RunSettings, "includeOus" | "excludeOus" | "includeTags" | "excludeTags">;

/** Organizations allows few calls a second, and these come per account. */
const concurrency = 5;

/** All active accounts that pass the filters; units and tags are read only where a filter asks for them. */
export async function listFilteredAccounts(
  organizations: Calling<OrganizationsClient>,
  filter: OrganizationFilter,
): Promise<readonly OrganizationAccount[]> {
  const active: OrganizationAccount[] = [];
  for await (const page of listAccounts(organizations)) active.push(...page.filter((account) => account.active));
  const parentOf = rememberParents(organizations);
  const limit = pLimit(concurrency);
  const kept = await Promise.all(
    active.map((account) =>
      limit(async () => {
        const units = needsUnits(filter) ? await unitsAbove(account.id, parentOf) : [];
        const tags = needsTags(filter) ? await listAccountTags(organizations, account.id) : new Map<string, string>();
        return passes(filter, units, tags) ? [account] : [];
      }),
    ),
  );
  return kept.flat();
}

const needsUnits = ({ includeOus, excludeOus }: OrganizationFilter) => includeOus.length + excludeOus.length > 0;
const needsTags = ({ includeTags, excludeTags }: OrganizationFilter) => includeTags.length + excludeTags.length > 0;

export function passes(
  { includeOus, excludeOus, includeTags, excludeTags }: OrganizationFilter,
  units: readonly string[],
  tags: ReadonlyMap<string, string>,
): boolean {
  const isBelow = (ous: readonly string[]) => ous.some((ou) => units.includes(ou));
  const isTagged = (filters: readonly TagFilter[]) =>
    filters.some(({ key, value }) => (value === undefined ? tags.has(key) : tags.get(key) === value));
  if (isBelow(excludeOus) || isTagged(excludeTags)) return false;
  return (includeOus.length === 0 || isBelow(includeOus)) && (includeTags.length === 0 || isTagged(includeTags));
}

type ParentOf = (childId: string) => Promise<string | undefined>;

/** Accounts share the units above them, so each unit's parent is asked for once. */
function rememberParents(organizations: Calling<OrganizationsClient>): ParentOf {
  const parents = new Map<string, Promise<string | undefined>>();
  return (childId) => {
    const parent = parents.get(childId) ?? findParent(organizations, childId);
    parents.set(childId, parent);
    return parent;
  };
}

/** From the account up to the root. A chain that ends before it would let an account slip through a filter. */
async function unitsAbove(accountId: string, parentOf: ParentOf): Promise<readonly string[]> {
  const units: string[] = [];
  for (let child = accountId; !child.startsWith("r-"); ) {
    const parent = await parentOf(child);
    if (parent === undefined) throw new OpsError("other", `organizations:ListParents: "${child}" has no parent`);
    units.push(parent);
    child = parent;
  }
  return units;
}

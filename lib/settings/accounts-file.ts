import * as z from "zod/mini";
import { accountId, externalId, roleArn, roleName } from "./aws-kinds.ts";
import { structured, text } from "./kinds.ts";

interface ProfileEntry {
  readonly by: "profile";
  readonly name: string;
  readonly profile: string;
}

interface RoleEntry {
  readonly by: "role";
  readonly name: string;
  readonly roleArn: string;
  readonly externalId: string | undefined;
}

interface AccountIdEntry {
  readonly by: "account";
  readonly name: string;
  readonly accountId: string;
  /** Undefined: the role that the setting role_name names. */
  readonly roleName: string | undefined;
  readonly externalId: string | undefined;
}

/** One account to scan, and whose credentials read it. */
export type AccountEntry = ProfileEntry | RoleEntry | AccountIdEntry;

const name = z.exactOptional(text().schema);
const external_id = z.exactOptional(externalId().schema);

const profileEntry = z.pipe(
  z.strictObject({ profile: text().schema, name }),
  z.transform((entry): AccountEntry => ({ by: "profile", name: entry.name ?? entry.profile, profile: entry.profile })),
);

const roleEntry = z.pipe(
  z.strictObject({ role_arn: roleArn().schema, external_id, name }),
  z.transform(
    (entry): AccountEntry => ({
      by: "role",
      name: entry.name ?? entry.role_arn,
      roleArn: entry.role_arn,
      externalId: entry.external_id,
    }),
  ),
);

const accountEntry = z.pipe(
  z.strictObject({
    account_id: accountId().schema,
    role_name: z.exactOptional(roleName().schema),
    external_id,
    name,
  }),
  z.transform(
    (entry): AccountEntry => ({
      by: "account",
      name: entry.name ?? entry.account_id,
      accountId: entry.account_id,
      roleName: entry.role_name,
      externalId: entry.external_id,
    }),
  ),
);

const anyEntry = z.union([profileEntry, roleEntry, accountEntry], {
  error: "a map with profile, role_arn or account_id",
});

/** What the file that the setting accounts names holds. */
export const accountList = structured<readonly AccountEntry[]>(
  () => z.array(anyEntry, { error: "a list of accounts" }),
  "a list of accounts",
);

/** Entries that would print an earlier entry's series a second time. */
export function repeatedAccounts(entries: readonly AccountEntry[]): readonly number[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const marks = [`name ${entry.name}`, markOf(entry)];
    const isRepeated = marks.some((mark) => seen.has(mark));
    for (const mark of marks) seen.add(mark);
    return isRepeated ? [index] : [];
  });
}

function markOf(entry: AccountEntry): string {
  if (entry.by === "profile") return `profile ${entry.profile}`;
  return `account ${entry.by === "account" ? entry.accountId : entry.roleArn.split(":")[4]}`;
}

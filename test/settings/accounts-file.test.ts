import { test } from "tap";
import { type AccountEntry, accountList, repeatedAccounts } from "../../lib/settings/accounts-file.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";

const arn = "arn:aws:iam::123456789012:role/stalewatch";

const right = [
  {
    name: "a profile is its own name",
    entry: { profile: "prod" },
    want: { by: "profile", name: "prod", profile: "prod" },
  },
  {
    name: "a profile with a name",
    entry: { profile: "prod", name: "x" },
    want: { by: "profile", name: "x", profile: "prod" },
  },
  {
    name: "a role is its own name",
    entry: { role_arn: arn },
    want: { by: "role", name: arn, roleArn: arn, externalId: undefined },
  },
  {
    name: "a role with all that goes with it",
    entry: { role_arn: arn, external_id: "secret-1", name: "prod" },
    want: { by: "role", name: "prod", roleArn: arn, externalId: "secret-1" },
  },
  {
    name: "an account is its own name",
    entry: { account_id: "012345678901" },
    want: {
      by: "account",
      name: "012345678901",
      accountId: "012345678901",
      roleName: undefined,
      externalId: undefined,
    },
  },
  {
    name: "an account whose id YAML takes for a number",
    entry: { account_id: 123456789012, role_name: "ops", external_id: "secret-1", name: "prod" },
    want: { by: "account", name: "prod", accountId: "123456789012", roleName: "ops", externalId: "secret-1" },
  },
] as const;

for (const { name, entry, want } of right)
  test(name, async (t) => t.strictSame(parseValue(accountList, [entry]), { ok: true, value: [want] }));

test("an empty list names no account", async (t) => t.strictSame(parseValue(accountList, []), { ok: true, value: [] }));

const anyEntry = "a map with profile, role_arn or account_id";
const wrong = [
  { name: "no list", value: { profile: "prod" }, want: ["  not a list of accounts"] },
  { name: "nothing", value: null, want: ["  no value given, expected a list of accounts"] },
  { name: "a bare profile", value: ["prod"], want: [`0  "prod" is not ${anyEntry}`] },
  { name: "an entry that names nothing", value: [{ profile: "a" }, {}], want: [`1  not ${anyEntry}`] },
  {
    name: "a wrong ARN",
    value: [{ role_arn: "stalewatch" }],
    want: [`0.role_arn  "stalewatch" is not a role ARN such as ${arn}`],
  },
  {
    name: "a short account id",
    value: [{ account_id: 12, external_id: "x1" }],
    want: ['0.account_id  "12" is not an account id of 12 digits'],
  },
  { name: "a key of another shape", value: [{ profile: "a", role_name: "x" }], want: ["0.role_name  no such key"] },
  { name: "two shapes at once", value: [{ profile: "a", role_arn: arn }], want: [`0  not ${anyEntry}`] },
] as const;

for (const { name, value, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const parsed = parseValue(accountList, value);
    t.strictSame(
      parsed.ok
        ? []
        : parsed.wrong.map(({ path, says }) => `${path.map(String).join(".")}  ${says}`.replace(/^ +/, "  ")),
      want,
    );
  });
}

const role = (account: string, name?: string): AccountEntry => ({
  ...{ by: "role", name: name ?? account, roleArn: `arn:aws:iam::${account}:role/stalewatch`, externalId: undefined },
});
const byId = (accountId: string): AccountEntry => ({
  ...{ by: "account", name: `id ${accountId}`, accountId, roleName: undefined, externalId: undefined },
});
const profile = (profile: string, name = profile): AccountEntry => ({ by: "profile", name, profile });

const repeated = [
  { name: "accounts of their own", entries: [role("111122223333"), byId("444455556666"), profile("prod")], want: [] },
  { name: "an account by id and by role", entries: [role("111122223333"), byId("111122223333")], want: [1] },
  { name: "a profile twice", entries: [profile("prod"), profile("dev"), profile("prod", "again")], want: [2] },
  { name: "a name twice", entries: [role("111122223333", "prod"), profile("prod")], want: [1] },
];

for (const { name, entries, want } of repeated) {
  test(`${name} in one file`, async (t) => t.strictSame(repeatedAccounts(entries), want));
}

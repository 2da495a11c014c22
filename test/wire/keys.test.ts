import { after, end, test } from "tap";
import { days } from "../../lib/core/time.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { addUser } from "../../lib/demo/scenario/build.ts";
import { aKey, anAccount, anOrganization, aServiceCredential, aUser } from "../../lib/demo/scenario/builders.ts";
import type { KeySpec, UserSpec } from "../../lib/demo/scenario/specs.ts";
import { findAccount } from "../../lib/demo/state.ts";
import { pointsOf, runKeycheck } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

const accountId = "111122223333";

const legalNames = [
  "plain",
  "a,b=c+d.e@f-g_9",
  "=leads",
  ",comma",
  "name=x,status=ok",
  "trailing=",
  "@+.-_",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-",
  "x".repeat(128),
];

const idOf = (unlike: string, suffix = "3X7QZ"): string => `AKIA${unlike.padEnd(11, "A")}${suffix}`;

const oneKey = (name: string, key: Partial<KeySpec>, user: Partial<UserSpec> = {}): UserSpec =>
  aUser({ name, keys: [aKey(key)], ...user });

const users: readonly UserSpec[] = [
  ...legalNames.map((name) => oneKey(name, {})),
  oneKey("ok-to-the-last", { ageDays: 164.99 }),
  oneKey("expiring", { ageDays: 165 }),
  oneKey("expiring-to-the-last", { ageDays: 179.99 }),
  oneKey("expired", { ageDays: 180 }),
  oneKey("old-but-inactive", { ageDays: 900, status: "Inactive", usedDaysAgo: 800 }),
  oneKey("young-but-inactive", { ageDays: 9, status: "Inactive" }),
  oneKey("used", { ageDays: 100, usedDaysAgo: 44.9 }),
  oneKey("idle", { ageDays: 100, usedDaysAgo: 45 }),
  oneKey("never-used", { ageDays: 50 }),
  oneKey("leaked", { ageDays: 50 }, { policies: ["AWSCompromisedKeyQuarantine"] }),
  oneKey("leaked-2", {}, { policies: ["AWSCompromisedKeyQuarantineV2"] }),
  oneKey("leaked-3", { status: "Inactive" }, { policies: ["ReadOnlyAccess", "AWSCompromisedKeyQuarantineV3"] }),
  oneKey("recreated", { ageDays: 30, rotatedDaysAgo: 0.5, usedDaysAgo: 0.4 }),
  aUser({
    name: "twins",
    keys: [aKey({ id: idOf("YOUNG"), ageDays: 20 }), aKey({ id: idOf("OLD"), ageDays: 190 })],
  }),
  aUser({ name: "unlike", keys: [aKey({ ageDays: 21 }), aKey({ ageDays: 22 })] }),
  aUser({ name: "triplets", keys: [1, 2, 3].map((ageDays) => aKey({ ageDays })) }),
  aUser({ name: "keyless", serviceCredentials: [aServiceCredential(), aServiceCredential({ status: "Inactive" })] }),
];

const started = Date.now();
const aws = await startOfflineAws({
  now: () => started,
  scenario: anOrganization({
    accounts: [
      anAccount({ id: accountId, alias: "acme-prod", users, root: { keys: [aKey({ usedDaysAgo: 3 })] } }),
      anAccount({ id: "222233334444", users: [oneKey("ada", {})] }),
    ],
  }),
});
after(() => aws.close());
for (const account of aws.organization.accounts) storeReport(account, started);
const prod = findAccount(aws.organization, accountId);
prod?.users.remove("recreated");
if (prod !== undefined) addUser(prod, oneKey("recreated", { ageDays: 0.5 }, { ageDays: 1 }), started);

const today = await runKeycheck(aws);
const judgedLater = await runKeycheck(aws, { argv: ["--at", new Date(Date.now() + days(30)).toISOString()] });
const legacy = await runKeycheck(aws, { argv: ["--legacy-status"] });

const keysOf = (run: typeof today, name: string) => {
  const keys = pointsOf(run, "iam").filter(({ tags }) => tags.name === name);
  return keys.toSorted((a, b) => Number(a.fields.age) - Number(b.fields.age));
};

test("the scan is whole, and quiet", async (t) => {
  t.equal(today.exitCode, 0);
  t.strictSame(today.stderr, []);
  t.match(pointsOf(today, "stalewatch_run"), [
    { tags: { scope: "default", account: accountId }, fields: { ok: true, partial: false } },
  ]);
});

test("every legal name is printed as IAM has it", async (t) => {
  for (const name of legalNames) {
    const [point, ...others] = keysOf(today, name);
    t.same(others, [], name);
    t.strictSame(point?.tags, {
      ...{ name, accountAlias: "acme-prod", status: "ok" },
      key: prod?.users.find(name)?.keys[0]?.id.slice(-5),
    });
  }
});

test("of a key's id only the last five characters are printed", async (t) => {
  t.notMatch(today.stdout, /AKIA/);
});

const judged: readonly { name: string; user: string; want: object }[] = [
  {
    name: "a key short of warn_before is ok",
    user: "ok-to-the-last",
    want: { status: "ok", age: 164, expires_in_days: 15, active: true, status_code: 0 },
  },
  {
    name: "a key within warn_before is expiring",
    user: "expiring",
    want: { status: "expiring", age: 165, expires_in_days: 14, status_code: 1 },
  },
  {
    name: "a key short of expire_age is still expiring",
    user: "expiring-to-the-last",
    want: { status: "expiring", age: 179, expires_in_days: 0, status_code: 1 },
  },
  {
    name: "a key at expire_age is expired",
    user: "expired",
    want: { status: "expired", age: 180, expires_in_days: -1, status_code: 2 },
  },
  {
    name: "an old Inactive key is disabled and expires no more",
    user: "old-but-inactive",
    want: { status: "disabled", age: 900, active: false, expires_in_days: undefined, status_code: 3 },
  },
  {
    name: "a young Inactive key is disabled, too",
    user: "young-but-inactive",
    want: { status: "disabled", active: false, status_code: 3 },
  },
  {
    name: "a key used within unused_age is in use",
    user: "used",
    want: { last_used_days: 44, unused: false },
  },
  { name: "a key idle for unused_age is unused", user: "idle", want: { last_used_days: 45, unused: true } },
  {
    name: "a key never used is unused once it is that old",
    user: "never-used",
    want: { last_used_days: undefined, unused: true },
  },
  { name: "quarantine shows, in its first version", user: "leaked", want: { quarantined: true, status: "ok" } },
  { name: "quarantine shows, in its second version", user: "leaked-2", want: { quarantined: true } },
  { name: "quarantine shows, in its third version", user: "leaked-3", want: { quarantined: true, active: false } },
  { name: "who is under no quarantine says so", user: "expired", want: { quarantined: false } },
  {
    name: "the report's use of a name's former user is not its new one's",
    user: "recreated",
    want: { age: 0, last_used_days: undefined, unused: undefined },
  },
];

for (const { name, user, want } of judged) {
  test(name, async (t) => {
    const [point] = keysOf(today, user);
    t.match({ ...point?.tags, ...point?.fields }, want);
  });
}

test("two keys with equal last five are told apart by their slot, the older first", async (t) => {
  t.match(
    keysOf(today, "twins").map(({ tags, fields }) => [tags.key, tags.key_slot, fields.age]),
    [
      ["3X7QZ", "2", 20],
      ["3X7QZ", "1", 190],
    ],
  );
  t.match(
    keysOf(today, "unlike").map(({ tags }) => tags.key_slot),
    [undefined, undefined],
  );
});

test("a third key is found", async (t) => {
  t.strictSame(
    keysOf(today, "triplets").map(({ fields }) => fields.age),
    [1, 2, 3],
  );
});

test("the root user's key comes from the report, undated", async (t) => {
  t.match(pointsOf(today, "iam_report"), [
    {
      tags: { name: "<root_account>", key_slot: "1", accountAlias: "acme-prod" },
      fields: { active: true, last_used_days: 3, age_source: "report" },
    },
  ]);
});

test("the account in numbers", async (t) => {
  const [account, ...others] = pointsOf(today, "keycheck_account");
  t.same(others, []);
  t.strictSame(account?.tags, { account: accountId, accountAlias: "acme-prod" });
  const printed = pointsOf(today, "iam");
  const withStatus = (status: string) => printed.filter((point) => point.tags.status === status).length;
  t.match(account?.fields, {
    ...{ users: users.length, users_with_keys: users.length - 1, keys: printed.length },
    ...{ active: printed.length - 3, inactive: 3, ok: withStatus("ok"), expiring: 2, expired: 2 },
    unused: printed.filter((point) => point.fields.active && point.fields.unused === true).length,
    ...{ quarantined: 2, two_active: 3, over_two_keys: 1, oldest_age_days: 190 },
    ...{ root_keys: 1, service_credentials: 2 },
    compliance_ratio: (printed.length - 5) / (printed.length - 3),
  });
  const reportAge = Number(account?.fields.report_age_s);
  t.ok(reportAge >= 0 && reportAge < 60, `report_age_s ${reportAge}`);
});

test("age is a float and the added numbers are integers, as stores have frozen them", async (t) => {
  t.match(
    today.stdout,
    /^iam,accountAlias=acme-prod,key=\w{5},name=expired,status=expired age=180,expires_in_days=-1i,active=true,unused=true,quarantined=false,exempt=false,status_code=2i$/m,
  );
});

test("--at judges as of that day, and its points carry its time", async (t) => {
  const [key] = keysOf(judgedLater, "ok-to-the-last");
  t.match({ ...key?.tags, ...key?.fields }, { status: "expired", age: 194, unused: true });
  const [idle] = keysOf(judgedLater, "used");
  t.match(idle?.fields, { last_used_days: 74, unused: true });
  const points = pointsOf(judgedLater);
  const later = points.filter(({ time }) => Math.abs((time ?? 0) - (Date.now() + days(30))) < 60_000);
  t.strictSame([...new Set(later.map(({ measurement }) => measurement))], ["iam", "iam_report", "keycheck_account"]);
  const [day, ...others] = new Set(later.map(({ tags }) => tags.as_of));
  t.match(day, /^\d{4}-\d\d-\d\d$/, "a forecast is a series of its own");
  t.same(others, []);
  t.match(
    points.filter((point) => !later.includes(point)),
    [{ measurement: "stalewatch_run", time: undefined }],
  );
});

test("points of now carry no time: Telegraf gives them its own", async (t) => {
  t.strictSame([...new Set(pointsOf(today).map(({ time }) => time))], [undefined]);
});

test("legacy_status says disabled for expired, and an Inactive key's age alone", async (t) => {
  const statuses = (user: string) => keysOf(legacy, user).map(({ tags }) => tags.status);
  t.strictSame(statuses("expired"), ["disabled"]);
  t.strictSame(statuses("expiring"), ["expiring"]);
  t.strictSame(statuses("young-but-inactive"), ["ok"]);
});

const aliases: readonly { name: string; argv: readonly string[]; identity?: string; want: string }[] = [
  { name: "the account's alias where no profile was given", argv: [], want: "acme-prod" },
  { name: "the account's id where it has no alias", argv: [], identity: "222233334444", want: "222233334444" },
  { name: "the profile where one was given", argv: ["acme-prod"], want: "acme-prod" },
  { name: "the profile where one was given, though it is no alias", argv: ["222233334444"], want: "222233334444" },
  { name: "the alias on request", argv: ["acme-prod-stalewatch", "--account-tag", "alias"], want: "acme-prod" },
  { name: "the id on request", argv: ["acme-prod", "--account-tag", "id"], want: accountId },
  { name: "a role's profile", argv: ["acme-prod-stalewatch"], want: "acme-prod-stalewatch" },
  { name: "without a profile the id where the profile is asked for", argv: ["--account-tag=profile"], want: accountId },
];

test("accountAlias is", async (t) => {
  const AWS_CONFIG_FILE = `${t.testdir({ config: aws.configFile() })}/config`;
  for (const { name, argv, identity, want } of aliases) {
    const run = await runKeycheck(aws, {
      argv: [...argv, "--from-report"],
      ...(identity !== undefined && { identity }),
      environment: { AWS_CONFIG_FILE },
    });
    t.strictSame([...new Set(pointsOf(run, "iam_report").map(({ tags }) => tags.accountAlias))], [want], name);
  }
});

end();

import { after, end, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aRole, aUser } from "../../lib/demo/scenario/builders.ts";
import { type Launch, pointsOf, type Run, runKeycheck, statusOf } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

const units = {
  workloads: "ou-demo-workload",
  nested: "ou-demo-nested00",
  sandbox: "ou-demo-sandbox0",
};

const ids = {
  management: "100000000001",
  prod: "100000000002",
  nested: "100000000003",
  sandbox: "100000000004",
  partner: "100000000005",
  suspended: "100000000006",
  closing: "100000000007",
};

const accountOf = (id: string, said: Parameters<typeof anAccount>[0]) =>
  anAccount({ id, users: [aUser({ name: `user-of-${id}`, keys: [aKey()] })], ...said });

const accounts = [
  accountOf(ids.management, { alias: "management" }),
  accountOf(ids.prod, { alias: "prod", parentId: units.workloads, tags: { env: "prod", owner: "ada" } }),
  accountOf(ids.nested, { alias: "nested", parentId: units.nested, tags: { env: "dev" } }),
  accountOf(ids.sandbox, { alias: "sandbox", parentId: units.sandbox, tags: { env: "dev", frozen: "" } }),
  accountOf(ids.partner, {
    alias: "partner",
    roles: [aRole({ name: "stalewatch" }), aRole({ name: "audit", path: "/ops/", externalId: "acme-1" })],
  }),
  accountOf(ids.suspended, { state: "SUSPENDED" }),
  accountOf(ids.closing, { state: "PENDING_CLOSURE" }),
];
const active = Object.entries(ids)
  .filter(([name]) => !["suspended", "closing"].includes(name))
  .map(([, id]) => id);
const everyIdBut = (...without: readonly string[]) => active.filter((id) => !without.includes(id));

const scenario = anOrganization({
  accounts,
  units: [
    { id: units.workloads, name: "Workloads" },
    { id: units.nested, name: "Nested", parentId: units.workloads },
    { id: units.sandbox, name: "Sandbox" },
  ],
  delegatedAdministrators: [ids.sandbox],
});
const aws = await startOfflineAws({ scenario });
const government = await startOfflineAws({ scenario: { ...scenario, partition: "aws-us-gov" } });
after(() => Promise.all([aws.close(), government.close()]));
for (const account of [...aws.organization.accounts, ...government.organization.accounts])
  storeReport(account, Date.now());

const arnOf = (id: string, role = "stalewatch") => `arn:aws:iam::${id}:role/${role}`;

/** The accounts whose keys were printed, each of which has one user. */
const scanned = (run: Run) => pointsOf(run, "iam").map(({ tags }) => tags.name?.replace("user-of-", ""));
const scopes = (run: Run) => pointsOf(run, "stalewatch_run").map(({ tags }) => tags.scope);

test("several profiles are scanned each for itself, though one fails", async (t) => {
  const AWS_CONFIG_FILE = `${t.testdir({ config: aws.configFile() })}/config`;
  aws.organization.denials.push({ action: "iam:ListUsers", account: ids.nested });
  const argv = ["prod", "nested", "no-such-profile", "partner-audit", "prod"];
  const run = await runKeycheck(aws, { argv, environment: { AWS_CONFIG_FILE } });
  aws.organization.denials.pop();
  t.equal(run.exitCode, 0);
  t.strictSame(scanned(run).toSorted(), [ids.prod, ids.partner]);
  t.strictSame(scopes(run).toSorted(), ["nested", "no-such-profile", "partner-audit", "prod"]);
  t.match(statusOf(run, "prod"), { account: ids.prod, ok: true, partial: false });
  t.match(statusOf(run, "partner-audit"), { account: ids.partner, ok: true, partial: false });
  t.match(statusOf(run, "nested"), { account: ids.nested, ok: false, last_error: /^iam:ListUsers: / });
  t.match(statusOf(run, "no-such-profile"), { account: undefined, ok: false });
  t.strictSame(run.stderr.map((line) => line.split(": ", 3)[1]).toSorted(), ["nested", "no-such-profile"]);
  t.strictSame(
    pointsOf(run, "iam")
      .map(({ tags }) => tags.accountAlias)
      .toSorted(),
    ["partner-audit", "prod"],
  );
  t.equal(run.calls["sts:AssumeRole"], 1, "one session serves all calls of a profile's role");
});

test("where all scopes fail the run fails", async (t) => {
  const run = await runKeycheck(aws, { argv: ["nobody", "nothing"] });
  t.equal(run.exitCode, 1);
  t.strictSame(scopes(run).toSorted(), ["nobody", "nothing"]);
});

test("roles are assumed with their external id, by the profile's credentials", async (t) => {
  const AWS_CONFIG_FILE = `${t.testdir({ config: aws.configFile() })}/config`;
  const roleArns = [arnOf(ids.partner, "ops/audit"), arnOf(ids.prod)];
  const environment = { AWS_CONFIG_FILE, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const argv = ["management", "--role-arns", roleArns.join(","), "--external-id", "acme-1"];
  const run = await runKeycheck(aws, { argv, environment });
  t.equal(run.exitCode, 0);
  t.strictSame(scanned(run).toSorted(), [ids.prod, ids.partner]);
  t.strictSame(scopes(run).toSorted(), roleArns.toSorted());
  t.match(statusOf(run, arnOf(ids.prod)), { account: ids.prod, ok: true, partial: false, api_calls: 10 });
  t.match({ ...run.calls }, { "sts:AssumeRole": 2, "sts:GetCallerIdentity": 3 });
});

test("a wrong external id fails that role alone", async (t) => {
  const roleArns = [arnOf(ids.partner, "ops/audit"), arnOf(ids.prod)];
  const run = await runKeycheck(aws, { argv: ["--role-arns", roleArns.join(","), "--external-id", "acme-2"] });
  t.equal(run.exitCode, 0);
  t.strictSame(scanned(run), [ids.prod]);
  t.match(statusOf(run, arnOf(ids.partner, "ops/audit")), {
    ...{ ok: false, account: ids.partner },
    last_error: /sts:AssumeRole of "arn:aws:iam::100000000005:role\/ops\/audit": User: \S+ is not authorized/,
  });
});

test("an accounts file names accounts in all three forms", async (t) => {
  const directory = t.testdir({
    config: aws.configFile(),
    "accounts.yaml": `# ours
- profile: sandbox
- role_arn: ${arnOf(ids.partner, "ops/audit")}
  external_id: acme-1
  name: our partner
- account_id: "${ids.prod}"
- account_id: ${ids.nested}
  role_name: missing
`,
  });
  const run = await runKeycheck(aws, {
    argv: ["--accounts", "accounts.yaml"],
    environment: { AWS_CONFIG_FILE: "config" },
    directory,
  });
  t.equal(run.exitCode, 0);
  t.strictSame(scanned(run).toSorted(), [ids.prod, ids.sandbox, ids.partner]);
  t.strictSame(scopes(run).toSorted(), [ids.prod, ids.nested, "our partner", "sandbox"]);
  t.match(statusOf(run, ids.nested), { ok: false, last_error: /sts:AssumeRole of "\S+:role\/missing"/ });
});

test("an organization's active accounts are scanned, each by its role and the own one without", async (t) => {
  const run = await runKeycheck(aws, { argv: ["--organization"] });
  t.equal(run.exitCode, 0);
  t.strictSame(run.stderr, []);
  t.strictSame(scanned(run).toSorted(), active);
  t.strictSame(scopes(run).toSorted(), [...everyIdBut(ids.management), "default", "organization"]);
  t.match(statusOf(run, "organization"), { ok: true, items: active.length, account: undefined });
  t.match(run.calls, { "sts:AssumeRole": 4, "sts:GetCallerIdentity": 5, "organizations:ListAccounts": 1 });
  t.notOk(Object.keys(run.calls).some((action) => /ListParents|ListTags/.test(action)));
});

test("a delegated administrator may list the organization", async (t) => {
  const run = await runKeycheck(aws, { argv: ["--organization"], identity: ids.sandbox });
  t.equal(run.exitCode, 0);
  t.strictSame(scanned(run).toSorted(), active);
});

test("a member that may not list the organization fails whole", async (t) => {
  const run = await runKeycheck(aws, { argv: ["--organization"], identity: ids.prod });
  t.equal(run.exitCode, 1);
  t.match(statusOf(run, "organization"), { ok: false, last_error: /^organizations:ListAccounts: You don't have perm/ });
  t.match(run.stderr, {
    length: 1,
    0: /^E! keycheck: organization: organizations:ListAccounts: You don't have permissions/,
  });
});

test("an account without the role fails alone", async (t) => {
  const run = await runKeycheck(aws, { argv: ["--organization", "--role-name", "ops/audit", "--external-id=acme-1"] });
  t.equal(run.exitCode, 0);
  t.strictSame(scanned(run).toSorted(), [ids.management, ids.partner]);
  t.equal(run.stderr.length, 3);
});

test("another partition's roles have its name in their ARN", async (t) => {
  const run = await runKeycheck(government, { argv: ["--organization"] });
  t.strictSame(run.stderr, []);
  t.strictSame(scanned(run).toSorted(), active);
});

const stateFields = [
  { name: "the newer field alone", fields: ["State"] },
  { name: "the older field alone", fields: ["Status"] },
] as const;

for (const { name, fields } of stateFields) {
  test(`suspended accounts are left out by ${name}`, async (t) => {
    aws.organization.accountStateFields = fields;
    const run = await runKeycheck(aws, { argv: ["--organization"] });
    t.strictSame(scanned(run).toSorted(), active);
  });
}

test("accounts whose state is not told are not scanned", async (t) => {
  aws.organization.accountStateFields = [];
  const run = await runKeycheck(aws, { argv: ["--organization"] });
  aws.organization.accountStateFields = ["State", "Status"];
  t.equal(run.exitCode, 1);
  t.same(scanned(run), []);
  t.match(statusOf(run, "organization"), { ok: false, last_error: /comes without id or state$/ });
});

const selections: readonly { name: string; argv: readonly string[]; want: readonly string[] }[] = [
  { name: "below a unit, at any depth", argv: ["--include-ous", units.workloads], want: [ids.prod, ids.nested] },
  { name: "below the root", argv: ["--include-ous", "r-demo"], want: active },
  {
    name: "outside a unit",
    argv: ["--exclude-ous", units.workloads],
    want: [ids.management, ids.sandbox, ids.partner],
  },
  {
    name: "in a unit but not in the one below",
    argv: ["--include-ous", units.workloads, "--exclude-ous", units.nested],
    want: [ids.prod],
  },
  { name: "with a tag's value", argv: ["--include-tags", "env=dev"], want: [ids.nested, ids.sandbox] },
  { name: "with a tag whatever its value", argv: ["--include-tags", "frozen,owner"], want: [ids.prod, ids.sandbox] },
  { name: "without a tag", argv: ["--exclude-tags", "frozen"], want: everyIdBut(ids.sandbox) },
  { name: "named", argv: ["--include-accounts", `${ids.prod},${ids.suspended}`], want: [ids.prod] },
  { name: "not named", argv: ["--exclude-accounts", `${ids.management},${ids.prod}`], want: active.slice(2) },
  {
    name: "by all of these together",
    argv: ["--include-ous=r-demo", "--include-tags=env", "--exclude-accounts", ids.prod, "--exclude-tags=frozen"],
    want: [ids.nested],
  },
];

for (const { name, argv, want } of selections) {
  test(`of an organization, accounts ${name}`, async (t) => {
    const run = await runKeycheck(aws, { argv: ["--organization", "--from-report", ...argv] });
    t.equal(run.exitCode, 0);
    const printed = pointsOf(run, "keycheck_account").map(({ tags }) => tags.account);
    t.strictSame(printed.toSorted(), want);
  });
}

test("units above accounts are asked for once, however many accounts share them", async (t) => {
  const { calls } = await runKeycheck(aws, { argv: ["--organization", "--from-report", "--include-ous=r-demo"] });
  t.equal(calls["organizations:ListParents"], active.length + Object.keys(units).length);
});

test("profiles of accounts that are left out are not scanned, and not told of", async (t) => {
  const AWS_CONFIG_FILE = `${t.testdir({ config: aws.configFile() })}/config`;
  const argv = ["prod", "sandbox", "--exclude-accounts", ids.sandbox];
  const run = await runKeycheck(aws, { argv, environment: { AWS_CONFIG_FILE } });
  t.strictSame(scopes(run), ["prod"]);
  t.strictSame(run.stderr, []);
});

test("settings that leave no account are told", async (t) => {
  const run = await runKeycheck(aws, { argv: ["--organization", "--include-accounts", ids.suspended] });
  t.equal(run.exitCode, 0);
  t.strictSame(run.stderr, ["W! keycheck: the settings leave no account to scan"]);
  t.strictSame(scopes(run), ["organization"]);
});

const sharded: readonly { name: string; count: number; launch: (index: number) => Launch }[] = [
  { name: "shards", count: 3, launch: (index) => ({ argv: [`--shard=${index}/3`] }) },
  {
    name: "a Kubernetes Indexed Job's pods",
    count: 3,
    launch: (index) => ({ argv: ["--shards", "3"], environment: { JOB_COMPLETION_INDEX: `${index}` } }),
  },
  { name: "more shards than accounts", count: 8, launch: (index) => ({ argv: [`--shard=${index}/8`] }) },
];

for (const { name, count, launch } of sharded) {
  test(`${name} share the accounts out, each to one of them, and none fails for having none`, async (t) => {
    const taken: (string | undefined)[] = [];
    for (let index = 0; index < count; index += 1) {
      const { argv = [], ...others } = launch(index);
      const run = await runKeycheck(aws, { ...others, argv: ["--organization", "--from-report", ...argv] });
      t.equal(run.exitCode, 0, `shard ${index}`);
      taken.push(...pointsOf(run, "keycheck_account").map(({ tags }) => tags.account));
    }
    t.strictSame(taken.toSorted(), active);
  });
}

end();

import { after, end, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../lib/demo/scenario/large-account.ts";
import { pointsOf, runKeycheck, statusOf } from "../support/run-executable.ts";

const onePageMore = aLargeAccount({ users: 1001, keysPerUser: 1 });
const many = aLargeAccount({ users: 5000, keysPerUser: 1 });

/** By this seed ListUsers comes in pages of 457, 535, 6, 0, 0 and 3, and no user's keys are split. */
const shortPages = 11;

const aws = await startOfflineAws({ scenario: anOrganization({ accounts: [onePageMore] }) });
const larger = await startOfflineAws({ scenario: anOrganization({ accounts: [many] }) });
const sparing = await startOfflineAws({ scenario: anOrganization({ accounts: [onePageMore] }), shortPages });
after(() => Promise.all([aws, larger, sparing].map((one) => one.close())));

const accountCalls = {
  "sts:GetCallerIdentity": 1,
  "iam:ListAccountAliases": 1,
  "iam:GenerateCredentialReport": 1,
  // Before one is made, while it is made, and when it is there.
  "iam:GetCredentialReport": 3,
  "iam:ListEntitiesForPolicy": 3,
  "iam:ListServiceSpecificCredentials": 1,
};

const complete = [
  { name: "1,001 users in two pages", of: aws, users: onePageMore.users, pages: 2 },
  { name: "5,000 users in five pages", of: larger, users: many.users, pages: 5 },
  { name: "1,001 users in short and empty pages", of: sparing, users: onePageMore.users, pages: 6 },
];

for (const { name, of, users, pages } of complete) {
  test(`${name} are read whole, by one call for each user and page`, async (t) => {
    const run = await runKeycheck(of);
    t.equal(run.exitCode, 0);
    t.strictSame(run.stderr, []);
    const printed = pointsOf(run, "iam").map(({ tags }) => tags.name);
    t.strictSame(printed.toSorted(), users.map((user) => user.name).toSorted());
    t.match(statusOf(run), { ok: true, partial: false, items: users.length, points: users.length + 1, retries: 0 });
    t.strictSame(run.calls, { ...accountCalls, "iam:ListUsers": pages, "iam:ListAccessKeys": users.length });
  });
}

test("one user asks for no more than a handful", async (t) => {
  const small = await startOfflineAws({
    scenario: anOrganization({ accounts: [aLargeAccount({ users: 1, keysPerUser: 2 })] }),
  });
  t.after(() => small.close());
  const run = await runKeycheck(small);
  t.strictSame(run.calls, { ...accountCalls, "iam:ListUsers": 1, "iam:ListAccessKeys": 1 });
});

test("an account without users is whole", async (t) => {
  const empty = await startOfflineAws({
    scenario: anOrganization({ accounts: [aLargeAccount({ users: 0, keysPerUser: 0 })] }),
  });
  t.after(() => empty.close());
  const run = await runKeycheck(empty);
  t.equal(run.exitCode, 0);
  t.match(pointsOf(run, "keycheck_account"), [{ fields: { users: 0, keys: 0, compliance_ratio: 1 } }]);
  t.match(statusOf(run), { ok: true, partial: false, items: 0 });
});

const fromReport = [
  { name: "without a profile", argv: ["--from-report"], iamCalls: 3 },
  { name: "with a profile", argv: ["large-5000", "--from-report"], iamCalls: 2 },
];

for (const { name, argv, iamCalls } of fromReport) {
  test(`the report alone takes at most four IAM calls for 5,000 users, ${name}`, async (t) => {
    const AWS_CONFIG_FILE = `${t.testdir({ config: larger.configFile() })}/config`;
    const run = await runKeycheck(larger, { argv, environment: { AWS_CONFIG_FILE } });
    t.equal(run.exitCode, 0);
    const { "sts:GetCallerIdentity": identity, ...iam } = run.calls;
    t.equal(identity, 1);
    t.ok(sum(iam) <= 4 && sum(iam) === iamCalls, JSON.stringify(iam));
    const measurements = new Set(pointsOf(run).map(({ measurement }) => measurement));
    t.strictSame([...measurements], ["iam_report", "keycheck_account", "stalewatch_run"]);
    const printed = pointsOf(run, "iam_report").map(({ tags }) => tags.name);
    t.strictSame(printed.toSorted(), many.users.map((user) => user.name).toSorted());
  });
}

test("the report alone takes at most four IAM calls when it must first be made", async (t) => {
  for (const account of larger.organization.accounts) account.storedReport = undefined;
  const { calls } = await runKeycheck(larger, { argv: ["--from-report", "--report-wait", "5s"] });
  t.strictSame(calls, {
    "sts:GetCallerIdentity": 1,
    "iam:ListAccountAliases": 1,
    "iam:GenerateCredentialReport": 1,
    "iam:GetCredentialReport": 2,
  });
});

test("a listing whose second page fails is partial, with the first page's keys", async (t) => {
  aws.organization.denials.push({ action: "iam:ListUsers", after: 1 });
  t.after(() => aws.organization.denials.pop());
  const run = await runKeycheck(aws);
  t.equal(run.exitCode, 0);
  t.equal(pointsOf(run, "iam").length, 1000);
  const cause = /^users after the first 1000: iam:ListUsers: User: \S+ is not authorized/;
  t.match(statusOf(run), { ok: true, partial: true, last_error: cause });
  t.match(run.stderr, [/^W! keycheck: default: partial: users after the first 1000: /]);
});

const sum = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((total, count) => total + count, 0);

end();

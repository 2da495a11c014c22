import pLimit from "p-limit";
import { after, end, test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { type CallRule, type Fault, vanishedUser } from "../../lib/demo/call-rules.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aServiceCredential, aUser } from "../../lib/demo/scenario/builders.ts";
import { awsLikeLimits } from "../../lib/demo/throttle.ts";
import { pointsOf, runKeycheck, statusOf } from "../support/run-executable.ts";
import { openBlackHole } from "./black-hole.ts";
import { storeReport } from "./stored-report.ts";

interface Case {
  readonly name: string;
  readonly faults?: readonly Fault[];
  readonly denials?: readonly CallRule[];
  readonly argv?: readonly string[];
  readonly want: {
    readonly exitCode?: 1;
    /** Whose keys are printed; all three if absent. */
    readonly printed?: readonly string[];
    /** Of the status point. */
    readonly status: object;
    readonly key?: object;
    readonly account?: object;
  };
}

const everybody = ["ada", "bob", "eve"];
const keysOf = (userName: string): CallRule => ({ action: "iam:ListAccessKeys", userName });
const broken = { kind: "error", code: "ServiceFailure", status: 500, message: "try again" } as const;
const notThere = { kind: "error", code: "PageNotFound", status: 404, message: "no such page" } as const;
const isWhole = { ok: true, partial: false, last_error: undefined };
const lacks = (cause: RegExp) => ({ ok: true, partial: true, last_error: cause });
const failed = (cause: RegExp) => ({ ok: false, partial: true, points: 0, items: 0, last_error: cause });

const cases: readonly Case[] = [
  {
    name: "a call that hangs is sent again",
    faults: [{ ...keysOf("ada"), kind: "hang", times: 1 }],
    want: { status: { ...isWhole, retries: 1 } },
  },
  {
    name: "torn answers are asked for again",
    faults: [
      { ...keysOf("ada"), kind: "torn", times: 3 },
      { action: "iam:ListUsers", kind: "torn", times: 2 },
    ],
    want: { status: { ...isWhole, retries: 5 } },
  },
  {
    name: "calls that fail within AWS are sent again",
    faults: [
      { ...keysOf("bob"), ...broken, times: 2 },
      { action: "iam:ListEntitiesForPolicy", ...broken, times: 1 },
    ],
    want: { status: { ...isWhole, retries: 3 } },
  },
  {
    name: "a slow answer is waited for",
    faults: [{ ...keysOf("ada"), kind: "slow", ms: 1200 }],
    want: { status: isWhole },
  },
  {
    name: "keys that never come are missing at the deadline",
    faults: [{ ...keysOf("ada"), kind: "hang" }],
    argv: ["--deadline", "2s"],
    want: {
      printed: ["bob", "eve"],
      status: lacks(/^access keys of user "ada": iam:ListAccessKeys: stopped by the deadline of 2 s$/),
    },
  },
  {
    name: "keys torn every time are missing at the deadline",
    faults: [{ ...keysOf("eve"), kind: "torn" }],
    argv: ["--deadline", "2s"],
    want: { printed: ["ada", "bob"], status: lacks(/^access keys of user "eve": .* stopped by the deadline of 2 s$/) },
  },
  {
    name: "a proxy's page in place of a user's keys is no empty list",
    faults: [{ ...keysOf("bob"), kind: "garbage" }],
    want: {
      printed: ["ada", "eve"],
      status: lacks(
        /^access keys of user "bob": iam:ListAccessKeys: HTTP 200 of type "text\/html" is no answer of AWS/,
      ),
      account: { users: 2 },
    },
  },
  {
    name: "a page of not found in place of a user's keys is no vanished user",
    faults: [{ ...keysOf("bob"), ...notThere }],
    want: { printed: ["ada", "eve"], status: lacks(/^access keys of user "bob": iam:ListAccessKeys: no such page$/) },
  },
  {
    name: "a page of not found in place of the quarantine is no all-clear",
    faults: [{ action: "iam:ListEntitiesForPolicy", ...notThere }],
    want: {
      status: lacks(/^users under quarantine: iam:ListEntitiesForPolicy: no such page$/),
      key: { quarantined: undefined },
    },
  },
  {
    name: "a user that vanishes during the scan is skipped, and the scan is whole",
    faults: [vanishedUser("bob")],
    want: { printed: ["ada", "eve"], status: isWhole, account: { users: 2, keys: 2 } },
  },
  {
    name: "where all vanish there are no keys, and the scan is whole",
    faults: everybody.map(vanishedUser),
    want: { printed: [], status: { ...isWhole, items: 0 }, account: { users: 0, keys: 0 } },
  },
  {
    name: "a listing of users that never comes fails whole at the deadline",
    faults: [{ action: "iam:ListUsers", kind: "hang" }],
    argv: ["--deadline", "1s"],
    want: { exitCode: 1, printed: [], status: failed(/^iam:ListUsers: stopped by the deadline of 1 s$/) },
  },
  {
    name: "a proxy's page in place of the users fails whole",
    faults: [{ action: "iam:ListUsers", kind: "garbage" }],
    want: { exitCode: 1, printed: [], status: failed(/^iam:ListUsers: HTTP 200 of type "text\/html" is no answer/) },
  },
  {
    name: "denied one user's keys, the others are printed",
    denials: [keysOf("ada")],
    want: {
      printed: ["bob", "eve"],
      status: lacks(/^access keys of user "ada": iam:ListAccessKeys: User: \S+ is not authorized .* user ada because/),
      account: { partial: true, users: 2, users_with_keys: 2, compliance_ratio: undefined, oldest_age_days: undefined },
    },
  },
  {
    name: "denied several users' keys, the first is named and the others are counted",
    denials: [keysOf("ada"), keysOf("eve")],
    want: { printed: ["bob"], status: lacks(/^access keys of user "ada": .* \(and 1 more\)$/) },
  },
  {
    name: "denied all users' keys, the scan fails whole",
    denials: [keysOf("*")],
    want: { exitCode: 1, printed: [], status: failed(/^iam:ListAccessKeys: User: \S+ is not authorized/) },
  },
  {
    name: "denied the listing of users, the scan fails whole",
    denials: [{ action: "iam:ListUsers" }],
    want: { exitCode: 1, printed: [], status: failed(/^iam:ListUsers: User: \S+ is not authorized/) },
  },
  {
    name: "denied the quarantine, keys do not say that there is none",
    denials: [{ action: "iam:ListEntitiesForPolicy" }],
    want: {
      status: lacks(/^users under quarantine: iam:ListEntitiesForPolicy: User: \S+ is not authorized/),
      key: { quarantined: undefined },
    },
  },
  {
    name: "denied service-specific credentials, the account does not count them",
    denials: [{ action: "iam:ListServiceSpecificCredentials" }],
    want: {
      status: lacks(/^service-specific credentials: iam:ListServiceSpecificCredentials: User: \S+ is not authorized/),
      key: { quarantined: false },
      account: { partial: false, service_credentials: undefined, root_keys: 0, compliance_ratio: 1 },
    },
  },
  {
    name: "denied all that concerns the account, keys are printed",
    denials: [
      { action: "iam:GenerateCredentialReport" },
      { action: "iam:GetCredentialReport" },
      { action: "iam:ListEntitiesForPolicy" },
      { action: "iam:ListServiceSpecificCredentials" },
    ],
    want: { status: lacks(/ \(and 2 more\)$/), key: { quarantined: undefined, unused: undefined } },
  },
  {
    name: "denied the alias, the account's id stands in",
    denials: [{ action: "iam:ListAccountAliases" }],
    want: { status: lacks(/^account alias: iam:ListAccountAliases: User: \S+ is not authorized/) },
  },
];

const idOf = (index: number): string => String(100000000000 + index);
const users = everybody.map((name) => aUser({ name, keys: [aKey()], serviceCredentials: [aServiceCredential()] }));
const aws = await startOfflineAws({
  scenario: anOrganization({
    accounts: cases.map((_case, index) => anAccount({ id: idOf(index), users })),
    denials: cases.flatMap(({ denials = [] }, index) => denials.map((rule) => ({ ...rule, account: idOf(index) }))),
    faults: cases.flatMap(({ faults = [] }, index) => faults.map((rule) => ({ ...rule, account: idOf(index) }))),
  }),
});
const throttledUsers = Array.from({ length: 300 }, (_, index) => aUser({ name: `u${index}`, keys: [aKey()] }));
const throttling = await startOfflineAws({
  scenario: anOrganization({ accounts: [anAccount({ users: throttledUsers })] }),
  // Against so narrow a limit standard retries lose a quarter of the users: their quota runs dry.
  limits: { ...awsLikeLimits, "iam:ListAccessKeys": { capacity: 5, refillPerSecond: 20 } },
});
after(() => Promise.all([aws.close(), throttling.close()]));
for (const account of [...aws.organization.accounts, ...throttling.organization.accounts])
  storeReport(account, Date.now());

const blackHole = await openBlackHole();
after(() => blackHole.close());
const throttled = runKeycheck(throttling);
const swallowed = runKeycheck(aws, { environment: { AWS_ENDPOINT_URL: blackHole.url } });
const limit = pLimit(3);
const runs = cases.map(({ argv = [] }, index) => limit(() => runKeycheck(aws, { argv, identity: idOf(index) })));

for (const [index, { name, want }] of cases.entries()) {
  test(name, async (t) => {
    const { exitCode = 0, printed = everybody, status } = want;
    const run = await runs[index];
    if (run === undefined) return t.fail("not run");
    t.equal(run.exitCode, exitCode);
    t.match(statusOf(run), status);
    const keys = pointsOf(run, "iam");
    t.strictSame(keys.map(({ tags }) => tags.name).toSorted(), printed);
    for (const key of keys) t.match(key, { tags: { accountAlias: idOf(index) }, fields: want.key ?? {} });
    const [account] = pointsOf(run, "keycheck_account");
    t.equal(account === undefined, exitCode === 1, "an account's numbers only where some were read");
    t.match({ ...account?.fields }, want.account ?? {});
    const { partial, last_error: cause } = statusOf(run);
    const line = exitCode === 1 ? `E! keycheck: default: ${cause}` : `W! keycheck: default: partial: ${cause}`;
    t.strictSame(
      run.stderr.map((said) => said.slice(0, 400)),
      partial ? [line.slice(0, 400)] : [],
    );
  });
}

test("throttled as AWS throttles, nothing is lost", async (t) => {
  const run = await throttled;
  t.equal(run.exitCode, 0);
  t.match(statusOf(run), { ...isWhole, items: 300 });
  t.equal(pointsOf(run, "iam").length, 300);
  const { throttles, retries, api_calls: calls } = statusOf(run);
  t.ok(Number(throttles) > 0 && throttles === retries, `${throttles} throttles, ${retries} retries`);
  t.equal(throttles, throttling.throttled());
  t.equal(
    calls,
    Object.values(run.calls).reduce((sum, count) => sum + count, 0),
  );
});

test("a network that swallows all is told well before Telegraf loses its patience", async (t) => {
  const run = await swallowed;
  t.equal(run.exitCode, 1);
  t.ok(run.duration < seconds(45), `took ${run.duration} ms`);
  t.match(run.stderr, { length: 1, 0: /^E! keycheck: default: sts:GetCallerIdentity: .*\b5000 ms\b/ });
  t.equal(run.stderr.length, 1);
  t.match(statusOf(run), { ok: false, api_calls: 5 });
});

end();

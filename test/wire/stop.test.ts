import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { after, end, test } from "tap";
import { hours, seconds } from "../../lib/core/time.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../lib/demo/scenario/large-account.ts";
import { pointsOf, type Run, runKeycheck, startKeycheck, statusOf } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

/** At this latency and 20 calls at once the large account takes some eight seconds. */
const latencyMs = 100;
const users = 1600;
const ada = aUser({ name: "ada", keys: [aKey()] });
const throttledUsers = Array.from({ length: 20 }, (_, index) => aUser({ name: `u${index}`, keys: [aKey()] }));

const accounts = {
  large: { ...aLargeAccount({ users, keysPerUser: 1 }), id: "100000000001", alias: "large" },
  silent: anAccount({ id: "100000000002", alias: "silent", users: [ada] }),
  unlisted: anAccount({ id: "100000000003", alias: "unlisted", users: [ada] }),
  throttled: anAccount({ id: "100000000004", alias: "throttled", users: throttledUsers }),
  unreported: anAccount({ id: "100000000005", alias: "unreported", users: [ada], report: { generationMs: hours(1) } }),
};

const aws = await startOfflineAws({
  latencyMs,
  scenario: anOrganization({
    accounts: Object.values(accounts),
    faults: [
      { action: "sts:*", account: accounts.silent.id, kind: "hang" },
      { action: "iam:ListUsers", account: accounts.unlisted.id, kind: "hang" },
      {
        ...{ action: "iam:ListAccessKeys", account: accounts.throttled.id },
        ...{ kind: "error", code: "Throttling", status: 400, message: "Rate exceeded" },
      },
    ],
  }),
});
after(() => aws.close());
for (const account of aws.organization.accounts)
  if (account.id !== accounts.unreported.id) storeReport(account, Date.now());

/** Sends the signals as soon as an operation has been called so often; how long the end then took. */
async function interrupt(launch: Launch, signals: readonly NodeJS.Signals[], { action, calls }: Moment) {
  const before = aws.calls()[action] ?? 0;
  const { child, ended } = startKeycheck(aws, launch);
  await waitUntil(() => (aws.calls()[action] ?? 0) - before >= calls);
  const from = performance.now();
  for (const signal of signals) child.kill(signal);
  const run = await ended;
  return { ...run, took: performance.now() - from };
}

async function waitUntil(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo() && waited < seconds(20); waited += 10) await pause(10);
}

type Launch = Parameters<typeof startKeycheck>[1];

interface Moment {
  readonly action: string;
  readonly calls: number;
}

const named = (run: Run) => pointsOf(run, "iam").map(({ tags }) => tags.name);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} in mid-scan: what was read is printed in whole lines, marked partial`, async (t) => {
    const run = await interrupt({ identity: "large" }, [signal], { action: "iam:ListAccessKeys", calls: 200 });
    t.equal(run.exitCode, 0);
    t.ok(run.took < seconds(4), `took ${run.took} ms`);
    const printed = named(run);
    t.ok(printed.length >= 150 && printed.length < users, `${printed.length} keys`);
    const { "iam:ListAccessKeys": listed = 0 } = run.calls;
    t.ok(listed <= printed.length + 40, `${listed} calls for ${printed.length} keys: nothing new is begun`);
    t.equal(new Set(printed).size, printed.length);
    const cause = new RegExp(`^users after the first 1000: iam:ListUsers: stopped by ${signal} \\(and \\d+ more\\)$`);
    t.match(statusOf(run), { ok: true, partial: true, items: printed.length, last_error: cause });
    t.match(pointsOf(run, "keycheck_account"), [{ fields: { users: printed.length, partial: true } }]);
    t.match(run.stderr, { length: 1, 0: new RegExp(`^W! keycheck: default: partial: .* stopped by ${signal} `) });
  });
}

test("the deadline in mid-scan does the same by itself", async (t) => {
  const run = await runKeycheck(aws, { identity: "large", argv: ["--deadline", "4s"] });
  t.equal(run.exitCode, 0);
  t.ok(run.duration < seconds(12), `took ${run.duration} ms`);
  const printed = named(run);
  t.ok(printed.length > 20 && printed.length < users, `${printed.length} keys`);
  t.match(statusOf(run), { ok: true, partial: true, last_error: / stopped by the deadline of 4 s / });
  t.match(run.stderr, { length: 1, 0: /^W! keycheck: default: partial: .* stopped by the deadline of 4 s / });
});

const early = [
  { name: "before STS has answered", identity: "silent", moment: { action: "sts:GetCallerIdentity", calls: 1 } },
  { name: "before any user was listed", identity: "unlisted", moment: { action: "iam:ListUsers", calls: 1 } },
  {
    name: "while every call sleeps between its retries",
    identity: "throttled",
    moment: { action: "iam:ListAccessKeys", calls: 22 },
  },
];

for (const { name, identity, moment } of early) {
  test(`SIGTERM ${name}: the status point tells it, and Telegraf reads it`, async (t) => {
    const run = await interrupt({ identity }, ["SIGTERM"], moment);
    t.equal(run.exitCode, 0);
    t.ok(run.took < seconds(1.5), `took ${run.took} ms`);
    t.same(named(run), []);
    const cause = new RegExp(`^${moment.action}: stopped by SIGTERM$`);
    t.match(statusOf(run), { ok: false, partial: true, items: 0, last_error: cause });
    t.match(run.stderr, { length: 1, 0: new RegExp(`^E! keycheck: default: ${moment.action}: stopped by SIGTERM$`) });
  });
}

test("SIGTERM while credentials are waited for ends at once", async (t) => {
  const script = `require("fs").writeFileSync("begun", ""); setTimeout(() => {}, 6000)`;
  const directory = t.testdir({
    "wait.cjs": script,
    config: `[profile slow]\ncredential_process = ${process.execPath} wait.cjs\n`,
  });
  const environment = { AWS_CONFIG_FILE: `${directory}/config` };
  const { child, ended } = startKeycheck(aws, { argv: ["slow"], environment, directory });
  await waitUntil(() => existsSync(`${directory}/begun`));
  const from = performance.now();
  child.kill("SIGTERM");
  const run = await ended;
  t.equal(run.exitCode, 0);
  t.ok(performance.now() - from < seconds(1.5));
  t.match(statusOf(run, "slow"), { ok: false, partial: true, last_error: /^sts:\w+: stopped by SIGTERM$/ });
});

test("SIGTERM while only the credential report is waited for: the keys are printed", async (t) => {
  const launch = { identity: "unreported" };
  const run = await interrupt(launch, ["SIGTERM"], { action: "iam:GetCredentialReport", calls: 2 });
  t.equal(run.exitCode, 0);
  t.ok(run.took < seconds(1.5), `took ${run.took} ms`);
  t.strictSame(named(run), ["ada"]);
  const cause = /^credential report: iam:GetCredentialReport: stopped by SIGTERM$/;
  t.match(statusOf(run), { ok: true, partial: true, last_error: cause });
});

test("SIGTERM among many scopes: each has its status point, those not begun as well", async (t) => {
  const large = aws
    .configFile()
    .split(/^(?=\[)/m)
    .find((section) => section.startsWith("[profile large]"));
  const profiles = ["one", "two", "three"];
  const config = profiles.map((profile) => large?.replace("large", profile)).join("");
  const AWS_CONFIG_FILE = `${t.testdir({ config })}/config`;
  const launch = { argv: [...profiles, "--account-concurrency", "1"], environment: { AWS_CONFIG_FILE } };
  const run = await interrupt(launch, ["SIGTERM"], { action: "iam:ListAccessKeys", calls: 60 });
  t.equal(run.exitCode, 0);
  t.ok(run.took < seconds(4), `took ${run.took} ms`);
  const statuses = profiles
    .map((profile) => statusOf(run, profile))
    .toSorted((a, b) => Number(b.items) - Number(a.items));
  t.match(statuses, [
    { ok: true, partial: true, last_error: /stopped by SIGTERM/ },
    { ok: false, partial: true, api_calls: 0, last_error: /stopped by SIGTERM$/ },
    { ok: false, partial: true, api_calls: 0, last_error: /stopped by SIGTERM$/ },
  ]);
  t.ok(Number(statuses[0]?.items) > 0);
});

test("a second SIGTERM does not cut the end short", async (t) => {
  const signals = ["SIGTERM", "SIGTERM", "SIGINT"] as const;
  const run = await interrupt({ identity: "large" }, signals, { action: "iam:ListAccessKeys", calls: 100 });
  t.equal(run.exitCode, 0);
  t.match(statusOf(run), { ok: true, partial: true });
});

end();

import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { after, end, test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aRole, aUser } from "../../lib/demo/scenario/builders.ts";
import { findAccount } from "../../lib/demo/state.ts";
import { type Launch, pointsOf, type Run, startKeycheck, statusOf } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

const ids = { management: "100000000001", steady: "100000000002", slow: "100000000003", joining: "100000000004" };
/** Credentials are renewed when less than five minutes remain: nine to ten seconds after they are granted, for STS cuts to whole ones. */
const fleeting = aRole({ name: "fleeting", maxSessionSeconds: 310 });
const users = ["ada", "bob"].map((name) => aUser({ name, keys: [aKey()] }));
const aws = await startOfflineAws({
  scenario: anOrganization({
    accounts: [
      anAccount({ id: ids.management, users }),
      anAccount({ id: ids.steady, users, roles: [aRole({ name: "stalewatch" }), fleeting] }),
      anAccount({ id: ids.slow, users }),
      anAccount({ id: ids.joining, users, state: "SUSPENDED" }),
    ],
    faults: [{ action: "iam:ListAccessKeys", account: ids.slow, userName: "bob", kind: "slow", ms: seconds(15) }],
  }),
});
after(() => aws.close());
for (const account of aws.organization.accounts) storeReport(account, Date.now());

/** An execd process that is asked for rounds one after the other. */
function startRounds({ argv = [], ...launch }: Launch = {}) {
  const started = startKeycheck(aws, { ...launch, argv: [...argv, "--execd"] });
  let statusPoints = 0;
  return {
    ...started,
    /** Asks for a round, and waits until it has printed the status points of all its scopes. */
    async round({ scopes = 1, ask = "\n" } = {}) {
      statusPoints += scopes;
      started.child.stdin.write(ask);
      await started.printed(new RegExp(`(?:stalewatch_run,[^\\n]*\\n[^]*?){${statusPoints}}`));
    },
    async finish() {
      started.child.stdin.end();
      return started.ended;
    },
  };
}

/** Those of two users' keys, and eight whatever the users. */
const callsOfRound = 10;

const outcomes = (run: Run) =>
  pointsOf(run, "stalewatch_run").map(({ fields: { ok, partial } }) => (ok ? { partial } : { ok }));
const whole = { partial: false };

test("each line is a round, and what is warm stays warm", async (t) => {
  const { round, finish } = startRounds();
  for (const ask of ["\n", "\n", "whatever\n", "\r\n", "last\n"]) await round({ ask });
  const run = await finish();
  t.equal(run.exitCode, 0);
  t.strictSame(run.stderr, []);
  t.strictSame(outcomes(run), [whole, whole, whole, whole, whole]);
  t.equal(pointsOf(run, "iam").length, 5 * users.length);
  t.match(run.calls, { "sts:GetCallerIdentity": 1, "iam:ListUsers": 5, "iam:ListAccessKeys": 5 * users.length });
  const calls = pointsOf(run, "stalewatch_run").map(({ fields }) => fields.api_calls);
  t.strictSame(calls, [callsOfRound, 9, 9, 9, 9], "each round counts its own calls");
});

test("lines that come at once are rounds one after the other", async (t) => {
  const { round, finish } = startRounds();
  await round({ scopes: 3, ask: "\n\n\n" });
  const run = await finish();
  t.strictSame(outcomes(run), [whole, whole, whole]);
});

test("assumed roles stay warm, too", async (t) => {
  const { round, finish } = startRounds({ argv: ["--role-arns", `arn:aws:iam::${ids.steady}:role/stalewatch`] });
  for (let count = 0; count < 3; count += 1) await round();
  const run = await finish();
  t.strictSame(outcomes(run), [whole, whole, whole]);
  t.match(run.calls, { "sts:AssumeRole": 1, "sts:GetCallerIdentity": 2 });
});

test("credentials that end between two rounds are renewed, once for all clients", async (t) => {
  const role = `arn:aws:iam::${ids.steady}:role/fleeting`;
  // Without an alias to ask for, the round begins with calls of two clients at once.
  const { round, finish } = startRounds({ argv: ["--role-arns", role, "--account-tag", "id"] });
  await round();
  await pause(seconds(10.5));
  for (const session of aws.organization.sessions.values())
    if (session.roleName === "fleeting") session.expiresAt = Date.now();
  await round();
  const run = await finish();
  t.strictSame(run.stderr, []);
  t.strictSame(outcomes(run), [whole, whole]);
  t.equal(run.calls["sts:AssumeRole"], 2);
});

test("accounts join an organization between two rounds", async (t) => {
  const { round, finish } = startRounds({ argv: ["--organization", "--from-report"] });
  await round({ scopes: 4 });
  const joining = findAccount(aws.organization, ids.joining);
  if (joining !== undefined) joining.state = "ACTIVE";
  await round({ scopes: 5 });
  const run = await finish();
  t.strictSame(run.stderr, []);
  t.equal(pointsOf(run, "keycheck_account").filter(({ tags }) => tags.account === ids.joining).length, 1);
  t.match(run.calls, { "organizations:ListAccounts": 2, "sts:AssumeRole": 3 });
});

test("credentials that were rotated are found by the next round", async (t) => {
  const sections = aws.configFile().split(/^(?=\[)/m);
  const profileOf = (id: string) =>
    String(sections.find((section) => section.startsWith(`[profile ${id}]`))).replace(id, "prod");
  const revoked = profileOf(ids.steady).replace(/(?<=secret_access_key = ).*/, "revoked");
  const directory = t.testdir({ config: revoked });
  const environment = { AWS_CONFIG_FILE: `${directory}/config` };
  const { round, finish } = startRounds({ argv: ["prod"], environment });
  await round();
  await writeFile(`${directory}/config`, profileOf(ids.steady));
  await round();
  await round();
  const run = await finish();
  t.strictSame(outcomes(run), [{ ok: false }, whole, whole]);
  t.equal(run.stderr.length, 1);
  t.equal(run.calls["sts:GetCallerIdentity"], 2);
});

const passing = [
  { name: "a listing is denied", action: "iam:ListUsers", argv: [] },
  {
    name: "an organization can't be listed",
    action: "organizations:ListAccounts",
    argv: ["--organization", "--from-report"],
  },
  { name: "a role can't be assumed", action: "sts:AssumeRole", argv: ["--accounts", "accounts.yaml"] },
];

for (const { name, action, argv } of passing) {
  test(`a round in which ${name} fails, and the next one does not`, async (t) => {
    const directory = t.testdir({ "accounts.yaml": `- account_id: "${ids.steady}"\n` });
    const { round, finish } = startRounds({ argv, directory });
    aws.organization.denials.push({ action });
    await round();
    aws.organization.denials.pop();
    // The organization has a status point of its own.
    const scopes = argv.includes("--organization") ? 5 : 1;
    await round({ scopes });
    const run = await finish();
    t.equal(run.exitCode, 0);
    t.strictSame(outcomes(run), [{ ok: false }, ...Array.from({ length: scopes }, () => whole)]);
    t.match(run.stderr, { length: 1, 0: new RegExp(`^E! keycheck: .*${action}`) });
    t.equal(run.stderr.length, 1);
  });
}

test("a sink that fails in one round works in the next", async (t) => {
  const directory = t.testdir({ out: {} });
  const argv = ["--sink", "line-protocol,prometheus", "--prometheus-file", "out/keys.prom"];
  const { round, finish, said } = startRounds({ argv, directory });
  await round();
  while (!existsSync(`${directory}/out/keys.prom`)) await pause(10);
  await rm(`${directory}/out`, { recursive: true });
  await round();
  await said(/can't write/);
  await mkdir(`${directory}/out`);
  await round();
  const run = await finish();
  t.equal(run.exitCode, 0);
  t.strictSame(outcomes(run), [whole, whole, whole]);
  t.match(run.stderr, {
    length: 1,
    0: /^E! keycheck: can't write prometheus_file "out\/keys\.prom": no such file or directory/,
  });
  t.equal(run.stderr.length, 1);
});

const ends = [
  { name: "the end of input", act: (child: Child) => void child.stdin.end(), cause: /stopped by the end of input$/ },
  { name: "SIGTERM", act: (child: Child) => void child.kill("SIGTERM"), cause: /stopped by SIGTERM$/ },
  { name: "SIGINT", act: (child: Child) => void child.kill("SIGINT"), cause: /stopped by SIGINT$/ },
];
type Child = ReturnType<typeof startKeycheck>["child"];

const callsSoFar = () => Object.values(aws.calls()).reduce((sum, count) => sum + count, 0);

for (const { name, act, cause } of ends) {
  test(`${name} during a round ends it, marked partial, and drops the lines that wait`, async (t) => {
    const before = callsSoFar();
    const { child, ended } = startRounds({ identity: ids.slow });
    child.stdin.write("\n\n\n");
    while (callsSoFar() < before + callsOfRound && child.exitCode === null) await pause(10);
    // All that is not slow has been answered by then.
    await pause(300);
    const from = performance.now();
    act(child);
    const run = await ended;
    t.ok(performance.now() - from < seconds(4));
    t.equal(run.exitCode, 0);
    t.strictSame(
      pointsOf(run, "iam").map(({ tags }) => tags.name),
      ["ada"],
    );
    t.match(statusOf(run), { ok: true, partial: true, last_error: cause });
    t.match(run.stderr, { length: 1, 0: /^W! keycheck: default: partial: access keys of user "bob": / });
  });

  test(`${name} between rounds ends the process at once`, async (t) => {
    const { child, ended, round } = startRounds();
    await round();
    const from = performance.now();
    act(child);
    const run = await ended;
    t.ok(performance.now() - from < seconds(2));
    t.equal(run.exitCode, 0);
    t.strictSame(run.stderr, []);
    t.strictSame(outcomes(run), [whole]);
  });
}

test("an input that ends before any line is no round", async (t) => {
  const run = await startRounds().finish();
  t.equal(run.exitCode, 0);
  t.strictSame([run.stdout, run.stderr, run.calls], ["", [], {}]);
});

end();

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { days } from "../../lib/core/time.ts";
import { aKey, aParameter, aSecret, aUser } from "../../lib/demo/scenario/builders.ts";
import { openStop } from "../../lib/runtime/stop.ts";
import { openDynamoDbStore } from "../../lib/state/dynamodb.ts";
import { endingsOf, openWorld, readJournal, type World } from "../support/acting.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import { fakeJiraLogin } from "../support/fake-jira.ts";
import { pointsOf, type Run, statusOf } from "../support/run-executable.ts";
import { startDynalite } from "../support/start-dynalite.ts";

t.jobs = 3;
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

const human = (name: string) => aUser({ name, keys: [aKey({ ageDays: 200, usedDaysAgo: 30 })] });

interface Refusal {
  readonly name: string;
  readonly run?: Readonly<Record<string, unknown>>;
  readonly keycheck?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
  readonly says: RegExp;
}

const kubernetes = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
const soon = new Date(Date.now() + days(2)).toISOString().slice(0, 10);

const refusals: readonly Refusal[] = [
  {
    name: "state that can't be written",
    run: { state_directory: "settings-0.yaml/state" },
    says: /settings-0\.yaml\/state/,
  },
  {
    name: "no state",
    run: { state: "none", mode: "notify" },
    says: /mode = notify must remember .*state can't be none/,
  },
  {
    name: "state in a pod",
    environment: kubernetes,
    says: /mode = commit in Kubernetes needs state = dynamodb, or state_persistent = true/,
  },
  { name: "state of a shard", argv: ["--shard", "1/2"], says: /mode = commit with shards needs state = dynamodb/ },
  {
    name: "a forecast",
    run: { mode: "notify" },
    argv: ["--at", soon],
    says: /mode observe only, not with "notify"/,
  },
  { name: "a report for evidence", argv: ["--from-report"], says: /mode observe only, not with "commit"/ },
  {
    name: "a map that is no YAML",
    keycheck: { slack_map: "torn.yaml" },
    says: /torn\.yaml line \d: not YAML/,
  },
  {
    name: "a map with what is no Slack id",
    keycheck: { slack_map: "wrong.yaml" },
    says: /wrong\.yaml line 2, bob: .*Slack id/,
  },
  {
    name: "a map that is not there",
    keycheck: { slack_map: "absent.yaml" },
    says: /slack_map: cannot read .*: no such file/,
  },
  {
    name: "a token in place of where it is kept",
    keycheck: { slack_token: "xoxb-pasted-secret" },
    says: /keycheck\.slack_token: .*env:NAME/,
  },
  {
    name: "tickets without an address",
    keycheck: { create_jira: true },
    says: /create_jira needs jira_server_address/,
  },
];

scenario("what keycheck refuses to act with: said in one line, before any network", async (t) => {
  const world = await openWorld(t, { users: [human("ada")] });
  const { directory } = world;
  writeFileSync(join(directory, "torn.yaml"), "ada: U0ADA\nbob: [U0BOB\n");
  writeFileSync(join(directory, "wrong.yaml"), "ada: U0ADA\nbob: bob@example.com\n");
  const inside = (path: unknown) => (typeof path === "string" ? join(directory, path) : path);
  await world.run({ run: { mode: "observe" } });
  for (const { name, run = {}, keycheck = {}, environment = {}, argv = [], says } of refusals) {
    const { state_directory: state, ...others } = run;
    const { slack_map: map, ...rest } = keycheck;
    const refused = await world.run({
      ...{ environment, argv },
      run: { ...others, ...(state === undefined ? {} : { state_directory: inside(state) }) },
      keycheck: { ...rest, ...(map === undefined ? {} : { slack_map: inside(map) }) },
    });
    t.equal(refused.exitCode, 2, name);
    t.strictSame([refused.stdout, refused.calls], ["", {}], name);
    t.match(refused.stderr, [/^E! keycheck: /], name);
    t.match(refused.stderr.join("\n"), says, name);
    t.equal(refused.stderr.length, 1, name);
    t.notMatch(refused.stderr.join("\n"), /pasted-secret/, name);
  }
  const lasting = await world.run({ environment: kubernetes, run: { state_persistent: true } });
  t.equal(lasting.exitCode, 0);
  t.equal(world.slack.posts.length, 1);
});

scenario("who only looks does without state", async (t) => {
  const world = await openWorld(t, { users: [human("ada")] });
  const state_directory = join(world.directory, "map.yaml", "state");
  const run = await world.run({ run: { mode: "observe", state_directory } });
  t.equal(run.exitCode, 0);
  t.match(run.stderr, { length: 1, 0: /^W! keycheck: nothing is remembered between runs: .*map\.yaml/ });
  t.equal(run.stderr.length, 1);
  t.equal(pointsOf(run, "iam").length, 1);
  t.match(statusOf(run), { ok: true, partial: false });
});

scenario("a secret that is not there: the first line says so, and all that was read is printed", async (t) => {
  const world = await openWorld(t, { users: [human("ada")] });
  const run = await world.run({ keycheck: { slack_token: "env:NO_SUCH_TOKEN" } });
  t.equal(run.exitCode, 0);
  t.match(run.stderr[0], /^[EW]! keycheck: default: .*secret "env:NO_SUCH_TOKEN": no such environment variable$/);
  t.equal(pointsOf(run, "iam").length, 1);
  t.match(pointsOf(run, "keycheck_account"), [{ fields: { expired: 1 } }]);
  t.match(statusOf(run), { ok: true, partial: true, items: 1 });
});

const given = {
  slack: "xoxb-given-5la9c7-secret",
  email: "given-e11ail@example.com",
  jira: "given-j1r4-secret",
};

/** All that a run left behind or showed: both streams, every file of its state, its command line. */
function tracesOf(world: World, { stdout, stderr }: Run, commandLine: string): string {
  const files = readdirSync(world.stateDirectory).map((name) =>
    readFileSync(join(world.stateDirectory, name), "latin1"),
  );
  return [
    stdout,
    ...stderr,
    ...files,
    commandLine,
    JSON.stringify(world.slack.posts),
    JSON.stringify(world.jira.issues),
  ].join("\n");
}

async function runTraced(world: World, options: Parameters<World["start"]>[0]) {
  const { child, ended } = world.start(options);
  child.stdin.end();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const commandLine = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
  const run = await ended;
  return { run, traces: tracesOf(world, run, commandLine) };
}

const spellings = [
  ...Object.values(given),
  Buffer.from(`${given.email}:${given.jira}`).toString("base64"),
  Buffer.from(`${fakeJiraLogin.email}:${fakeJiraLogin.token}`).toString("base64"),
];

scenario("secrets that are refused: said clearly, and shown nowhere", async (t) => {
  const world = await openWorld(t, { users: [human("ada")], jira: {} });
  const environment = { SLACK_TOKEN: given.slack, JIRA_EMAIL: given.email, JIRA_TOKEN: given.jira };
  for (const log_format of ["text", "json"]) {
    const { run, traces } = await runTraced(world, { environment, run: { log_format } });
    t.equal(run.exitCode, 0);
    t.match(run.stderr.join("\n"), /notice ada\S+: failed: users\.info: invalid_auth/);
    t.match(run.stderr.join("\n"), /ticket ada\S+: failed: can't search jira .*: HTTP 401/);
    for (const secret of spellings) t.notOk(traces.includes(secret), `${secret} in ${log_format}`);
  }
});

scenario("secrets from AWS and from files do their work, and are shown nowhere", async (t) => {
  const world = await openWorld(t, {
    ...{ users: [human("ada")], slack: { token: given.slack }, jira: {} },
    secrets: [aSecret({ name: "bots", value: JSON.stringify({ slack: given.slack }) })],
    parameters: [aParameter({ name: "/jira/token", value: fakeJiraLogin.token })],
  });
  const email = join(world.directory, "email");
  writeFileSync(email, `${fakeJiraLogin.email}\n`);
  const { run, traces } = await runTraced(world, {
    environment: { SLACK_TOKEN: "", JIRA_EMAIL: "", JIRA_TOKEN: "" },
    keycheck: { slack_token: "secretsmanager:bots#slack", jira_email: `file:${email}`, jira_token: "ssm:/jira/token" },
  });
  t.equal(run.exitCode, 0);
  t.match(statusOf(run), { applied: 2, failed: 0 });
  for (const secret of [...spellings, fakeJiraLogin.token]) t.notOk(traces.includes(secret), secret);
});

scenario("state in DynamoDB: from the first notice to the disabled key, in a table made on first use", async (t) => {
  const world = await openWorld(t, {
    users: [human("ada"), human("bob")],
    run: { state: "dynamodb" },
    keycheck: { disable_after: "0d" },
  });
  const dynalite = await startDynalite(t);
  const { environment } = dynalite;
  const client = makeDynamoDbClient(dynalite.url);
  t.teardown(() => client.destroy());
  const two = await Promise.all([world.run({ environment }), world.run({ environment })]);
  t.strictSame(
    two.map(({ exitCode }) => exitCode),
    [0, 0],
  );
  await world.run({ environment });
  await world.run({ environment });
  const store = await openDynamoDbStore({ client, table: "stalewatch", stop: openStop().signal, warn: t.fail });
  t.strictSame(endingsOf(await readJournal(store)), [
    ...[
      "disable ada 1: applied",
      "disable bob 1: applied",
      "notice ada 1-1: applied",
      "notice ada 1-disabled: applied",
    ],
    ...["notice bob 1-1: applied", "notice bob 1-disabled: applied"],
  ]);
  t.equal(world.slack.posts.length, 4);
  t.equal(world.aws.writes().length, 2);
});

t.end();

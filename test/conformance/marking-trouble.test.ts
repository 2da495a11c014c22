import { type Test, test } from "tap";
import { type Millis, minutes, seconds } from "../../lib/core/time.ts";
import type { Fault } from "../../lib/demo/call-rules.ts";
import type { OfflineAws } from "../../lib/demo/offline-aws.ts";
import { addMessage } from "../../lib/demo/scenario/build-queues.ts";
import type { MessageSpec } from "../../lib/demo/scenario/region-specs.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openDynamoDbStore } from "../../lib/state/dynamodb.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import {
  aLogin,
  dirtyTag,
  home,
  hub,
  instanceName,
  leftIn,
  openAccount,
  startMarkingWorld,
} from "../support/marking-world.ts";
import { executablePath, type Launch, pointsOf, runDirtymark, startDirtymark } from "../support/run-executable.ts";
import { startDynalite } from "../support/start-dynalite.ts";
import { startTroubledDynamoDb } from "../support/troubled-dynamodb.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { waitUntil } from "./support/wait-until.ts";

/** What dirtymark does while its store, its credentials or its time run out. */
const commit = ["--mode", "commit", "--tag", "dirty=skunked", "--act-on-accounts", openAccount, "--lease-time", "1s"];

const aHost = (index: number) => ({ accountId: openAccount, instanceId: instanceName(index) });

const queueOf = ({ organization }: OfflineAws) => {
  const found = organization.accounts
    .find(({ id }) => id === hub)
    ?.regions.find(home)
    ?.queues.find("skunky");
  if (found === undefined) throw new Error("no queue was built");
  return found;
};

const send = (aws: OfflineAws, messages: readonly MessageSpec[]) => {
  for (const [index, message] of messages.entries())
    addMessage(queueOf(aws), message, { now: Date.now(), name: `${index} of ${leftIn(aws).length}` });
};

/** With state in a DynamoDB that can be troubled; its table is there. */
async function openWithDynamoDb(t: Test) {
  const aws = await startMarkingWorld({ instances: 30 });
  t.teardown(() => aws.close());
  const { url: target } = await startDynalite(t);
  const trouble = await startTroubledDynamoDb(t, target);
  const launch = (argv: readonly string[] = []): Launch => ({
    ...{ argv: [...commit, "--state", "dynamodb", ...argv], identity: hub, remembers: true },
    environment: { AWS_REGION: home, AWS_ENDPOINT_URL_DYNAMODB: trouble.url },
  });
  const first = await runDirtymark(aws, launch());
  t.equal(first.exitCode, 0, first.stderr.join());
  const client = makeDynamoDbClient(target);
  t.teardown(() => client.destroy());
  const marks = async (): Promise<readonly Mark[]> => {
    const stop = new AbortController().signal;
    const store = await openDynamoDbStore({ client, table: "stalewatch", warn: () => {}, stop });
    const found: Mark[] = [];
    for await (const mark of openMarks(store, openAccount, Date.now).list()) found.push(mark);
    return found;
  };
  return { aws, trouble, launch, marks };
}

const throttled = {
  ...{ status: 400, type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException" },
  message: "The level of configured provisioned throughput for the table was exceeded.",
};

for (const operations of [["PutItem"], ["PutItem", "GetItem", "Query"]]) {
  test(`a table that throttles every ${operations.join(", ")}: nothing is deleted, and little received`, async (t) => {
    const { aws, trouble, launch, marks } = await openWithDynamoDb(t);
    send(
      aws,
      Array.from({ length: 300 }, (_, index) => aLogin(aHost(index % 30))),
    );
    for (const operation of operations) trouble.refuse(operation, throttled);
    const run = await runDirtymark(aws, launch(["--window", "50", "--deadline", "6s"]));
    t.equal(leftIn(aws).length, 300);
    t.equal(run.calls["sqs:DeleteMessageBatch"], undefined);
    t.match(queueOf(aws).mailbox.counts(Date.now()), { inFlight: 0 }, "others may have better luck at once");
    const [drained] = pointsOf(run, "dirtymark_run");
    t.match(drained?.fields, { recorded: 0, events: 0, records: 0 });
    t.ok(Number(drained?.fields.received) <= 60, "one window");
    t.equal(drained?.fields.kept, drained?.fields.received);
    t.match(run.stderr, [/marks: state of .* stopped by the deadline/]);
    t.ok(run.duration < seconds(15), `${Math.round(run.duration)} ms, of a deadline of 6 s`);
    if (operations.includes("PutItem") && !operations.includes("Query")) t.strictSame(await marks(), []);
  });
}

test("a write whose answer is lost counts each event once", async (t) => {
  const { aws, trouble, launch, marks } = await openWithDynamoDb(t);
  send(
    aws,
    Array.from({ length: 120 }, (_, index) => aLogin(aHost(index % 30))),
  );
  let lost = 0;
  const loseMore = async () => {
    lost += 1;
    if (lost < 20) setImmediate(() => trouble.loseAnswer("PutItem", loseMore));
  };
  trouble.loseAnswer("PutItem", loseMore);
  const run = await runDirtymark(aws, launch(["--window", "30"]));
  t.equal(run.exitCode, 0, run.stderr.join());
  t.equal(lost, 20);
  t.strictSame(leftIn(aws), []);
  t.match(pointsOf(run, "dirtymark_run")[0]?.fields, { received: 120, recorded: 120, events: 120, kept: 0 });
  t.strictSame(
    (await marks()).map(({ verified }) => verified?.count),
    Array.from({ length: 30 }, () => 4),
  );
});

/** Runs the program by a clock that goes forward by a day at SIGUSR2. */
const dayLater = `
  const now = Date.now;
  let shift = 0;
  Date.now = () => now() + shift;
  process.on("SIGUSR2", () => { shift = 86_400_000; });
  require(${JSON.stringify(executablePath("dirtymark"))});
`;

async function startFollowing(t: Test, deadline: string) {
  const aws = await startMarkingWorld();
  t.teardown(() => aws.close());
  const directory = makeDirectory(t, { "day-later.cjs": dayLater });
  const started = startDirtymark(aws, {
    argv: [...commit, "--follow", "--deadline", deadline, "--state-directory", `${directory}/state`],
    ...{ identity: hub, directory, remembers: true, path: `${directory}/day-later.cjs` },
    environment: { AWS_REGION: home },
  });
  t.teardown(() => started.child.kill("SIGKILL"));
  return { aws, started };
}

test("credentials of a role that end while the queue is followed are renewed", async (t) => {
  const { aws, started } = await startFollowing(t, "2s");
  send(aws, [aLogin(aHost(0))]);
  await waitUntil("the first is tagged", () => dirtyTag(aws, aHost(0)) === "skunked", seconds(20));
  started.child.kill("SIGUSR2");
  for (const session of aws.organization.sessions.values())
    if (session.roleName === "Skunky") session.expiresAt = Date.now() - minutes(1);
  send(aws, [aLogin(aHost(1))]);
  await waitUntil("the second is tagged", () => dirtyTag(aws, aHost(1)) === "skunked", seconds(20));
  // A round without a message.
  const receives = aws.calls()["sqs:ReceiveMessage"] ?? 0;
  await waitUntil("an idle round", () => (aws.calls()["sqs:ReceiveMessage"] ?? 0) > receives + 2, seconds(20));
  started.child.kill("SIGTERM");
  const run = await started.ended;
  t.equal(run.exitCode, 0);
  // By a clock that is a day ahead all that STS gives has ended.
  t.ok((run.calls["sts:AssumeRole"] ?? 0) >= 2);
  const rounds = pointsOf(run, "stalewatch_run");
  t.equal(
    rounds.reduce((sum, { fields }) => sum + Number(fields.applied), 0),
    2,
  );
  t.ok(rounds.length >= 3);
  t.strictSame(
    rounds.filter(({ fields }) => fields.partial === true).map(({ fields }) => fields.last_error),
    [],
    "no round lacks anything, least of all for its end",
  );
  t.strictSame(run.stderr, []);
});

/** Telegraf kills what has not ended five seconds after its SIGTERM. */
const longest: Millis = seconds(5);

const hangs: readonly { readonly name: string; readonly action: string | undefined; readonly left: number }[] = [
  { name: "an empty queue is waited for", action: undefined, left: 0 },
  { name: "a role's listing hangs", action: "iam:ListInstanceProfiles", left: 1 },
  { name: "a role's assumption hangs", action: "sts:AssumeRole", left: 1 },
  { name: "a deletion hangs", action: "sqs:DeleteMessageBatch", left: 1 },
  { name: "a tag hangs", action: "ec2:CreateTags", left: 0 },
  { name: "the queue's state hangs", action: "sqs:GetQueueAttributes", left: 0 },
];

for (const { name, action, left } of hangs) {
  test(`SIGTERM while ${name}`, async (t) => {
    const { aws, started } = await startFollowing(t, "5s");
    if (action !== undefined) {
      const hang: Fault = { action, kind: "hang", when: "before" };
      aws.organization.faults.push(hang);
      send(aws, [aLogin(aHost(0))]);
    }
    const awaited = action ?? "sqs:ReceiveMessage";
    const isLate = awaited === "ec2:CreateTags" || awaited === "sqs:GetQueueAttributes";
    await waitUntil(awaited, () => (aws.calls()[awaited] ?? 0) > 0, seconds(isLate ? 40 : 20));
    const stopping = performance.now();
    started.child.kill("SIGTERM");
    const run = await started.ended;
    const duration = performance.now() - stopping;
    t.ok(duration < longest, `ended after ${Math.round(duration)} ms`);
    t.equal(run.exitCode, 0);
    t.equal(leftIn(aws).length, left);
    const [drained] = pointsOf(run, "dirtymark_run");
    t.match(drained?.fields, { received: action === undefined ? 0 : 1, kept: left });
    t.equal(pointsOf(run, "stalewatch_run").length, 1);
  });
}

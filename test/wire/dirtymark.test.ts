import { type Test, test } from "tap";
import { aMessage, aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import {
  aLogin,
  closedAccount,
  dirtyTag,
  hostSender,
  hub,
  instanceName,
  leftIn,
  openAccount,
  startMarkingWorld,
  trust,
} from "../support/marking-world.ts";
import { type Launch, pointsOf, runDirtymark, statusOf } from "../support/run-executable.ts";

const commit = ["--mode", "commit", "--tag", "dirty=skunked", "--act-on-accounts", "200000000001,200000000002"];

const [first, second] = [instanceName(0), instanceName(1)];

async function open(t: Test, options: Parameters<typeof startMarkingWorld>[0] = {}) {
  const aws = await startMarkingWorld(options);
  t.teardown(() => aws.close());
  const directory = t.testdir();
  const run = (argv: readonly string[] = commit, launch: Launch = {}) =>
    runDirtymark(aws, {
      ...{ argv, identity: hub, directory, remembers: true, ...launch },
      environment: {
        AWS_REGION: "eu-west-1",
        STALEWATCH_STATE: "embedded",
        STALEWATCH_STATE_DIRECTORY: directory,
        ...launch.environment,
      },
    });
  const marks = async (accountId: string) => {
    const store = await openEmbeddedStore({ directory });
    const found = [];
    for await (const mark of openMarks(store, accountId, Date.now).list()) found.push(mark);
    await store.close();
    return found;
  };
  return { aws, run, marks };
}

const field = (points: ReturnType<typeof pointsOf>, measurement: string) =>
  points.filter((point) => point.measurement === measurement).map(({ fields }) => fields);

test("a login of a host becomes a mark and a tag, and its message is gone", async (t) => {
  const host = { accountId: openAccount, instanceId: first };
  const { aws, run, marks } = await open(t, {
    messages: [aLogin(host), aLogin(host), aLogin({ ...host, instanceId: second })],
  });
  const ran = await run();
  t.strictSame([ran.exitCode, ran.stderr], [0, []]);
  t.strictSame(leftIn(aws), []);
  t.match(await marks(openAccount), [
    {
      instanceId: first,
      verified: { count: 2, level: "high", principals: ["ada"], names: { ssh: 2 } },
      unverified: undefined,
    },
    { instanceId: second, verified: { count: 1 } },
  ]);
  t.equal(dirtyTag(aws, host), "skunked");
  t.equal(dirtyTag(aws, { ...host, instanceId: second }), "skunked");
  const points = pointsOf(ran);
  t.match(field(points, "dirtymark_run"), [{ received: 3, recorded: 3, events: 3, records: 2, kept: 0 }]);
  t.match(field(points, "dirtymark_queue"), [{ visible: 0, in_flight: 0, rejected_forged: 0 }]);
  t.match(field(points, "dirtymark_tags"), [{ tagged: 2, untaggable: 0, due: 0 }]);
  t.notMatch(ran.stdout, /ada|192\.0\.2/, "no point names a person");
  t.equal(ran.calls["ec2:CreateTags"], 1);
  t.equal(ran.calls["sts:AssumeRole"], 1);
});

test("in observe nothing is received, and the queue's state is told", async (t) => {
  const { aws, run } = await open(t, { messages: [aLogin({ accountId: openAccount, instanceId: first })] });
  const ran = await run([]);
  t.equal(ran.exitCode, 0);
  t.equal(leftIn(aws).length, 1);
  t.strictSame(field(pointsOf(ran), "dirtymark_queue"), [{ visible: 1, in_flight: 0, delayed: 0 }]);
  t.strictSame(
    Object.entries(ran.calls)
      .filter(([call]) => call.startsWith("sqs:"))
      .sort(),
    [
      ["sqs:GetQueueAttributes", 1],
      ["sqs:GetQueueUrl", 1],
    ],
  );
});

test("who speaks for another instance is refused, and marks nothing however often it comes", async (t) => {
  const host = { accountId: openAccount, instanceId: first };
  const forged = { ...aLogin(host, { senderId: hostSender(openAccount, second) }), receiveCount: 4 };
  const { aws, run, marks } = await open(t, { messages: [forged] });
  const ran = await run();
  t.match(field(pointsOf(ran), "dirtymark_queue"), [{ rejected_forged: 1 }]);
  t.match(field(pointsOf(ran), "dirtymark_run"), [{ buried: 1, refused: 0, recorded: 0 }]);
  t.strictSame(leftIn(aws), [], "kept in the store in place of the queue");
  t.strictSame(await marks(openAccount), []);
  t.equal(ran.calls["sts:AssumeRole"], undefined);
});

test("what is refused too often goes to the dead-letter queue where there is one", async (t) => {
  const { aws, run } = await open(t, {
    messages: [{ ...aMessage({ body: "no JSON" }), receiveCount: 4 }, aMessage({ body: "no JSON either" })],
    queue: { redrive: { maxReceives: 100, deadLetterQueue: "skunky-dead" } },
    queues: [aQueue({ name: "skunky-dead" })],
  });
  await run();
  t.strictSame(leftIn(aws, "skunky-dead"), ["no JSON"]);
  t.strictSame(leftIn(aws), ["no JSON either"]);
});

test("an account that denies keeps no other from its tags, and is tagged as soon as it lets us", async (t) => {
  const denied = { accountId: closedAccount, instanceId: first };
  const { aws, run, marks } = await open(t, {
    messages: [aLogin(denied), aLogin({ accountId: openAccount, instanceId: first })],
  });
  const ran = await run([...commit, "--tag-unverified"]);
  t.strictSame(leftIn(aws), [], "its mark is durable, so its message is done with");
  t.match(statusOf(ran), { ok: true, partial: true });
  t.match(ran.stderr, [/tags in account 200000000002.*AccessDenied|tags in account 200000000002.*not authorized/]);
  t.match(await marks(closedAccount), [{ unverified: { count: 1 } }]);
  t.equal(dirtyTag(aws, { accountId: openAccount, instanceId: first }), "skunked");
  trust(aws, closedAccount);
  const again = await run([...commit, "--tag-unverified"]);
  t.equal(again.exitCode, 0);
  t.equal(dirtyTag(aws, denied), "skunked");
  t.match(field(pointsOf(again), "dirtymark_tags"), [{ tagged: 1, due: 0 }]);
  const third = await run([...commit, "--tag-unverified"]);
  t.equal(third.calls["ec2:CreateTags"], undefined, "and not again");
});

test("a sender of whom nothing is proven is counted apart, and not tagged unless that is asked for", async (t) => {
  const host = { accountId: openAccount, instanceId: first };
  const { aws, run, marks } = await open(t, { messages: [aLogin(host, { senderId: "AIDAEXAMPLE" })] });
  const ran = await run();
  t.match(field(pointsOf(ran), "dirtymark_queue"), [{ unverified: 1 }]);
  t.match(await marks(openAccount), [{ unverified: { count: 1 }, verified: undefined }]);
  t.equal(dirtyTag(aws, host), undefined);
});

test("instances that are gone or full of tags keep their batch from nothing, and end in a state with a name", async (t) => {
  const gone = instanceName(99);
  const { aws, run, marks } = await open(t, {
    messages: [first, gone, second].map((instanceId) => aLogin({ accountId: openAccount, instanceId })),
  });
  const ran = await run();
  t.match(field(pointsOf(ran), "dirtymark_tags"), [{ tagged: 2, untaggable: 1, due: 0 }]);
  t.equal(dirtyTag(aws, { accountId: openAccount, instanceId: second }), "skunked");
  const named = new Map((await marks(openAccount)).map(({ instanceId, untaggable }) => [instanceId, untaggable]));
  t.strictSame([named.get(gone), named.get(first)], ["not_found", undefined]);
});

test("a queue that is not there is one line that names it", async (t) => {
  const { run } = await open(t);
  const ran = await run(["--queue", "skunki"]);
  t.equal(ran.exitCode, 1);
  t.match(ran.stderr, [/skunki/]);
  t.equal(ran.stderr.length, 1);
});

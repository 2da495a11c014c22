import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { type Test, test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import type { OfflineAws } from "../../lib/demo/offline-aws.ts";
import { addMessage } from "../../lib/demo/scenario/build-queues.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openDueBook } from "../../lib/marks/tags-due.ts";
import { openDynamoDbStore } from "../../lib/state/dynamodb.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import type { Store } from "../../lib/state/store.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import {
  aLogin,
  dirtyTag,
  home,
  hostSender,
  hub,
  instanceName,
  leftIn,
  openAccount,
  startMarkingWorld,
} from "../support/marking-world.ts";
import { executablePath } from "../support/run-executable.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { skipWithout } from "./support/peers.ts";
import { startDynamoDbLocal } from "./support/start-dynamodb-local.ts";

/** Two processes at once drain a queue, each killed at a random instant; in the end all is as if none had been. */
const rounds = Number(process.env.KILL_ROUNDS ?? 40);

const instances = 40;
const sentEachRound = 24;

interface Scene {
  readonly aws: OfflineAws;
  readonly store: Store;
  readonly start: () => ChildProcess;
  /** By instance, how many were sent that are honest. */
  readonly sent: Map<string, number>;
  /** Sends some, and has those come again that somebody received and did not delete. */
  next(): void;
}

interface StateUnderTest {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly open: () => Promise<Store>;
}

async function setScene(t: Test, state: StateUnderTest): Promise<Scene> {
  let now = Date.now();
  const aws = await startMarkingWorld({ now: () => now, instances: instances + 1, latencyMs: 4 });
  t.teardown(() => aws.close());
  const queue = aws.organization.accounts
    .find(({ id }) => id === hub)
    ?.regions.find(home)
    ?.queues.find("skunky");
  if (queue === undefined) throw new Error("no queue was built");
  const store = await state.open();
  t.teardown(() => store.close());
  const sent = new Map<string, number>();
  let made = 0;
  const send = (message: Parameters<typeof addMessage>[1]) => {
    made += 1;
    addMessage(queue, message, { now, name: String(made) });
  };
  const forged = aLogin(
    { accountId: openAccount, instanceId: instanceName(instances) },
    { senderId: hostSender(openAccount, instanceName(0)) },
  );
  const commit = ["--mode", "commit", "--tag", "dirty=skunked", "--act-on-accounts", openAccount, "--lease-time", "1s"];
  return {
    ...{ aws, store, sent },
    start: () =>
      spawn(
        process.execPath,
        [executablePath("dirtymark"), ...commit, "--visibility", "30s", "--window", "10", ...state.argv],
        {
          env: { HOME: makeDirectory(t), ...aws.environment(hub), AWS_REGION: home, ...state.environment },
          stdio: "ignore",
        },
      ),
    next() {
      now += seconds(31);
      for (let index = 0; index < sentEachRound; index += 1) {
        const instanceId = instanceName(Math.floor(Math.random() * instances));
        sent.set(instanceId, (sent.get(instanceId) ?? 0) + 1);
        send(aLogin({ accountId: openAccount, instanceId }));
      }
      send(forged);
    },
  };
}

/** After so many more calls of whomever, and a moment later: what is done between two calls is done by then, or not. */
async function killAfter(child: ChildProcess, { aws, calls }: { readonly aws: OfflineAws; readonly calls: number }) {
  const ended = once(child, "exit");
  const aim = callsOf(aws) + calls;
  while (child.exitCode === null && callsOf(aws) < aim) await pause(1);
  await pause(25 * Math.random() ** 2);
  child.kill("SIGKILL");
  await ended;
}

const callsOf = (aws: OfflineAws): number => Object.values(aws.calls()).reduce((one, other) => one + other, 0);

async function runWhole({ start }: Scene): Promise<void> {
  await once(start(), "exit");
}

const countsOf = async (store: Store): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for await (const { instanceId, verified } of openMarks(store, openAccount, Date.now).list())
    counts.set(instanceId, verified?.count ?? 0);
  return counts;
};

const dueIn = async (store: Store): Promise<number> => {
  let count = 0;
  for await (const _promised of openDueBook(store, () => "").list()) count += 1;
  return count;
};

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((one, other) => one + other, 0);

interface Struck {
  /** Between the marks and the deletion of their messages. */
  marked: number;
  /** Between the promise of a tag and the tag. */
  promised: number;
}

async function runRounds(scene: Scene): Promise<Struck> {
  const { aws, store, sent, next, start } = scene;
  next();
  const before = callsOf(aws);
  await runWhole(scene);
  // Of two processes; some outlive it.
  const calls = 1.8 * (callsOf(aws) - before);
  const struck = { marked: 0, promised: 0 };
  for (let round = 0; round < rounds; round += 1) {
    next();
    await Promise.all([1, 2].map(() => killAfter(start(), { aws, calls: Math.floor(calls * Math.random()) })));
    const honest = leftIn(aws).filter((body) => !body.includes(instanceName(instances))).length;
    if (sum(await countsOf(store)) + honest > sum(sent)) struck.marked += 1;
    if ((await dueIn(store)) > 0) struck.promised += 1;
  }
  return struck;
}

async function testRounds(t: Test, state: StateUnderTest): Promise<void> {
  const scene = await setScene(t, state);
  const { aws, store, sent, next } = scene;
  const struck = await runRounds(scene);
  t.comment(`${rounds} rounds, kills after marks in ${struck.marked}, after promises in ${struck.promised}`);
  t.ok(struck.marked >= rounds / 50, "kills have struck between a mark and the deletion of its message");
  t.ok(struck.promised >= rounds / 50, "and between the promise of a tag and the tag");
  // What is forged is buried when it was refused often enough.
  for (let run = 0; run < 6; run += 1) {
    next();
    await runWhole(scene);
  }
  t.strictSame([...(await countsOf(store))].sort(), [...sent].sort(), "each event counts once");
  t.ok(
    leftIn(aws).every((body) => body.includes(instanceName(instances))),
    "no honest message is left",
  );
  t.ok(leftIn(aws).length < 6, "nor one that was forged long ago");
  t.equal(await dueIn(store), 0, "no tag is still due");
  const untagged = [...sent.keys()].filter(
    (instanceId) => dirtyTag(aws, { accountId: openAccount, instanceId }) !== "skunked",
  );
  t.strictSame(untagged, []);
  t.equal(dirtyTag(aws, { accountId: openAccount, instanceId: instanceName(instances) }), undefined);
}

test("embedded state", { timeout: 900_000 }, async (t) => {
  const directory = makeDirectory(t);
  await testRounds(t, {
    argv: ["--state-directory", directory],
    environment: {},
    open: () => openEmbeddedStore({ directory }),
  });
});

test("state in DynamoDB", { timeout: 900_000, skip: skipWithout("DynamoDB Local") }, async (t) => {
  const url = await startDynamoDbLocal(t);
  const client = makeDynamoDbClient(url);
  t.teardown(() => client.destroy());
  await testRounds(t, {
    argv: ["--state", "dynamodb", "--state-region", "us-east-1"],
    environment: { AWS_ENDPOINT_URL_DYNAMODB: url },
    open: () => openDynamoDbStore({ client, table: "stalewatch", warn: () => {}, stop: new AbortController().signal }),
  });
});

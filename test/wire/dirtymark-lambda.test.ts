import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { type Test, test } from "tap";
import type { OfflineAws } from "../../lib/demo/offline-aws.ts";
import {
  aLogin,
  closedAccount,
  dirtyTag,
  home,
  hostSender,
  hub,
  instanceName,
  openAccount,
  startMarkingWorld,
} from "../support/marking-world.ts";
import { executablePath } from "../support/run-executable.ts";

const [first, second] = [instanceName(0), instanceName(1)];

/** As AWS documents an event of SQS, with what a case says in place. */
const sample: SQSEvent = JSON.parse(
  readFileSync(new URL("../data/lambda/standard-queue.json", import.meta.url), "utf8"),
);

const aRecord = (messageId: string, login: ReturnType<typeof aLogin>, receiveCount = 1): SQSRecord => {
  const [record] = sample.Records;
  if (record === undefined) throw new Error("the sample has no record");
  return {
    ...record,
    ...{ messageId, receiptHandle: `receipt of ${messageId}`, body: login.body, awsRegion: home },
    eventSourceARN: `arn:aws:sqs:${home}:${hub}:skunky`,
    attributes: {
      ...record.attributes,
      ...{ SenderId: login.senderId, ApproximateReceiveCount: `${receiveCount}` },
    },
  };
};

/** Calls the bundle's handler once for each event, in one process, as a warm function is called. */
const script = `
  const { handler } = require(process.argv[1]);
  let text = "";
  process.stdin.on("data", (chunk) => { text += chunk; }).on("end", async () => {
    const answers = [];
    for (const event of JSON.parse(text)) {
      answers.push(await handler(event, { getRemainingTimeInMillis: () => 20_000 }).catch((e) => ({ failed: e.message })));
    }
    console.error("ANSWERS " + JSON.stringify(answers));
    process.exit(0);
  });
`;

interface Invocation {
  readonly aws: OfflineAws;
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

async function invoke(events: readonly SQSEvent[], { aws, directory, environment = {} }: Invocation) {
  const child = spawn(process.execPath, ["-e", script, executablePath("dirtymark-lambda")], {
    env: {
      ...aws.environment(hub),
      ...{ AWS_REGION: home, STALEWATCH_MODE: "commit", STALEWATCH_STATE: "embedded", HOME: directory },
      ...{ STALEWATCH_STATE_DIRECTORY: directory, DIRTYMARK_TAG: "dirty=skunked" },
      STALEWATCH_ACT_ON_ACCOUNTS: `${openAccount},${closedAccount}`,
      ...environment,
    },
    timeout: 50_000,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(JSON.stringify(events));
  await once(child, "close");
  const line = stderr.split("\n").find((one) => one.startsWith("ANSWERS ")) ?? "ANSWERS []";
  const answers: readonly (SQSBatchResponse & { readonly failed?: string })[] = JSON.parse(
    line.slice("ANSWERS ".length),
  );
  return { stdout, stderr, answers };
}

async function open(t: Test) {
  const aws = await startMarkingWorld();
  t.teardown(() => aws.close());
  return { aws, directory: t.testdir() };
}

test("an invocation answers the messages that must come again, and no others", async (t) => {
  const world = await open(t);
  const { aws } = world;
  const host = { accountId: openAccount, instanceId: first };
  const event = {
    Records: [
      aRecord("honest", aLogin(host)),
      aRecord("honest", aLogin(host), 2),
      aRecord("other", aLogin({ ...host, instanceId: second })),
      aRecord("forged", aLogin(host, { senderId: hostSender(openAccount, second) })),
      aRecord("poison", { ...aLogin(host), body: "no JSON" }),
      aRecord("poison for long", { ...aLogin(host), body: "no JSON" }, 9),
    ],
  };
  const { answers, stdout } = await invoke([event, event], world);
  const want = { batchItemFailures: [{ itemIdentifier: "forged" }, { itemIdentifier: "poison" }] };
  t.strictSame(answers, [want, want], "an event that is replayed is answered the same");
  t.equal(dirtyTag(aws, host), "skunked");
  t.match(stdout, /^dirtymark_run,.*received=6i/m);
  t.match(stdout, /^dirtymark_run,.*buried=1i/m);
});

test("where nothing can be kept, all comes again", async (t) => {
  const world = await open(t);
  const event = { Records: [aRecord("a", aLogin({ accountId: openAccount, instanceId: first }))] };
  const environment = { STALEWATCH_STATE_DIRECTORY: "/dev/null/state" };
  const { answers } = await invoke([event], { ...world, environment });
  const [answer] = answers;
  t.match(answer?.failed, /\/dev\/null\/state/);
});

const wrong = [
  {
    name: "a mode that receives nothing",
    environment: { STALEWATCH_MODE: "observe" },
    says: /STALEWATCH_MODE must be commit/,
  },
  { name: "a setting that can't be read", environment: { DIRTYMARK_TAG: "dirty" }, says: /DIRTYMARK_TAG/ },
] as const;

for (const { name, environment, says } of wrong) {
  test(`${name} fails the invocation, which deletes nothing`, async (t) => {
    const world = await open(t);
    const event = { Records: [aRecord("a", aLogin({ accountId: openAccount, instanceId: first }))] };
    const { answers } = await invoke([event], { ...world, environment });
    t.match(answers, [{ failed: says }]);
  });
}

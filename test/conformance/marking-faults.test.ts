import { type Test, test } from "tap";
import { type Millis, seconds } from "../../lib/core/time.ts";
import type { Fault } from "../../lib/demo/call-rules.ts";
import { addressesOf } from "../../lib/demo/ec2/addresses.ts";
import { endpointIn } from "../../lib/demo/ec2/connect-endpoints.ts";
import { deriveId } from "../../lib/demo/identifiers.ts";
import type { OfflineAws } from "../../lib/demo/offline-aws.ts";
import { addMessage } from "../../lib/demo/scenario/build-queues.ts";
import { anAccount, anInstanceProfile, anInstanceRole, aRole } from "../../lib/demo/scenario/builders.ts";
import { aMessage, aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { MessageSpec } from "../../lib/demo/scenario/region-specs.ts";
import type { AccountSpec } from "../../lib/demo/scenario/specs.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { readMessage } from "../support/host-messages.ts";
import {
  aLogin,
  closedAccount,
  dirtyTag,
  home,
  hostSender,
  hub,
  instanceName,
  leftIn,
  openAccount,
  startMarkingWorld,
} from "../support/marking-world.ts";
import { pointsOf, type Run, runDirtymark, startDirtymark } from "../support/run-executable.ts";

/**
 * Ten thousand messages through an AWS in which everything goes wrong now and then: at the end each is accounted for, and
 * what is marked is what was honest.
 */
const accountIds = [openAccount, closedAccount, "200000000003"] as const;
const strangeAccount = "999900000000";

/** Of each account. Few enough events for each that a mark remembers them all. */
const instances = 250;

/** Of each account, beside: nobody touches them. */
const victims = 20;

const victimIn = (accountId: string, random: (below: number) => number) => ({
  accountId,
  instanceId: instanceName(instances + random(victims)),
});

/** The same in each run of the test. */
function openRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Expected = Map<string, { verified: number; unverified: number }>;

interface Stream {
  readonly messages: readonly MessageSpec[];
  /** By `account/instance`, however often each is delivered. */
  readonly expected: Expected;
  /** Bodies that are to stay. */
  readonly staying: number;
  readonly byKind: Readonly<Record<string, number>>;
}

type Made = readonly [
  kind: string,
  message: MessageSpec,
  marks?: { readonly key: string; readonly isVerified: boolean },
];

const poison: readonly string[] = [
  ...[
    "no JSON",
    "[]",
    "null",
    "7",
    '"i-0"',
    "{}",
    '{"instance_id":{}}',
    `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`,
  ],
  ...['{"__proto__":{"instance_id":"i-00000000000000001"}}', '{"instance_id":"i-\\ud800"}', '{"instance_id":1e999}'],
  JSON.stringify({ instance_id: instanceName(1), instance_account_id: "12", instance_region: home, event: "ssh" }),
  JSON.stringify({ instance_id: "i-zz", instance_account_id: openAccount, instance_region: home, event: "ssh" }),
  JSON.stringify({
    instance_id: instanceName(1),
    instance_account_id: openAccount,
    instance_region: home,
    event: "a b",
  }),
  JSON.stringify({ Type: "Notification", Message: "{}" }),
  `{"instance_id":"${"😀".repeat(90_000)}"}`,
  `${"x".repeat(4095)}😀 cut in the middle of a pair`,
];

/** What EventBridge sends of a session in an instance. */
const aSession = (accountId: string, instanceId: string, changes: Readonly<Record<string, unknown>>) =>
  readMessage("start-session", {
    ...{ account: accountId, region: home, "detail/recipientAccountId": accountId, "detail/awsRegion": home },
    ...{ "detail/userIdentity/accountId": accountId, "detail/requestParameters/target": instanceId },
    ...changes,
  });

function makeStream(
  count: number,
  seed: number,
  make: (random: (below: number) => number, index: number) => Made,
): Stream {
  const random = openRandom(seed);
  const expected: Expected = new Map();
  const byKind: Record<string, number> = {};
  const messages: MessageSpec[] = [];
  for (let index = 0; index < count; index += 1) {
    const [kind, message, marks] = make(random, index);
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    messages.splice(random(messages.length + 1), 0, message);
    if (marks === undefined) continue;
    const sums = expected.get(marks.key) ?? { verified: 0, unverified: 0 };
    sums[marks.isVerified ? "verified" : "unverified"] += 1;
    expected.set(marks.key, sums);
  }
  return { messages, expected, staying: (byKind.strange ?? 0) + (byKind.misplaced ?? 0), byKind };
}

const hostStream = makeStream(7000, 7, (random): Made => {
  const accountId = accountIds[random(accountIds.length)] ?? openAccount;
  const instanceId = instanceName(random(instances));
  const host = { accountId, instanceId };
  const key = `${accountId}/${instanceId}`;
  const dice = random(100);
  // Nobody can be asked about the roles of the account that denies.
  if (dice < 70) return ["honest", aLogin(host), { key, isVerified: accountId !== closedAccount }];
  if (dice < 78) return ["poison", aMessage({ body: poison[random(poison.length)] ?? "" })];
  if (dice < 84)
    return ["forged", aLogin(victimIn(accountId, random), { senderId: hostSender(accountId, instanceId) })];
  if (dice < 88) return ["user", aLogin(host, { senderId: deriveId("AIDA", "mallory") }), { key, isVerified: false }];
  if (dice < 92) {
    const senderId = `${deriveId("AROA", "mallory")}:${instanceId}`;
    return ["role of nobody's", aLogin(host, { senderId }), { key, isVerified: false }];
  }
  if (dice < 96) return ["strange", aLogin({ accountId: strangeAccount, instanceId })];
  const victim = victimIn(accountId, random).instanceId;
  return ["forged", aMessage({ body: aSession(accountId, victim, {}), senderId: hostSender(accountId, victim) })];
});

const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;

const forwardedStream = (aws: Pick<OfflineAws, "organization">): Stream => {
  const sent: Made[] = [];
  return makeStream(3000, 11, (random, index): Made => {
    const accountId = accountIds[random(accountIds.length)] ?? openAccount;
    const instanceId = instanceName(random(instances));
    const key = `${accountId}/${instanceId}`;
    const id = { "detail/eventID": idOf(index), id: idOf(index) };
    const dice = random(100);
    const [, repeated] = sent[random(Math.max(sent.length, 1))] ?? [];
    if (dice < 10 && repeated !== undefined) return ["sent again", repeated];
    if (dice < 70) {
      const made: Made = ["honest", aMessage({ body: aSession(accountId, instanceId, id) }), { key, isVerified: true }];
      sent.push(made);
      return made;
    }
    if (dice < 78)
      return [
        "failed",
        aMessage({ body: aSession(accountId, instanceId, { ...id, "detail/errorCode": "TargetNotConnected" }) }),
      ];
    if (dice < 86) return tunnelTo(aws, { accountId, instanceId, id });
    if (dice < 90) return ["poison", aMessage({ body: poison[random(poison.length)] ?? "" })];
    const victim = victimIn(accountId, random);
    if (dice < 93)
      return ["forged", aMessage({ body: aSession(accountId, victim.instanceId, { ...id, source: "acme.ssm" }) })];
    if (dice < 96) return ["misplaced", aLogin(victim)];
    return ["strange", aMessage({ body: aSession(strangeAccount, instanceId, { ...id, account: strangeAccount }) })];
  });
};

interface TunnelEnd {
  readonly accountId: string;
  readonly instanceId: string;
  readonly id: Readonly<Record<string, unknown>>;
}

function tunnelTo({ organization }: Pick<OfflineAws, "organization">, { accountId, instanceId, id }: TunnelEnd): Made {
  const account = organization.accounts.find((one) => one.id === accountId);
  const instance = account?.regions.find(home)?.instances.find(instanceId);
  if (instance === undefined) throw new Error(`no instance ${instanceId}`);
  const body = readMessage("open-tunnel", {
    ...id,
    ...{ account: accountId, region: home, "detail/recipientAccountId": accountId, "detail/awsRegion": home },
    "detail/requestParameters/instanceConnectEndpointId": endpointIn(instance.vpcId),
    "detail/requestParameters/privateIpAddress": addressesOf(instance, home)?.privateAddress,
    "detail/eventTime": new Date().toISOString(),
    time: new Date().toISOString(),
  });
  const message = aMessage({ body });
  // Of an account that denies nobody can say where it leads.
  if (accountId === closedAccount) return ["unresolved", message];
  return ["tunnel", message, { key: `${accountId}/${instanceId}`, isVerified: true }];
}

const failing = { status: 500, message: "try again" } as const;

/** So many calls lie between one fault and the next that no call meets more of them than it is tried again. */
function faultsOf(action: string, first: number): readonly Fault[] {
  const troubles = [
    { kind: "error", code: "InternalError", ...failing },
    { kind: "error", code: "InternalError", ...failing, when: "after" },
    { kind: "cut", when: "before" },
    { kind: "cut" },
    { kind: "torn" },
    { kind: "error", code: "RequestThrottled", status: 403, message: "slower" },
    { kind: "slow", ms: 300 },
    // After the deed nobody could know that it was done: it is not asked for again.
    { kind: "garbage", when: "before" },
  ] as const;
  return troubles.map((trouble, index) => ({ ...trouble, action, after: first + 25 * index, times: 1 }));
}

/** Entries of batches that the others outlive. */
const singleFaults: readonly Fault[] = ["sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:SendMessage"].flatMap(
  (action) => [
    { action, kind: "error", code: "InternalError", ...failing, after: 5, times: 23 },
    { action, kind: "error", code: "RequestThrottled", status: 403, message: "slower", after: 300, times: 9 },
  ],
);

const commit = [
  ...["--mode", "commit", "--tag", "dirty=skunked", "--act-on-accounts", accountIds.join(), "--visibility", "30s"],
  ...["--known-accounts", accountIds.join(), "--state", "embedded", "--deadline", "45s"],
];

const queues = [
  { name: "skunky", argv: ["--queue", "skunky"] },
  { name: "touches", argv: ["--queue", "touches", "--senders", "forwarders"] },
] as const;

const fieldsOf = (run: Pick<Run, "stdout">, measurement: string): Readonly<Record<string, number>> => {
  const [point, ...others] = pointsOf(run, measurement);
  if (point === undefined || others.length > 0) throw new Error(`not one ${measurement}: ${run.stdout}`);
  // Its fields are all counts.
  return point.fields as Readonly<Record<string, number>>;
};

const ended = ["recorded", "ignored", "dropped", "unresolved", "buried"] as const;

const sumOf = (fields: Readonly<Record<string, number>>, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (fields[name] ?? 0), 0);

const account = (id: string, roles: AccountSpec["roles"]): AccountSpec =>
  anAccount({
    ...{
      id,
      roles: [...roles, anInstanceRole({ name: "web" })],
      instanceProfiles: [anInstanceProfile({ name: "web" })],
    },
    regions: [
      aRegion({
        name: home,
        instances: Array.from({ length: instances + victims }, (_, index) => anInstance({ id: instanceName(index) })),
      }),
    ],
  });

async function openWorld(t: Test) {
  let now = Date.now();
  const aws = await startMarkingWorld({
    ...{ now: () => now, instances: instances + victims, shortPages: 5 },
    ...{ messages: hostStream.messages, accounts: [account(accountIds[2], [aRole({ name: "Skunky" })])] },
    queues: [
      aQueue({ name: "touches-dead" }),
      aQueue({ name: "touches", redrive: { maxReceives: 100, deadLetterQueue: "touches-dead" } }),
    ],
  });
  t.teardown(() => aws.close());
  const queue = aws.organization.accounts
    .find(({ id }) => id === hub)
    ?.regions.find(home)
    ?.queues.find("touches");
  if (queue === undefined) throw new Error("no queue was built");
  const forwarded = forwardedStream(aws);
  for (const [index, message] of forwarded.messages.entries()) addMessage(queue, message, { now, name: `${index}` });
  return {
    ...{ aws, forwarded },
    /** Longer than a message is hidden. */
    pass: (length: Millis) => {
      now += length;
    },
  };
}

const faults: readonly Fault[] = [
  ...singleFaults,
  ...faultsOf("sqs:ReceiveMessage", 20),
  ...faultsOf("sqs:DeleteMessageBatch", 10),
  ...faultsOf("sqs:SendMessageBatch", 1)
    .slice(0, 4)
    .map((fault, index) => ({ ...fault, after: 1 + 2 * index })),
  ...["iam:ListInstanceProfiles", "sts:AssumeRole", "ec2:CreateTags", "ec2:DescribeInstances"].flatMap((action) =>
    faultsOf(action, 0).map((fault, index) => ({ ...fault, after: 2 * index })),
  ),
];

test("ten thousand messages through an AWS that fails now and then", async (t) => {
  const { aws, forwarded, pass } = await openWorld(t);
  const directory = t.testdir();
  const streams = { skunky: hostStream, touches: forwarded };
  aws.organization.faults.push(...faults);
  const launch = (argv: readonly string[]) => ({
    ...{
      argv: [...commit, "--state-directory", directory, ...argv],
      identity: hub,
      directory,
      remembers: true as const,
    },
    environment: { AWS_REGION: home },
  });
  const totals: Record<string, Record<string, number>> = { skunky: {}, touches: {} };
  const add = (queue: string, run: Run) => {
    const fields = fieldsOf(run, "dirtymark_run");
    const total = totals[queue] ?? {};
    t.equal(fields.received, sumOf(fields, [...ended, "refused", "kept"]), "each delivery has one fate");
    for (const [name, count] of Object.entries(fields)) total[name] = (total[name] ?? 0) + count;
  };

  for (const { name, argv } of queues) {
    const started = startDirtymark(aws, launch(argv));
    started.child.stdin.end();
    // In the midst of its work.
    const before = aws.calls()["sqs:DeleteMessageBatch"] ?? 0;
    while ((aws.calls()["sqs:DeleteMessageBatch"] ?? 0) < before + 60) await new Promise((next) => setTimeout(next, 5));
    started.child.kill("SIGTERM");
    const run = await started.ended;
    t.equal(run.exitCode, 0);
    add(name, run);
    t.ok(leftIn(aws, name).length > streams[name].messages.length / 10, "there is still much to do");
    pass(seconds(31));
  }
  let rounds = 1;
  for (; rounds < 12 && queues.some(({ name }) => leftIn(aws, name).length > streams[name].staying); rounds += 1) {
    for (const { name, argv } of queues) {
      const run = await runDirtymark(aws, launch(argv));
      t.equal(run.exitCode, 0, run.stderr.join());
      add(name, run);
    }
    pass(seconds(31));
  }
  t.comment(`${rounds} rounds`, totals, aws.calls());

  for (const { name } of queues) {
    const { messages, staying, byKind, expected } = streams[name];
    const total = totals[name] ?? {};
    const left = leftIn(aws, name).length;
    t.equal(left, staying, `${name}: what may not be marked is left, and nothing else`);
    t.equal(sumOf(total, ended), messages.length - left, `${name}: what is gone is what the points say`);
    const marking = [...expected.values()].reduce((sum, one) => sum + one.verified + one.unverified, 0);
    t.match(
      total,
      {
        recorded: marking + (byKind["sent again"] ?? 0),
        ignored: byKind.failed ?? 0,
        unresolved: byKind.unresolved ?? 0,
        buried: (byKind.poison ?? 0) + (byKind.forged ?? 0),
        dropped: 0,
      },
      name,
    );
  }
  await checkMarks(t, { aws, directory, expected: [hostStream.expected, forwarded.expected] });
});

interface World {
  readonly aws: OfflineAws;
  readonly directory: string;
  readonly expected: readonly Expected[];
}

/** Each honest instance has one record, with each of its events once; no other instance has any, or a tag. */
async function checkMarks(t: Test, { aws, directory, expected }: World): Promise<void> {
  const store = await openEmbeddedStore({ directory });
  const marks = new Map<string, Pick<Mark, "verified" | "unverified">>();
  for (const accountId of [...accountIds, strangeAccount])
    for await (const mark of openMarks(store, accountId, Date.now).list())
      marks.set(`${accountId}/${mark.instanceId}`, mark);
  await store.close();
  const keys = new Set(expected.flatMap((one) => [...one.keys()]));
  t.strictSame([...marks.keys()].sort(), [...keys].sort(), "who is marked");
  const wrong = [...keys].filter((key) =>
    (["verified", "unverified"] as const).some(
      (trust) =>
        (marks.get(key)?.[trust]?.count ?? 0) !== expected.reduce((sum, one) => sum + (one.get(key)?.[trust] ?? 0), 0),
    ),
  );
  t.strictSame(wrong, [], "each event counts once, believed or not");
  const badlyTagged = accountIds.flatMap((accountId) =>
    Array.from({ length: instances + victims }, (_, index) => instanceName(index)).filter((instanceId) => {
      const mayBeTagged =
        accountId !== closedAccount && marks.get(`${accountId}/${instanceId}`)?.verified !== undefined;
      return dirtyTag(aws, { accountId, instanceId }) !== (mayBeTagged ? "skunked" : undefined);
    }),
  );
  t.strictSame(badlyTagged, [], "whoever was believed is tagged where that is allowed, and nobody else");
}

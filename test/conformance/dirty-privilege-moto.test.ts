import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import file, { type Test, test } from "tap";
import { policyDocument } from "../../lib/aws/policy-document.ts";
import { minutes } from "../../lib/core/time.ts";
import type { Region } from "../../lib/demo/region.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { clientConfig } from "../demo/offline-clients.ts";
import { readMessage } from "../support/host-messages.ts";
import { executablePath, pointsOf } from "../support/run-executable.ts";
import { runStalewatch } from "../support/run-stalewatch.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { skipWithout } from "./support/peers.ts";
import { prodId, startAws } from "./support/scenario.ts";
import { type Credentials, type Moto, startMoto } from "./support/start-moto.ts";
import { runProcess } from "./support/start-process.ts";

/**
 * The printed policies of what drains the queue, and of each account's role, under moto's enforcement: they suffice, and no
 * less does. moto knows neither Resources nor the conditions that ours have (test/stalewatch/dirtymark-policies.test.ts holds
 * these against requests), asks for a permission of its own for each batch, and names no host as a message's sender, so that
 * instance profiles are never asked for: forwarders speak here.
 */
const skip = skipWithout("moto");

file.setTimeout(minutes(3));

const region = "eu-west-1";
const otherId = "210987654321";
const instanceId = "i-0123456789abcdef0";
const consumer: Credentials = { id: "AKIACONSUMERCONSUME2", secret: "Y29uc3VtZXI" };
const admin: Credentials = { id: "AKIAADMINADMINADMIN2", secret: "YWRtaW4" };

const settings = {
  ...{ STALEWATCH_MODE: "commit", STALEWATCH_ACT_ON_ACCOUNTS: otherId, AWS_REGION: region },
  // What is refused is buried at once.
  ...{ DIRTYMARK_SENDERS: "forwarders", DIRTYMARK_TAG: "dirty=skunked", DIRTYMARK_MAX_RECEIVES: "1" },
};

async function printActions(args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runStalewatch(["iam-policy", "dirtymark", ...args], settings);
  if (code !== 0) throw new Error(stderr);
  const { Statement } = JSON.parse(stdout) as { readonly Statement: readonly { readonly Action: readonly string[] }[] };
  return [...new Set(Statement.flatMap(({ Action }) => Action))].sort();
}

/** SQS takes a batch for what one of its kind needs (SQS Developer Guide, "API permissions"). */
const batched = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:SendMessage"];
const inMoto = (actions: readonly string[]): readonly string[] =>
  actions.flatMap((action) => (batched.includes(action) ? [action, `${action}Batch`] : [action]));

interface Allowed {
  readonly home: readonly string[];
  readonly role: readonly string[];
}

interface World {
  readonly moto: Moto;
  /** With the instance. */
  readonly regions: readonly Region[];
}

/** One run by who may do just this: a message of an instance in another account, and one that nobody can read. */
async function drainAllowed(t: Test, { moto, regions }: World, { home, role }: Allowed) {
  await moto.reset();
  const [consumerPolicy, rolePolicy] = [home, role].map((actions) => policyDocument(inMoto(actions)));
  await moto.seed({
    account: prodId,
    users: [
      { name: "admin", policy: policyDocument(["*"]), keys: [admin] },
      { name: "consumer", policy: consumerPolicy ?? {}, keys: [consumer] },
    ],
  });
  await moto.seed({ account: otherId, roles: [{ name: "Skunky", policy: rolePolicy ?? {} }], regions });
  await moto.enforcePolicies();
  const sqs = new SQSClient({ ...clientConfig(moto.environment(admin)), region });
  await sqs.send(new CreateQueueCommand({ QueueName: "skunky-dead" }));
  const deadLetterTargetArn = `arn:aws:sqs:${region}:${prodId}:skunky-dead`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 100 });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "skunky", Attributes: { RedrivePolicy } }));
  const touched = {
    ...{ account: otherId, region, "detail/requestParameters/target": instanceId },
    ...{ "detail/recipientAccountId": otherId, "detail/awsRegion": region },
  };
  for (const MessageBody of [readMessage("start-session", touched), "nobody can read this"])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const before = (await moto.calls()).length;
  const run = await runProcess(t, {
    command: process.execPath,
    args: [executablePath("dirtymark"), "--state-directory", `${makeDirectory(t, {})}/state`],
    environment: { ...moto.environment(consumer), ...settings },
  });
  const points = (name: string) => pointsOf(run, name).map(({ fields }) => fields);
  const [drained, tags, status] = [points("dirtymark_run"), points("dirtymark_tags"), points("stalewatch_run")];
  const { recorded, buried, refused, kept } = drained[0] ?? {};
  const [first = ""] = run.stderr.split("\n");
  return {
    ...{ code: run.code, recorded, buried, refused, kept, first, ...tags[0] },
    ...{ partial: status[0]?.partial, called: new Set((await moto.calls()).slice(before)) },
  };
}

const whole = {
  code: 0,
  recorded: 1,
  buried: 1,
  refused: 0,
  kept: 0,
  tagged: 1,
  untaggable: 0,
  due: 0,
  partial: false,
  first: "",
};
const partial = (first: RegExp) => ({ ...whole, partial: true, first });

/** What is left of a run where what drains the queue, or the account's role, lacks one action. */
const lacking: Readonly<Record<keyof Allowed, Readonly<Record<string, object>>>> = {
  home: {
    "sqs:GetQueueUrl": {
      code: 1,
      recorded: undefined,
      tagged: undefined,
      first: /^E! .*sqs:GetQueueUrl on queue "skunky"/,
    },
    // Nobody knows then which its dead-letter queue is.
    "sqs:GetQueueAttributes": {
      recorded: 1,
      buried: 0,
      tagged: 1,
      partial: true,
      first: /sqs:GetQueueAttributes on queue "skunky"/,
    },
    "sqs:ReceiveMessage": {
      code: 0,
      recorded: 0,
      tagged: undefined,
      partial: true,
      first: /sqs:ReceiveMessage on queue/,
    },
    "sqs:DeleteMessage": { recorded: 0, tagged: 1, partial: true, first: /sqs:DeleteMessage on queue/ },
    "sqs:SendMessage": { partial: true, first: /sqs:SendMessage on queue "skunky-dead"/ },
    "sts:AssumeRole": { ...partial(/sts:AssumeRole of "arn:.*Skunky/), tagged: 0, due: 1 },
  },
  role: {
    "ec2:CreateTags": { ...partial(/ec2:CreateTags/), tagged: 0, due: 1 },
  },
};

/** Only where work takes long or goes wrong; where a host speaks; where a tunnel is to be resolved. */
const notByThisRun: Allowed = {
  home: ["sqs:ChangeMessageVisibility"],
  role: ["ec2:DescribeInstanceConnectEndpoints", "ec2:DescribeInstances"],
};

test("with policies enforced", { skip }, async (t) => {
  const account = anAccount({
    ...{ id: otherId, alias: "other" },
    regions: [aRegion({ name: region, instances: [anInstance({ id: instanceId })] })],
  });
  const aws = await startAws(t, { scenario: anOrganization({ accounts: [account] }) });
  const regions = aws.organization.accounts.flatMap((one) => one.regions.list());
  const world = { moto: await startMoto(t), regions };
  const allowed: Allowed = { home: await printActions([]), role: await printActions(["--for", "mark-role"]) };

  for (const whose of ["home", "role"] as const)
    t.strictSame(
      [...Object.keys(lacking[whose]), ...notByThisRun[whose]].sort(),
      allowed[whose],
      `each action of ${whose} is left out once`,
    );

  await t.test("the printed policies suffice, and no action is idle", async (t) => {
    const { called, ...run } = await drainAllowed(t, world, allowed);
    t.strictSame(run, whole);
    const names = Object.values(lacking).flatMap((actions) => Object.keys(actions));
    for (const name of names.map((action) => action.replace(/^\w+:/, "")))
      t.ok(called.has(name) || called.has(`${name}Batch`), name);
    for (const name of [...notByThisRun.home, ...notByThisRun.role])
      t.notOk(called.has(name.replace(/^\w+:/, "")), name);
  });

  for (const whose of ["home", "role"] as const)
    for (const [action, want] of Object.entries(lacking[whose]))
      await t.test(`without ${action}`, async (t) => {
        const rest = allowed[whose].filter((one) => one !== action);
        const { called: _, ...run } = await drainAllowed(t, world, { ...allowed, [whose]: rest });
        t.match(run, want);
      });
});

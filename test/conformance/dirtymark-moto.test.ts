import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { t as file, type Test, test } from "tap";
import { policyDocument } from "../../lib/aws/policy-document.ts";
import { minutes } from "../../lib/core/time.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { dirtymarkBurialPermissions, dirtymarkPermissions, markRoleActions } from "../../lib/dirtymark/permissions.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openDynamoDbStore } from "../../lib/state/dynamodb.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import { readMessage } from "../support/host-messages.ts";
import { executablePath, pointsOf } from "../support/run-executable.ts";
import { skipWithout } from "./support/peers.ts";
import { startAws } from "./support/scenario.ts";
import { startDynamoDbLocal } from "./support/start-dynamodb-local.ts";
import { type Credentials, type Moto, startMoto } from "./support/start-moto.ts";
import { runProcess } from "./support/start-process.ts";

/**
 * dirtymark on moto's SQS, STS, IAM and EC2 with DynamoDB Local behind it, by who may do just what it says it does. What moto
 * can't do, and is left out: senders (all of its messages are one made-up user's, so that no host is proven), batches of
 * CreateTags that are refused for one instance of several, and Resources and Conditions of policies.
 */
const skip = skipWithout("moto", "DynamoDB Local");

file.setTimeout(minutes(3));

const region = "eu-west-1";
const hubId = "123456789012";
const hostsId = "200000000001";
const marker: Credentials = { id: "AKIAMARKERMARKERMARK", secret: "bWFya2Vy" };
const admin: Credentials = { id: "AKIAADMINADMINADMIN2", secret: "YWRtaW4" };
const hostsAdmin: Credentials = { id: "AKIAADMINADMINADMIN3", secret: "YWRtaW4z" };

const idOf = (index: number): string => `i-${index.toString(16).padStart(17, "0")}`;

const permissions = [...dirtymarkPermissions.commit, ...dirtymarkBurialPermissions];

/** IAM has one name for an action and its batch (Service Authorization Reference, SQS); moto asks for each by its own. */
const batches = permissions
  .filter((action) => /Message$|Visibility$/.test(action) && !action.includes("Receive"))
  .map((action) => `${action}Batch`);

interface World {
  readonly moto: Moto;
  readonly sqs: SQSClient;
  run(
    argv: readonly string[],
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  marks(): Promise<readonly Mark[]>;
  /** Values of the tag `dirty`, by instance. */
  tags(): Promise<Readonly<Record<string, string>>>;
}

const clientFor = (moto: Moto, { id, secret }: Credentials) => {
  const { AWS_ENDPOINT_URL: endpoint = "" } = moto.environment();
  return { endpoint, region, credentials: { accessKeyId: id, secretAccessKey: secret } };
};

async function open(t: Test, senders: "hosts" | "forwarders"): Promise<World> {
  const moto = await startMoto(t);
  const instances = [1, 2, 3].map((index) => anInstance({ id: idOf(index), tags: {} }));
  const aws = await startAws(t, {
    scenario: anOrganization({
      accounts: [anAccount({ id: hostsId, regions: [aRegion({ name: region, instances })] })],
    }),
  });
  const [hosts] = aws.organization.accounts;
  if (hosts === undefined) throw new Error("no account");
  await moto.copyAccount(hosts);
  const all = policyDocument(["*"]);
  const tag = { key: "dirty", value: "skunked" };
  await moto.seed({
    account: hubId,
    users: [
      { name: "admin", policy: all, keys: [admin] },
      {
        name: "marker",
        policy: policyDocument([...permissions, ...batches, "sts:AssumeRole"]),
        keys: [marker],
      },
    ],
  });
  await moto.seed({
    account: hostsId,
    users: [{ name: "admin", policy: all, keys: [hostsAdmin] }],
    roles: [{ name: "Skunky", policy: policyDocument(markRoleActions({ senders, tag })) }],
  });
  await moto.enforcePolicies();
  const url = await startDynamoDbLocal(t);
  const client = makeDynamoDbClient(url);
  const ec2 = new EC2Client(clientFor(moto, hostsAdmin));
  t.teardown(() => [client, ec2].map((one) => one.destroy()));
  const commit = ["--mode", "commit", "--tag", "dirty=skunked", "--act-on-accounts", hostsId, "--state", "dynamodb"];
  return {
    moto,
    sqs: new SQSClient(clientFor(moto, admin)),
    run: (argv) =>
      runProcess(t, {
        command: process.execPath,
        args: [executablePath("dirtymark"), ...commit, "--senders", senders, ...argv],
        environment: { ...moto.environment(marker), AWS_REGION: region, AWS_ENDPOINT_URL_DYNAMODB: url },
      }),
    async marks() {
      const stop = new AbortController().signal;
      const store = await openDynamoDbStore({ client, table: "stalewatch", warn: () => {}, stop });
      const found: Mark[] = [];
      for await (const mark of openMarks(store, hostsId, Date.now).list()) found.push(mark);
      return found;
    },
    async tags() {
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
      const tagged = Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(({ InstanceId = "", Tags = [] }) =>
        Tags.flatMap(({ Key, Value = "" }) => (Key === "dirty" ? [[InstanceId, Value] as const] : [])),
      );
      return Object.fromEntries(tagged);
    },
  };
}

/** A queue with a dead-letter queue; answers their URLs. */
async function makeQueues({ sqs }: World, end: "" | ".fifo") {
  const kind = end === "" ? {} : { FifoQueue: "true" };
  const make = async (name: string, Attributes: Readonly<Record<string, string>>) =>
    (await sqs.send(new CreateQueueCommand({ QueueName: `${name}${end}`, Attributes }))).QueueUrl ?? "";
  const dead = await make("dead", kind);
  const deadLetterTargetArn = `arn:aws:sqs:${region}:${hubId}:dead${end}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 100 });
  return { dead, queue: await make("touches", { ...kind, RedrivePolicy }) };
}

async function countIn({ sqs }: World, QueueUrl: string): Promise<number> {
  const names: readonly QueueAttributeName[] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

const aLogin = (index: number): string =>
  JSON.stringify({
    ...{ instance_id: idOf(index), instance_account_id: hostsId, instance_region: region, event: "ssh", user: "ada" },
  });

const aSession = (index: number, id: string): string =>
  readMessage("start-session", {
    ...{ account: hostsId, region, id, "detail/eventID": id, "detail/awsRegion": region },
    ...{ "detail/recipientAccountId": hostsId, "detail/userIdentity/accountId": hostsId },
    "detail/requestParameters/target": idOf(index),
  });

test("a standard queue of hosts", { skip }, async (t) => {
  const world = await open(t, "hosts");
  const { queue, dead } = await makeQueues(world, "");
  const bodies = [...Array.from({ length: 24 }, (_, index) => aLogin(1 + (index % 2))), "no JSON"];
  for (const MessageBody of bodies) await world.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
  const run = await world.run(["--queue", "touches", "--tag-unverified", "--max-receives", "1"]);
  t.strictSame([run.code, run.stderr], [0, ""]);
  t.strictSame([await countIn(world, queue), await countIn(world, dead)], [0, 1]);
  t.match(await world.marks(), [
    { instanceId: idOf(1), unverified: { count: 12 }, verified: undefined },
    { instanceId: idOf(2), unverified: { count: 12 }, verified: undefined },
  ]);
  t.strictSame(await world.tags(), { [idOf(1)]: "skunked", [idOf(2)]: "skunked" });
  t.match(pointsOf(run, "dirtymark_run")[0]?.fields, { received: 25, recorded: 24, buried: 1, kept: 0, refused: 0 });
  t.match(pointsOf(run, "dirtymark_queue")[0]?.fields, { visible: 0, in_flight: 0, unverified: 24 });
  t.match(pointsOf(run, "dirtymark_tags")[0]?.fields, { tagged: 2, due: 0 });
});

test("a FIFO queue of forwarders", { skip }, async (t) => {
  const world = await open(t, "forwarders");
  const { queue, dead } = await makeQueues(world, ".fifo");
  const bodies = [
    ...Array.from({ length: 12 }, (_, index) =>
      aSession(1 + (index % 2), `00000000-0000-4000-8000-${100_000_000_000 + index}`),
    ),
    // Another message, and the same event.
    aSession(1, "00000000-0000-4000-8000-100000000000"),
    readMessage("start-session", { "detail/errorCode": "TargetNotConnected" }),
    "no JSON",
  ];
  for (const [index, MessageBody] of bodies.entries())
    await world.sqs.send(
      new SendMessageCommand({
        ...{ QueueUrl: queue, MessageBody, MessageGroupId: `${index % 3}`, MessageDeduplicationId: `${index}` },
      }),
    );
  const run = await world.run(["--queue", "touches.fifo", "--max-receives", "1"]);
  t.strictSame([run.code, run.stderr], [0, ""]);
  t.strictSame([await countIn(world, queue), await countIn(world, dead)], [0, 1]);
  t.match(await world.marks(), [
    { instanceId: idOf(1), verified: { count: 6, names: { ssm_start_session: 6 } }, unverified: undefined },
    { instanceId: idOf(2), verified: { count: 6 } },
  ]);
  t.strictSame(await world.tags(), { [idOf(1)]: "skunked", [idOf(2)]: "skunked" });
  t.match(pointsOf(run, "dirtymark_run")[0]?.fields, { received: 15, recorded: 13, ignored: 1, buried: 1, kept: 0 });
});

import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { type Test, test } from "tap";
import type { Fault } from "../../../lib/demo/call-rules.ts";
import { anInstanceMetadata } from "../../../lib/demo/metadata/instance-metadata.ts";
import { startMetadataService } from "../../../lib/demo/metadata/service.ts";
import { startOfflineAws } from "../../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization, aRole } from "../../../lib/demo/scenario/builders.ts";
import { aQueue } from "../../../lib/demo/scenario/queue-builders.ts";
import { aRegion } from "../../../lib/demo/scenario/region-builders.ts";
import { main } from "../../../lib/dirtymark/send/report-login.ts";
import type { Reading } from "../../../lib/host-events/event.ts";
import { asRecord, parseJson } from "../../../lib/host-events/foreign-json.ts";
import { parseSentMessage } from "../../../lib/host-events/messages/sent-message.ts";
import { openLog } from "../../../lib/runtime/log.ts";

const accountId = "111122223333";
const instanceId = "i-0123456789abcdef0";

const scenario = anOrganization({
  accounts: [
    anAccount({
      id: accountId,
      roles: [aRole({ name: "web" })],
      regions: [
        aRegion({ name: "eu-west-1", queues: [aQueue({ name: "skunky" }), aQueue({ name: "hosts.fifo" })] }),
        aRegion({ name: "us-east-1", queues: [aQueue({ name: "skunky" })] }),
      ],
    }),
    anAccount({
      id: "222233334444",
      regions: [aRegion({ name: "eu-west-1", queues: [aQueue({ name: "central", sharedWith: [accountId] })] })],
    }),
  ],
});

const login = {
  PAM_TYPE: "open_session",
  PAM_USER: "ada",
  PAM_RHOST: "192.0.2.1",
  PAM_SERVICE: "sshd",
  PAM_TTY: "ssh",
};

async function openHost(t: Test) {
  const aws = await startOfflineAws({ scenario });
  t.teardown(aws.close);
  const instance = { accountId, region: "eu-west-1", instanceId, role: "web" };
  const metadata = await startMetadataService({
    instance: anInstanceMetadata(aws.organization, instance, Date.now()),
  });
  t.teardown(metadata.close);
  // The SDK reads it of the process, as it does on a host.
  process.env.AWS_ENDPOINT_URL = aws.url;
  t.teardown(() => {
    delete process.env.AWS_ENDPOINT_URL;
  });
  const send = async (
    argv: readonly string[] = [],
    environment: Readonly<Record<string, string | undefined>> = login,
  ) => {
    const stdout = new PassThrough();
    const printed = text(stdout);
    const said: string[] = [];
    const code = await main({
      ...{ argv: ["send", "--foreground", ...argv], home: "/", stdin: new PassThrough(), stdout, now: Date.now },
      environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url, ...environment },
      log: openLog({ program: "dirtymark-send", write: (line) => said.push(line), now: Date.now }),
      stop: new AbortController().signal,
    });
    stdout.end();
    return { code, stdout: await printed, stderr: said.join("") };
  };
  const messagesIn = (queue: string, region = "eu-west-1", account = accountId) =>
    aws.organization.accounts
      .find(({ id }) => id === account)
      ?.regions.find(region)
      ?.queues.find(queue)
      ?.mailbox.list() ?? [];
  return { aws, metadata, send, messagesIn };
}

const readingOf = (body: string): Reading | undefined => parseSentMessage(asRecord(parseJson(body)) ?? {}, 0);

test("a login is one message, which names its instance and is sent as its instance", async (t) => {
  const { aws, send, messagesIn } = await openHost(t);
  const { code, stdout, stderr } = await send();
  t.same({ code, stderr }, { code: 0, stderr: "" });
  const [message, ...others] = messagesIn("skunky");
  t.same(others, []);
  t.equal(stdout, `reported: message ${message?.id} to skunky\n`);
  t.match(message?.senderId, new RegExp(`^AROA\\w+:${instanceId}$`));
  t.match(parseJson(message?.body ?? ""), {
    ...{ event: "ssh", user: "ada", source_address: "192.0.2.1" },
    identity: { accountId, instanceId, region: "eu-west-1", version: "2017-09-30" },
  });
  t.match(readingOf(message?.body ?? ""), {
    is: "events",
    events: [{ accountId, instanceId, region: "eu-west-1", name: "ssh", principal: "ada", address: "192.0.2.1" }],
  });
  t.same(aws.calls(), { "sqs:GetQueueUrl": 1, "sqs:SendMessage": 1 });
});

interface Addressed {
  readonly name: string;
  readonly argv: (url: string) => readonly string[];
  readonly queue: string;
  readonly region?: string;
  readonly account?: string;
  readonly calls?: number;
  readonly group?: string;
}

const addressed: readonly Addressed[] = [
  { name: "another region", argv: () => ["--region", "us-east-1"], queue: "skunky", region: "us-east-1" },
  {
    name: "another account",
    argv: () => ["--queue", "central", "--queue-account", "222233334444"],
    ...{ queue: "central", account: "222233334444" },
  },
  {
    name: "a URL, which costs no other call",
    argv: (url: string) => ["--queue", `${url}/${accountId}/skunky`],
    queue: "skunky",
    calls: 1,
  },
  {
    name: "a URL, whose host names no region",
    argv: (url: string) => ["--queue", `${url}/${accountId}/skunky`, "--region", "us-east-1"],
    ...{ queue: "skunky", region: "us-east-1", calls: 1 },
  },
  {
    name: "a FIFO queue, in the order of the instance",
    argv: () => ["--queue", "hosts.fifo"],
    queue: "hosts.fifo",
    group: instanceId,
  },
];

test("a queue is found by", async (t) => {
  for (const { name, argv, queue, region, account, calls = 2, group } of addressed) {
    const { aws, send, messagesIn } = await openHost(t);
    t.match(await send(argv(aws.url)), { code: 0, stdout: /^reported: /, stderr: "" }, name);
    const messages = messagesIn(queue, region, account);
    t.match(messages, [{ group }], name);
    t.equal(messages.length, 1, name);
    t.equal(
      Object.values(aws.calls()).reduce((sum, count) => sum + count),
      calls,
      name,
    );
  }
});

const events = [
  { name: "sshd", environment: login, argv: [], want: "ssh" },
  { name: "another service", environment: { ...login, PAM_SERVICE: "su" }, argv: [], want: "su" },
  { name: "no PAM at all", environment: {}, argv: [], want: "ssh" },
  { name: "an option", environment: login, argv: ["--event", "break_glass"], want: "break_glass" },
];

test("what the message calls the login of", async (t) => {
  const { send, messagesIn } = await openHost(t);
  for (const [place, { name, environment, argv, want }] of events.entries()) {
    await send(argv, environment);
    const reading = readingOf(messagesIn("skunky")[place]?.body ?? "");
    t.match(reading, { is: "events", events: [{ name: want }] }, name);
  }
});

const hostile = [
  { name: "ends of lines", text: "ada\nPAM_TYPE=close_session\r\n" },
  { name: "quotes and braces", text: `ada","identity":{"instanceId":"i-0"},"x":"` },
  { name: "a terminal's commands", text: "\u001b]0;owned\u0007\u009b2J" },
  { name: "writing from right to left", text: "\u202eada" },
  { name: "ten kilobytes", text: "a".repeat(10_240) },
  { name: "ten kilobytes of four bytes a character", text: "\u{1f4a9}".repeat(2560) },
  { name: "characters that SQS refuses", text: "ada\uffff\ufffe\u0001" },
  { name: "halves of characters", text: "\ud83d\udca9\ud83d" },
];

test("whatever the user and the host are called, the message is sent, and names the instance:", async (t) => {
  const { send, messagesIn } = await openHost(t);
  for (const [place, { name, text: word }] of hostile.entries()) {
    const ended = await send([], { ...login, PAM_USER: word, PAM_RHOST: word, PAM_SERVICE: word, PAM_TTY: word });
    t.match(ended, { code: 0, stderr: "" }, name);
    const { body = "" } = messagesIn("skunky")[place] ?? {};
    t.ok(Buffer.byteLength(body) < 4096, `${name}: it is short`);
    t.match(readingOf(body), { is: "events", events: [{ accountId, instanceId }] }, name);
    t.notMatch(body, /\\[nrtbf]|\\u00|[\u007f-\u009f\u202e\ufffe\uffff]/, `${name}: nothing steers a terminal`);
  }
});

const refusal = (code: string, status: number): Fault => ({
  ...{ action: "sqs:SendMessage", kind: "error", code, status, message: `it is ${code}` },
});

interface Trouble {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly sends: number;
  /** How many messages arrive; undefined: one, where it says nothing. */
  readonly arrive?: number;
  readonly says?: RegExp;
}

const troubles: readonly Trouble[] = [
  {
    name: "denied once and for all",
    faults: [refusal("AccessDenied", 403)],
    sends: 1,
    says: /SendMessage on queue "skunky": it is AccessDenied/,
  },
  { name: "throttled for a moment", faults: [{ ...refusal("RequestThrottled", 400), times: 1 }], sends: 2 },
  { name: "out of order for a moment", faults: [{ ...refusal("InternalError", 500), times: 2 }], sends: 3 },
  {
    name: "an answer that is lost with its connection",
    faults: [{ action: "sqs:SendMessage", kind: "cut", times: 1 }],
    ...{ sends: 2, arrive: 2 },
  },
  { name: "out of order", faults: [refusal("InternalError", 500)], sends: 4, says: /: it is InternalError$/m },
  {
    name: "a page in place of an answer",
    faults: [{ action: "sqs:SendMessage", kind: "garbage" }],
    sends: 1,
    says: /no answer of AWS/,
  },
];

test("SQS in trouble:", async (t) => {
  for (const { name, faults, sends, says, arrive = 1 } of troubles) {
    const { aws, send, messagesIn } = await openHost(t);
    aws.organization.faults.push(...faults);
    const { code, stderr } = await send(["--timeout", "1m"]);
    t.equal(code, 0, name);
    if (says === undefined) t.equal(stderr, "", name);
    else t.match(stderr, says, name);
    t.ok(stderr.split("\n").length <= 2, `${name}: one line`);
    t.equal(aws.calls()["sqs:SendMessage"], sends, name);
    if (says === undefined) t.equal(messagesIn("skunky").length, arrive, `${name}: arrived`);
  }
});

test("an SQS that does not answer is left in time, and not asked again", async (t) => {
  const { aws, send, messagesIn } = await openHost(t);
  aws.organization.faults.push({ action: "sqs:SendMessage", kind: "hang" });
  const { code, stderr } = await send(["--timeout", "1s"]);
  t.equal(code, 0);
  t.equal(
    stderr,
    `E! dirtymark-send: login not reported: sqs:SendMessage on queue "skunky": stopped by its timeout of 1s\n`,
  );
  t.equal(aws.calls()["sqs:SendMessage"], 1);
  t.equal(messagesIn("skunky").length, 1);
});

interface Unsent {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly code: number;
  readonly out: RegExp;
  readonly err: RegExp;
}

const unsent: readonly Unsent[] = [
  {
    name: "a session that closes",
    argv: [],
    environment: { ...login, PAM_TYPE: "close_session" },
    code: 0,
    out: /^nothing to report: PAM_TYPE is "close_session"$/m,
    err: /^$/,
  },
  {
    name: "a call for help",
    argv: ["--help"],
    environment: login,
    code: 0,
    out: /^dirtymark send \[--queue/,
    err: /^$/,
  },
  {
    name: "an option that is unknown",
    argv: ["--que", "x"],
    environment: login,
    code: 0,
    out: /^$/,
    err: /Unknown option '--que'/,
  },
  {
    name: "an option that makes no sense",
    argv: ["--region", "x", "--event", ""],
    environment: login,
    code: 0,
    out: /^$/,
    err: /--region "x" is no region; --event ""/,
  },
  {
    name: "metadata that nobody may read",
    argv: [],
    environment: { ...login, AWS_EC2_METADATA_DISABLED: "true" },
    code: 0,
    out: /^$/,
    err: /AWS_EC2_METADATA_DISABLED forbids it$/m,
  },
  {
    name: "a queue that is not there",
    argv: ["--queue", "other"],
    environment: login,
    code: 0,
    out: /^$/,
    err: /sqs:GetQueueUrl on queue "other": The specified queue does not exist/,
  },
  {
    name: "the same, told by the exit status",
    argv: ["--queue", "other", "--strict"],
    environment: login,
    code: 1,
    out: /^$/,
    err: /on queue "other"/,
  },
];

test("nothing is sent on", async (t) => {
  const { aws, send, messagesIn } = await openHost(t);
  for (const { name, argv, environment, code, out, err } of unsent) {
    const ended = await send(argv, environment);
    t.match(ended, { code, stdout: out, stderr: err }, name);
    t.equal(
      `${ended.stdout}${ended.stderr}`.split("\n").length > 2 && !argv.includes("--help"),
      false,
      `${name}: one line`,
    );
  }
  t.same(messagesIn("skunky"), []);
  t.equal(aws.calls()["sqs:SendMessage"], undefined);
});

test("the keys of whoever calls are of no use: the instance's role is what proves the instance", async (t) => {
  const { aws, send, messagesIn } = await openHost(t);
  const variables = { ...aws.environment(), AWS_EC2_METADATA_DISABLED: undefined };
  for (const [name, value] of Object.entries(variables)) if (name.includes("KEY")) process.env[name] = value;
  t.teardown(() => {
    for (const name of Object.keys(variables)) if (name.includes("KEY")) delete process.env[name];
  });
  await send();
  t.match(messagesIn("skunky")[0]?.senderId, new RegExp(`:${instanceId}$`));
});

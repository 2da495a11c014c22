import fc from "fast-check";
import { test } from "tap";
import { parseMessage } from "../../lib/host-events/parse-message.ts";
import { anyCharacter } from "../support/any-character.ts";
import { readMessage, sentAt } from "../support/host-messages.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

const context = { sentAt, maxBytes: 262_144, guardDuty: "on" } as const;
const parse = (body: string) => parseMessage(body, context);

const shapes = [
  { file: "consumer-names", want: { is: "events", origin: { by: "host" } } },
  { file: "identity-document", want: { is: "events", origin: { by: "host" } } },
  { file: "start-session", want: { is: "events", origin: { by: "eventbridge", envelope: undefined } } },
  { file: "send-ssh-public-key", want: { is: "events" } },
  { file: "send-serial-console-key", want: { is: "events" } },
  { file: "command-invocation", want: { is: "events" } },
  { file: "command", want: { is: "events" } },
  { file: "guardduty-finding", want: { is: "events" } },
  { file: "guardduty-sample", want: { is: "ignored" } },
  { file: "resume-session", want: { is: "ignored" } },
  { file: "open-tunnel", want: { is: "tunnel", origin: { by: "eventbridge" } } },
  {
    file: "sns-notification",
    want: {
      is: "events",
      events: [{ instanceId: "i-02311671588e96626" }],
      origin: { by: "eventbridge", envelope: { topicArn: "arn:aws:sns:us-west-2:123456789012:MyTopic" } },
    },
  },
];

for (const { file, want } of shapes) test(file, async (t) => t.match(parse(readMessage(file)), want));

test("a host's message in an SNS envelope is a host's still", async (t) =>
  t.match(parse(readMessage("sns-notification", { Message: readMessage("consumer-names") })), {
    origin: { by: "host", envelope: { signatureVersion: "1" } },
  }));

test("findings of GuardDuty mark only if asked for", async (t) =>
  t.match(parseMessage(readMessage("guardduty-finding"), { sentAt, maxBytes: 10_000 }), { is: "ignored" }));

const refusals = [
  { name: "nothing", body: "", says: "the body is no JSON object" },
  { name: "no JSON", body: "hello", says: "the body is no JSON object" },
  { name: "a list", body: "[]", says: "the body is no JSON object" },
  { name: "null", body: "null", says: "the body is no JSON object" },
  { name: "an empty object", body: "{}", says: "the body has no shape that is known" },
  { name: "another's shape", body: '{"hello":"world"}', says: "the body has no shape that is known" },
  {
    name: "an SNS message that is no JSON",
    body: readMessage("sns-notification", { Message: "hello" }),
    says: "the SNS notification's message is no JSON object",
  },
  {
    name: "an envelope in an envelope",
    body: readMessage("sns-notification", { Message: readMessage("sns-notification") }),
    says: "the body has no shape that is known",
  },
  {
    name: "an SNS message of no text",
    body: readMessage("sns-notification", { Message: 7 }),
    says: "the SNS notification has no message",
  },
];

for (const { name, body, says } of refusals) {
  test(`${name} is malformed`, async (t) => t.strictSame(parse(body), { is: "refused", reason: "malformed", says }));
}

test("what SNS says of subscriptions is ignored", async (t) =>
  t.match(parse(readMessage("sns-notification", { Type: "SubscriptionConfirmation" })), { is: "ignored" }));

const padded = (letter: string, count: number) => readMessage("consumer-names", { padding: letter.repeat(count) });

const sizes = [
  { name: "as long as allowed", letter: "x", over: 0, is: "events" },
  { name: "one byte too long", letter: "x", over: 1, is: "refused" },
  { name: "as long as allowed, in letters of three bytes", letter: "語", over: 0, is: "events" },
  { name: "one byte too long, in letters of three bytes", letter: "語", over: 1, is: "refused" },
];

for (const { name, letter, over, is } of sizes) {
  test(`a body ${name} is ${is}`, async (t) => {
    const body = padded(letter, 5000);
    const maxBytes = Buffer.byteLength(body) - over;
    const reading = parseMessage(body, { sentAt, maxBytes });
    t.match(reading, is === "refused" ? { is, reason: "too_large" } : { is });
  });
}

const hostileBodies = [
  { name: "deep nesting", body: `${'{"detail":'.repeat(20_000)}1${"}".repeat(20_000)}` },
  { name: "deep lists", body: `${"[".repeat(100_000)}${"]".repeat(100_000)}` },
  { name: "a huge list", body: `{"detail-type":"x","detail":{"a":[${"0,".repeat(80_000)}0]}}` },
  { name: "__proto__ for a shape", body: '{"__proto__":{"instance_id":"i-9bb89e2b"}}' },
  { name: "__proto__ within", body: '{"identity":{"__proto__":{"instanceId":"i-9bb89e2b"}}}' },
  { name: "constructor for a shape", body: '{"constructor":{"prototype":{"instance_id":"x"}}}' },
  { name: "toString for an id", body: '{"instance_id":{"toString":"x"},"instance_region":{"valueOf":1}}' },
];

for (const { name, body } of hostileBodies) {
  test(`${name} marks nothing and pollutes nothing`, async (t) => {
    t.not(parse(body).is, "events");
    t.strictSame(Object.keys(Object.prototype), []);
    t.notHas({}, { instance_id: "i-9bb89e2b" });
  });
}

test("of two members of one name the last counts, whoever reads", async (t) => {
  const body = readMessage("consumer-names").replace("{", '{"instance_id":"i-ffffffff",');
  t.match(parse(body), { events: [{ instanceId: "i-1234567890abcdef0" }] });
});

test("hostile text in any member of any message does not travel", async (t) => {
  for (const { file } of shapes)
    for (const path of pathsOf(JSON.parse(readMessage(file))))
      for (const text of hostileTexts) {
        const said = JSON.stringify({ ...parse(readMessage(file, { [path]: text })), origin: undefined });
        if (said.length > 4000 || unruly.test(said)) t.fail(`${file} ${path}: ${said.slice(0, 100)}`);
      }
});

/** JSON.stringify escapes C0 and lone halves; the rest it leaves. */
const unruly = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\\u00[01]|\\ud[89a-f]|\\[nrtbf]/u;

const pathsOf = (value: unknown, path: readonly string[] = []): readonly string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))
    : [path.join("/")];

const bodies = shapes.map(({ file }) => readMessage(file));

test("no body makes it throw: any text", async () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (body) => {
      parse(body);
    }),
    { numRuns: 200 },
  );
});

test("no body makes it throw: any JSON", async () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      parse(body);
    }),
    { numRuns: 500 },
  );
});

test("no body makes it throw: a real message with one member that is any JSON", async () => {
  const places = bodies.flatMap((body) => pathsOf(JSON.parse(body)).map((path) => ({ body, path })));
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), ({ body, path }, value) => {
      const message = JSON.parse(body);
      const steps = path.split("/");
      const last = steps.pop() ?? "";
      let holder = message;
      for (const step of steps) holder = holder[step];
      holder[last] = value;
      const reading = parse(JSON.stringify(message));
      return ["events", "tunnel", "ignored", "refused"].includes(reading.is);
    }),
    { numRuns: 1000 },
  );
});

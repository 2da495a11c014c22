import { test } from "tap";
import { asRecord } from "../../../lib/host-events/foreign-json.ts";
import { formatSentMessage, parseSentMessage } from "../../../lib/host-events/messages/sent-message.ts";
import { readMessage, sentAt } from "../../support/host-messages.ts";
import { hostileTexts } from "../../support/hostile-texts.ts";

const identity = asRecord(JSON.parse(readMessage("identity-document"))) ?? {};
const sent = { event: "ssh", user: "ada", sourceAddress: "203.0.113.10", identity };

test("a message is the event, who, from where, and the identity document as it is", async (t) => {
  t.strictSame(JSON.parse(formatSentMessage(sent)), {
    ...{ event: "ssh", user: "ada", source_address: "203.0.113.10", identity },
  });
  t.strictSame(JSON.parse(formatSentMessage({ ...sent, user: undefined, sourceAddress: "" })), {
    ...{ event: "ssh", identity },
  });
});

test("what is sent is read again", async (t) => {
  t.match(parseSentMessage(JSON.parse(formatSentMessage(sent)), sentAt), {
    is: "events",
    events: [
      {
        ...{ accountId: "123456789012", region: "us-west-2", instanceId: "i-1234567890abcdef0", name: "ssh" },
        ...{ source: "host", at: sentAt, principal: "ada", address: "203.0.113.10" },
      },
    ],
    origin: { by: "host" },
  });
});

test("whatever PAM says, the message stays short, and is read as it was sent", async (t) => {
  for (const text of hostileTexts) {
    const body = formatSentMessage({ ...sent, user: text, sourceAddress: text });
    t.ok(Buffer.byteLength(body) < 4096, `${Buffer.byteLength(body)} bytes`);
    const { user } = JSON.parse(body);
    const reading = parseSentMessage(JSON.parse(body), sentAt);
    t.equal(reading?.is === "events" ? reading.events[0].principal : "", user);
  }
});

const others = [
  { name: "no identity", record: { event: "ssh" } },
  { name: "an identity that is a text", record: { event: "ssh", identity: "{}" } },
];

for (const { name, record } of others) {
  test(`${name} is another shape`, async (t) => t.equal(parseSentMessage(record, sentAt), undefined));
}

test("an empty identity is refused", async (t) =>
  t.match(parseSentMessage({ event: "ssh", identity: {} }, sentAt), { is: "refused", reason: "malformed" }));

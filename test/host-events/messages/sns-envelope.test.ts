import { test } from "tap";
import { openEnvelope } from "../../../lib/host-events/messages/sns-envelope.ts";
import { readMessage } from "../../support/host-messages.ts";

const open = (changes = {}) => openEnvelope(JSON.parse(readMessage("sns-notification", changes)));

test("a notification has a message and what signs it", async (t) => {
  t.match(open({ Subject: "hello" }), {
    is: "notification",
    envelope: {
      topicArn: "arn:aws:sns:us-west-2:123456789012:MyTopic",
      messageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
      timestamp: "2026-03-01T11:59:40.224Z",
      subject: "hello",
      message: /"detail-type":/,
      signatureVersion: "1",
      signature: "EXAMPLEw6JRN...",
      certificateUrl: /^https:\/\/sns\.us-west-2\.amazonaws\.com\/SimpleNotificationService-/,
    },
  });
  t.match(open(), { envelope: { subject: undefined } });
  t.match(open({ Signature: undefined, SignatureVersion: 1 }), { envelope: { signature: "", signatureVersion: "" } });
});

const others = [
  { changes: { Type: "SubscriptionConfirmation", Token: "x" }, want: { is: "subscription" } },
  { changes: { Type: "UnsubscribeConfirmation" }, want: { is: "subscription" } },
  { changes: { Message: { "detail-type": "x" } }, want: { is: "broken" } },
  { changes: { Type: "Other" }, want: undefined },
  { changes: { TopicArn: undefined }, want: undefined },
  { changes: { Type: undefined }, want: undefined },
];

for (const { changes, want } of others) {
  test(`${JSON.stringify(changes)} is ${want?.is ?? "another shape"}`, async (t) =>
    want === undefined ? t.equal(open(changes), undefined) : t.match(open(changes), want));
}

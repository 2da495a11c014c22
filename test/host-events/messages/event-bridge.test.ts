import { test } from "tap";
import { parseBridged } from "../../../lib/host-events/messages/event-bridge.ts";
import { readMessage, sentAt } from "../../support/host-messages.ts";

const parse = (name: string, changes = {}) =>
  parseBridged(JSON.parse(readMessage(name, changes)), { sentAt, guardDuty: "on" });

const origins = [
  { name: "start-session", source: "aws.ssm" },
  { name: "send-ssh-public-key", source: "aws.ec2-instance-connect" },
  { name: "command-invocation", source: "aws.ssm" },
  { name: "command", source: "aws.ssm" },
  { name: "guardduty-finding", source: "aws.guardduty" },
];

for (const { name, source } of origins) {
  test(`${name} comes of ${source}`, async (t) =>
    t.match(parse(name), { is: "events", origin: { by: "eventbridge", source, envelope: undefined } }));
}

test("a source that is not AWS's is kept for whoever judges", async (t) =>
  t.match(parse("start-session", { source: "my.app" }), { origin: { source: "my.app" } }));

const wrong = [
  { changes: { source: undefined }, says: /no source/ },
  { changes: { source: ["aws.ssm"] }, says: /no source/ },
  { changes: { account: "1" }, says: /account "1"/ },
  { changes: { region: "moon" }, says: /region "moon"/ },
];

for (const { changes, says } of wrong) {
  test(`${JSON.stringify(changes)} is refused`, async (t) =>
    t.match(parse("start-session", changes), { is: "refused", reason: "malformed", says }));
}

test("another type of event marks nothing", async (t) =>
  t.match(parse("start-session", { "detail-type": "EC2 Instance State-change Notification" }), {
    is: "ignored",
    says: 'no event of type "EC2 Instance State-change Notification" marks',
  }));

for (const changes of [{ detail: undefined }, { detail: [] }, { "detail-type": 7 }]) {
  test(`${JSON.stringify(changes)} is another shape`, async (t) => t.equal(parse("start-session", changes), undefined));
}

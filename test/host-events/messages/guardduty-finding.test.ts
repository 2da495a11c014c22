import { test } from "tap";
import { parseInstant } from "../../../lib/core/time.ts";
import { parseBridged } from "../../../lib/host-events/messages/event-bridge.ts";
import { readMessage, sentAt } from "../../support/host-messages.ts";

const parse = (changes = {}, file = "guardduty-finding") =>
  parseBridged(JSON.parse(readMessage(file, changes)), { sentAt, guardDuty: "on" });

test("a finding is of the account and region that it names itself, not of the administrator's", async (t) =>
  t.strictSame(parse(), {
    is: "events",
    events: [
      {
        ...{ accountId: "444455556666", region: "eu-west-1", instanceId: "i-02468ace13579bdf0" },
        ...{ name: "guardduty:Backdoor:EC2/C&CActivity.B!DNS", source: "guardduty" },
        ...{ id: "7bf73129-1428-4cd3-a780-95db273d1602", at: parseInstant("2026-03-01T11:58:00Z") },
        ...{ principal: undefined, address: undefined },
      },
    ],
    origin: { by: "eventbridge", source: "aws.guardduty", envelope: undefined },
  }));

test("findings mark only where they are asked for", async (t) =>
  t.match(parseBridged(JSON.parse(readMessage("guardduty-finding")), { sentAt, guardDuty: "off" }), {
    is: "ignored",
    says: "findings of GuardDuty are not asked for",
  }));

const asTarget = { "detail/service/resourceRole": "TARGET" };

const cases = [
  { name: "a target of the network", changes: asTarget, is: "ignored" },
  {
    name: "a target by what ran on it",
    changes: { ...asTarget, "detail/type": "Execution:Runtime/SuspiciousShellCreated" },
    is: "events",
  },
  {
    name: "a target of a type of Runtime Monitoring that says nothing ran",
    changes: { ...asTarget, "detail/type": "Trojan:Runtime/DropPoint!DNS" },
    is: "ignored",
  },
  { name: "no role", changes: { "detail/service": undefined }, is: "ignored" },
  { name: "an archived finding", changes: { "detail/service/archived": true }, is: "ignored" },
  { name: "a key", changes: { "detail/resource": { resourceType: "AccessKey" } }, is: "ignored" },
  { name: "a placeholder", changes: { "detail/resource/instanceDetails/instanceId": "i-x" }, is: "ignored" },
  { name: "a strange type", changes: { "detail/type": "Backdoor" }, is: "refused" },
  { name: "a type after others", changes: { "detail/type": "x Backdoor:EC2/Spambot" }, is: "refused" },
  { name: "a type before others", changes: { "detail/type": "Backdoor:EC2/Spambot x" }, is: "refused" },
  { name: "no type", changes: { "detail/type": undefined }, is: "refused" },
  { name: "no account", changes: { "detail/accountId": undefined }, is: "refused" },
];

for (const { name, changes, is } of cases) test(`${name}: ${is}`, async (t) => t.match(parse(changes), { is }));

const samples = [
  { name: "as it is", changes: {} },
  { name: "by the older form alone", changes: { "detail/service/additionalInfo": { sample: true } } },
  { name: "by the newer form alone", changes: { "detail/service/additionalInfo": { value: '{"sample":true}' } } },
  {
    name: "by its title alone",
    changes: { "detail/title": "[SAMPLE] The instance", "detail/service/additionalInfo": undefined },
  },
];

for (const { name, changes } of samples) {
  test(`a sample marks nothing: ${name}`, async (t) =>
    t.strictSame(parse(changes, "guardduty-sample"), { is: "ignored", says: "a sample finding" }));
}

test("what only looks like a sample is none", async (t) =>
  t.match(parse({ "detail/service/additionalInfo": { sample: "true", value: "sample" } }), { is: "events" }));

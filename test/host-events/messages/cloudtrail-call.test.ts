import { test } from "tap";
import { parseInstant } from "../../../lib/core/time.ts";
import { parseBridged } from "../../../lib/host-events/messages/event-bridge.ts";
import { readMessage, sentAt } from "../../support/host-messages.ts";

const parse = (name: string, changes = {}) =>
  parseBridged(JSON.parse(readMessage(name, changes)), { sentAt, guardDuty: "off" });

const who = {
  ...{ accountId: "123456789012", region: "us-east-1", source: "cloudtrail" },
  ...{ id: "4b7a66fc-bffb-4179-be64-69bba2bf714c", at: parseInstant("2026-03-01T11:59:00Z") },
  ...{ principal: "arn:aws:sts::123456789012:assumed-role/Admin/ada", address: "203.0.113.10" },
};

const touches = [
  { file: "start-session", name: "ssm_start_session", instanceId: "i-02311671588e96626" },
  { file: "send-ssh-public-key", name: "instance_connect_ssh", instanceId: "i-0abcdef0123456789" },
  { file: "send-serial-console-key", name: "instance_connect_serial_console", instanceId: "i-0abcdef0123456789" },
];

for (const { file, name, instanceId } of touches) {
  test(`${file} touches its target`, async (t) =>
    t.match(parse(file), { is: "events", events: [{ ...who, name, instanceId }] }));
  test(`${file} that failed touches nothing`, async (t) => {
    const failed = { is: "ignored", says: 'the call failed: "AccessDenied"' };
    t.strictSame(parse(file, { "detail/errorCode": "AccessDenied" }), failed);
    t.match(parse(file, { "detail/errorCode": 0 }), { is: "ignored" }, "any error");
    t.match(parse(file, { "detail/errorCode": null }), { is: "events" }, "no error");
  });
}

test("a resumed session names no instance; should it, it counts", async (t) => {
  t.match(parse("resume-session"), { is: "ignored", says: "the target no text is no EC2 instance" });
  t.match(parse("resume-session", { "detail/requestParameters/target": "i-9bb89e2b" }), {
    events: [{ name: "ssm_resume_session", instanceId: "i-9bb89e2b" }],
  });
});

const targets = ["mi-0123456789abcdef0", "ecs:prod_0123_abc-1", "i-0123", "", 7, null, ["i-9bb89e2b"]];

for (const target of targets) {
  test(`the target ${JSON.stringify(target)} is ignored`, async (t) =>
    t.match(parse("start-session", { "detail/requestParameters/target": target }), { is: "ignored" }));
}

test("a call without parameters is ignored", async (t) =>
  t.match(parse("start-session", { "detail/requestParameters": null }), { is: "ignored" }));

for (const changes of [{ "detail/eventName": "SendCommand" }, { "detail/eventSource": "athena.amazonaws.com" }]) {
  test(`${JSON.stringify(changes)} is ignored`, async (t) =>
    t.match(parse("start-session", changes), { is: "ignored", says: /touches no instance$/ }));
}

test("a call of another account than its event's is refused", async (t) => {
  t.match(parse("start-session", { "detail/recipientAccountId": "999999999999" }), { reason: "malformed" });
  t.match(parse("start-session", { "detail/recipientAccountId": undefined }), { is: "events" });
});

const persons = [
  { identity: { arn: "arn:aws:iam::123456789012:user/ada" }, want: "arn:aws:iam::123456789012:user/ada" },
  { identity: { type: "AWSService", invokedBy: "ssm.amazonaws.com" }, want: "ssm.amazonaws.com" },
  { identity: { principalId: "AROA:x" }, want: "AROA:x" },
  { identity: { arn: `${"x".repeat(300)}` }, want: "x".repeat(256) },
  { identity: { arn: 7 }, want: undefined },
  { identity: undefined, want: undefined },
];

for (const { identity, want } of persons) {
  test(`${JSON.stringify(identity)?.slice(0, 60)} is called by its best name`, async (t) =>
    t.match(parse("start-session", { "detail/userIdentity": identity }), { events: [{ principal: want }] }));
}

test("an event without CloudTrail's id has EventBridge's", async (t) =>
  t.match(parse("start-session", { "detail/eventID": "../x" }), {
    events: [{ id: "7bf73129-1428-4cd3-a780-95db273d1602" }],
  }));

test("a tunnel names an endpoint and an address", async (t) => {
  const { source, accountId, region, id, at, principal, address } = who;
  t.strictSame(parse("open-tunnel"), {
    is: "tunnel",
    tunnel: {
      ...{ accountId, region, source, id, at, principal, address, name: "instance_connect_tunnel" },
      ...{ endpointId: "eice-0123456789abcdef0", privateAddress: "10.0.1.1" },
    },
    origin: { by: "eventbridge", source: "aws.ec2-instance-connect", envelope: undefined },
  });
  t.match(parse("open-tunnel", { "detail/errorCode": "AccessDenied" }), { is: "ignored" });
});

const asked = (name: string) => `detail/requestParameters/${name}`;

const tunnels = [
  {
    name: "AWS's own example of an id",
    changes: { [asked("instanceConnectEndpointId")]: "eici-0123456789EXAMPLE" },
    is: "tunnel",
  },
  { name: "IPv6", changes: { [asked("privateIpAddress")]: "fd00:ec2::1" }, is: "tunnel" },
  { name: "a name for an address", changes: { [asked("privateIpAddress")]: "db.internal" }, is: "ignored" },
  { name: "more than an address", changes: { [asked("privateIpAddress")]: "*.10.0.1.1" }, is: "ignored" },
  { name: "a list of addresses", changes: { [asked("privateIpAddress")]: ["10.0.1.1"] }, is: "ignored" },
  { name: "no endpoint", changes: { [asked("instanceConnectEndpointId")]: undefined }, is: "ignored" },
  { name: "a stranger endpoint", changes: { [asked("instanceConnectEndpointId")]: "x eice-01234567" }, is: "ignored" },
  { name: "a strange endpoint", changes: { [asked("instanceConnectEndpointId")]: "eice-*" }, is: "ignored" },
];

for (const { name, changes, is } of tunnels) {
  test(`a tunnel with ${name} is ${is}`, async (t) => t.match(parse("open-tunnel", changes), { is }));
}

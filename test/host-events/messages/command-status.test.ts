import { test } from "tap";
import { parseInstant } from "../../../lib/core/time.ts";
import { parseBridged } from "../../../lib/host-events/messages/event-bridge.ts";
import { readMessage, sentAt } from "../../support/host-messages.ts";

const parse = (name: string, changes = {}) =>
  parseBridged(JSON.parse(readMessage(name, changes)), { sentAt, guardDuty: "off" });

const said = {
  ...{ accountId: "123456789012", region: "us-east-1", name: "ssm_command", source: "ssm" },
  ...{ id: "e8d3c0e4-71f7-4491-898f-c9b35bee5f3b", at: parseInstant("2026-03-01T11:59:30Z") },
  ...{ principal: undefined, address: undefined },
};

test("an invocation touches the node it names, whatever its resources say", async (t) =>
  t.strictSame(parse("command-invocation"), {
    is: "events",
    events: [{ ...said, instanceId: "i-9bb89e2b" }],
    origin: { by: "eventbridge", source: "aws.ssm", envelope: undefined },
  }));

test("a command touches all of its resources", async (t) =>
  t.match(parse("command"), {
    events: [
      { ...said, instanceId: "i-abcd1111" },
      { ...said, instanceId: "i-9bb89e2b" },
    ],
  }));

const arn = (id: string, place = "us-east-1:123456789012") => `arn:aws:ec2:${place}:instance/${id}`;

const resources = [
  { name: "each once", list: [arn("i-9bb89e2b"), arn("i-9bb89e2b")], want: ["i-9bb89e2b"] },
  { name: "no managed nodes", list: ["arn:aws:ssm:us-east-1:123456789012:managed-instance/mi-0123"], want: undefined },
  { name: "none of another account", list: [arn("i-9bb89e2b", "us-east-1:999999999999")], want: undefined },
  { name: "none of another region", list: [arn("i-9bb89e2b", "eu-west-1:123456789012")], want: undefined },
  { name: "no volumes", list: ["arn:aws:ec2:us-east-1:123456789012:volume/vol-9bb89e2b"], want: undefined },
  { name: "nothing strange", list: [7, null, "", arn("i-x"), arn("i-9bb89e2b")], want: ["i-9bb89e2b"] },
  { name: "nothing of no list", list: { 0: arn("i-9bb89e2b") }, want: undefined },
  { name: "nothing of none", list: undefined, want: undefined },
];

for (const { name, list, want } of resources) {
  test(`of a command's resources: ${name}`, async (t) => {
    const reading = parse("command", { resources: list });
    const ids = reading?.is === "events" ? reading.events.map(({ instanceId }) => instanceId) : undefined;
    t.strictSame(ids, want);
  });
}

const statuses = [
  ...["InProgress", "Success", "Failed", "TimedOut", "Cancelling", "Cancelled", "Incomplete", "New"].map((status) => ({
    ...{ status, is: "events" },
  })),
  ...["Pending", "Delayed", "Undeliverable", "Terminated", "InvalidPlatform", "DeliveryTimedOut"].map((status) => ({
    ...{ status, is: "ignored" },
  })),
  ...["AccessDenied", "RateExceeded", "NoInstancesInTag", undefined, 7].map((status) => ({ status, is: "ignored" })),
];

for (const { status, is } of statuses) {
  test(`status ${status} is ${is}`, async (t) =>
    t.match(parse("command-invocation", { "detail/status": status }), { is }));
}

const statusesOfCommands = [
  // Some of its nodes had run it.
  ...["Failed", "Incomplete", "Cancelled", "DeliveryTimedOut", "Terminated"].map((status) => ({
    status,
    is: "events",
  })),
  ...["Pending", "Delayed", "AccessDenied", "RateExceeded", "NoInstancesInTag"].map((status) => ({
    ...{ status, is: "ignored" },
  })),
];

for (const { status, is } of statusesOfCommands) {
  test(`status ${status} of a command on many nodes is ${is}`, async (t) =>
    t.match(parse("command", { "detail/status": status }), { is }));
}

for (const id of ["mi-0123456789abcdef0", 7, null]) {
  test(`the node ${id} is no EC2 instance`, async (t) =>
    t.match(parse("command-invocation", { "detail/instance-id": id }), { is: "ignored" }));
}

test("without the command's id it has EventBridge's", async (t) =>
  t.match(parse("command-invocation", { "detail/command-id": undefined }), {
    events: [{ id: "7bf73129-1428-4cd3-a780-95db273d1602" }],
  }));

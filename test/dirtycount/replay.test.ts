import { test } from "tap";
import { type Replaying, replayMessages } from "../../lib/dirtycount/replay.ts";
import { now } from "../support/marks.ts";

const replaying: Replaying = { filters: { rules: [], automationPrincipals: [] }, guardDuty: false, now };
const host = (end: number, said: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    ...{
      instance_id: `i-0000000${end}`,
      instance_account_id: "123456789012",
      instance_region: "eu-west-1",
      event: "ssh",
    },
    ...said,
  });
const session = (id: string, said: object = {}) =>
  JSON.stringify({
    ...{ version: "0", id, "detail-type": "AWS API Call via CloudTrail", source: "aws.ssm", account: "123456789012" },
    ...{ time: "2026-03-01T11:00:00Z", region: "us-east-1", resources: [] },
    detail: {
      ...{ eventSource: "ssm.amazonaws.com", eventName: "StartSession", eventID: id, awsRegion: "us-east-1" },
      ...{ eventTime: "2026-03-01T11:00:00Z", recipientAccountId: "123456789012", sourceIPAddress: "192.0.2.7" },
      ...{ userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/ada", accountId: "123456789012" } },
      ...{ requestParameters: { target: "i-00000009" }, responseElements: { sessionId: "ada-1" }, ...said },
    },
  });

test("events come to marks by instance, in the order of accounts, regions and ids", async (t) => {
  const id = "11111111-2222-4333-8444-555555555555";
  const lines = [session(id), session(id), host(2), "", host(1), host(2, { event: "sudo" })];
  const { marks, ...counts } = replayMessages(lines, replaying);
  t.strictSame(
    marks.map((one) => [one.region, one.instanceId, one.verified?.count, one.verified?.level]),
    [
      ["eu-west-1", "i-00000001", 1, "high"],
      ["eu-west-1", "i-00000002", 2, "critical"],
      ["us-east-1", "i-00000009", 1, "critical"],
    ],
  );
  t.strictSame(counts, { messages: 5, events: 5, dropped: 0, others: [] });
});

test("filters judge them, and what marks nothing is named with its line", async (t) => {
  const filters = { rules: [{ event: "sudo", drop: true as const }], automationPrincipals: ["robot"] };
  const failed = session("11111111-2222-4333-8444-666666666666", { errorCode: "AccessDenied" });
  const lines = [host(1, { event: "sudo" }), "not json", failed, host(1)];
  const replayed = replayMessages(lines, { ...replaying, filters });
  t.match(replayed, {
    ...{ messages: 4, events: 1, dropped: 1 },
    others: [
      { line: 2, is: "malformed" },
      { line: 3, is: "ignored" },
    ],
  });
});

test("a tunnel names no instance", async (t) => {
  const tunnel = session("11111111-2222-4333-8444-777777777777", {
    ...{ eventSource: "ec2-instance-connect.amazonaws.com", eventName: "OpenTunnel" },
    requestParameters: {
      ...{ instanceConnectEndpointId: "eice-0123456789abcdef0", privateIpAddress: "10.0.0.7", remotePort: 22 },
    },
  }).replace("aws.ssm", "aws.ec2-instance-connect");
  t.match(replayMessages([tunnel], replaying).others, [{ line: 1, is: "tunnel", says: /"10\.0\.0\.7"/ }]);
});

test("findings of GuardDuty mark only where that is asked for", async (t) => {
  const finding = { "detail-type": "GuardDuty Finding", source: "aws.guardduty", account: "123456789012", detail: {} };
  const lines = [JSON.stringify({ ...finding, region: "eu-west-1" })];
  const saysWith = (guardDuty: boolean) => replayMessages(lines, { ...replaying, guardDuty }).others[0]?.says ?? "";
  t.match(saysWith(false), /are not asked for/);
  t.notMatch(saysWith(true), /are not asked for/);
});

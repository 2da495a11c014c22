import { test } from "tap";
import { type Replaying, replayMessages } from "../../lib/dirtycount/replay.ts";
import { formatSimulation } from "../../lib/dirtycount/simulation-text.ts";
import { now } from "../support/marks.ts";

const replaying: Replaying = { filters: { rules: [], automationPrincipals: [] }, guardDuty: false, now };
const host = (end: number) =>
  JSON.stringify({
    ...{ instance_id: `i-0000000${end}`, instance_account_id: "123456789012", instance_region: "eu-west-1" },
    event: "ssh",
  });
const session = JSON.stringify({
  ...{ version: "0", id: "e1", "detail-type": "AWS API Call via CloudTrail", source: "aws.ssm" },
  ...{ account: "123456789012", time: "2026-03-01T11:00:00Z", region: "us-east-1", resources: [] },
  detail: {
    ...{ eventSource: "ssm.amazonaws.com", eventName: "StartSession", awsRegion: "us-east-1" },
    eventID: "11111111-2222-4333-8444-555555555555",
    ...{ eventTime: "2026-03-01T11:00:00Z", recipientAccountId: "123456789012", sourceIPAddress: "192.0.2.7" },
    ...{ userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/ada", accountId: "123456789012" } },
    ...{ requestParameters: { target: "i-00000009" }, responseElements: { sessionId: "ada-1" } },
  },
});

test("people read a table, and then the points that dirtycount would print", async (t) => {
  const replayed = replayMessages([host(1), host(2), "{}", session], replaying);
  const lines = formatSimulation(replayed, now).split("\n");
  t.match(lines[0], /^ACCOUNT +REGION +INSTANCE +LEVEL +EVENTS +FIRST +LAST +WHAT$/);
  t.match(lines[1], /^123456789012 +eu-west-1 +i-00000001 +high +1 +2026-03-01T12:00:00Z +2026-03-01T12:00:00Z +ssh$/);
  t.equal(lines[4], "4 messages: 3 events on 3 instances, 0 dropped by filters, 1 messages that mark nothing");
  t.match(lines[5], /^line 3: malformed: /);
  t.strictSame(lines.slice(6, 8), [
    "",
    "dirty,account=123456789012,level=low,region=eu-west-1 instances=0i,oldest_s=0i,events=0i",
  ]);
  t.equal(lines.at(-2), "dirty_fleet,account=123456789012,region=us-east-1 dirty=1i");
  t.ok(
    lines.includes("dirty,account=123456789012,level=critical,region=us-east-1 instances=1i,oldest_s=3600i,events=1i"),
  );
});

test("nothing at all is said, too", async (t) => {
  const lines = formatSimulation({ ...replayMessages([], replaying), marks: [] }, now).split("\n");
  t.equal(lines[1], "0 messages: 0 events on 0 instances, 0 dropped by filters, 0 messages that mark nothing");
});

import { replayMessages } from "../../../lib/dirtycount/replay.ts";
import { formatSimulation } from "../../../lib/dirtycount/simulation-text.ts";

const now = Date.UTC(2026, 8, 1, 8);

const login = (instanceId: string, user: string) =>
  JSON.stringify({
    ...{ event: "ssh", instance_id: instanceId, instance_account_id: "123456789012", instance_region: "eu-west-1" },
    ...{ user, bastion_user_ip: "192.0.2.7" },
  });

const session = JSON.stringify({
  ...{ version: "0", id: "7f1a2b3c-0d1e-4f2a-8b3c-4d5e6f708192", "detail-type": "AWS API Call via CloudTrail" },
  ...{ source: "aws.ssm", account: "123456789012", time: "2026-09-01T07:30:00Z", region: "eu-west-1", resources: [] },
  detail: {
    ...{ eventSource: "ssm.amazonaws.com", eventName: "StartSession", awsRegion: "eu-west-1" },
    ...{ eventID: "2b3c4d5e-6f70-4192-a3b4-c5d6e7f80910", eventTime: "2026-09-01T07:30:00Z" },
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/leila", accountId: "123456789012" },
    ...{ sourceIPAddress: "192.0.2.8", requestParameters: { target: "i-0a0000000000000a2" } },
  },
});

/** What `--simulate` prints of four messages. */
export function sampleSimulation(): string {
  const one = "i-0a0000000000000a1";
  const lines = [login(one, "ada"), login(one, "bob"), session, '{"hello":"world"}'];
  const replaying = { filters: { rules: [], automationPrincipals: [] }, guardDuty: false, now };
  return formatSimulation(replayMessages(lines, replaying), now).trimEnd();
}

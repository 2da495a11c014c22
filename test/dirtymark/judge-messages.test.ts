import { test } from "tap";
import { OpsError } from "../../lib/core/errors.ts";
import { type Judging, judgeMessages } from "../../lib/dirtymark/judge-messages.ts";
import { readMessage, sentAt } from "../support/host-messages.ts";
import { aHostEvent } from "../support/marks.ts";
import { aMessage } from "../support/messages.ts";

const base: Judging = {
  ...{ queue: "forwarders", known: { accounts: [], regions: [], topics: [] }, maxBytes: 10_000, guardDuty: false },
  filters: { rules: [], automationPrincipals: [] },
  evidence: {
    findRole: async () => ({ is: "found", onlyEc2: true }),
    checkSignature: async () => ({ is: "valid" }),
  },
  resolveTunnel: async () => ({ is: "instance", event: aHostEvent({ instanceId: "i-0a", id: "t1" }) }),
  refine: async (_event, judgement) => judgement,
  concurrency: 2,
};

const host = { body: readMessage("consumer-names"), senderId: "AROAJ52OTH4H7LEXAMPLE:i-1234567890abcdef0" };

const tunnelFails = (code: "denied" | "throttled"): Partial<Judging> => ({
  resolveTunnel: () => Promise.reject(new OpsError(code, "ec2:DescribeInstances: no")),
});

const passing = { is: "unread", says: "slower", isPassing: true } as const;

const cases: readonly {
  readonly name: string;
  readonly message: Parameters<typeof aMessage>[0];
  readonly judging?: Partial<Judging>;
  readonly want: object;
}[] = [
  { name: "no JSON", message: { body: "no" }, want: { is: "refused", reason: "malformed" } },
  {
    name: "more than is looked at",
    message: { body: readMessage("start-session") },
    judging: { maxBytes: 10 },
    want: { is: "refused", reason: "too_large" },
  },
  {
    name: "a call that failed",
    message: { body: readMessage("start-session", { "detail/errorCode": "TargetNotConnected" }) },
    want: { is: "ignored" },
  },
  {
    name: "a session",
    message: { body: readMessage("start-session") },
    want: { is: "marks", events: [{ isVerified: true, level: "critical", event: { name: "ssm_start_session" } }] },
  },
  {
    name: "a host that is believed",
    message: host,
    judging: { queue: "hosts" },
    want: { is: "marks", events: [{ isVerified: true }] },
  },
  {
    name: "a host of whom nothing is known",
    message: { ...host, senderId: "AIDA1" },
    judging: { queue: "hosts" },
    want: { is: "marks", events: [{ isVerified: false }] },
  },
  {
    name: "a host of which nobody can be asked now",
    message: host,
    judging: { queue: "hosts", evidence: { ...base.evidence, findRole: async () => passing } },
    want: { is: "kept", says: "slower" },
  },
  {
    name: "a host among forwarders",
    message: host,
    want: { is: "refused", reason: "host_in_forwarder_queue" },
  },
  {
    name: "an account that is not to be marked",
    message: { body: readMessage("open-tunnel") },
    judging: { known: { accounts: ["1*"], regions: ["eu-*"], topics: [] } },
    want: { is: "refused", reason: "unknown_region" },
  },
  {
    name: "what a filter drops, whatever modules would make of it",
    message: { body: readMessage("start-session") },
    judging: {
      filters: { rules: [{ event: "ssm_*", drop: true }], automationPrincipals: [] },
      refine: () => Promise.reject(new Error("not asked")),
    },
    want: { is: "dropped", says: "filter event=ssm_*" },
  },
  {
    name: "what a module raises",
    message: { body: readMessage("start-session") },
    judging: { refine: async (_event, judgement) => ({ ...judgement, level: "low", annotations: { by: "me" } }) },
    want: { is: "marks", events: [{ level: "low", annotations: { by: "me" } }] },
  },
  {
    name: "a tunnel to an instance",
    message: { body: readMessage("open-tunnel") },
    want: { is: "marks", events: [{ event: { instanceId: "i-0a" }, messageId: "t1" }] },
  },
  {
    name: "a tunnel to no instance",
    message: { body: readMessage("open-tunnel") },
    judging: { resolveTunnel: async () => ({ is: "unresolved", says: "two have it" }) },
    want: { is: "unresolved", says: "two have it" },
  },
  {
    name: "a tunnel in an account that denies",
    message: { body: readMessage("open-tunnel") },
    judging: tunnelFails("denied"),
    want: { is: "unresolved", says: "ec2:DescribeInstances: no" },
  },
  {
    name: "a tunnel of which nobody can be asked now",
    message: { body: readMessage("open-tunnel") },
    judging: tunnelFails("throttled"),
    want: { is: "kept", says: "ec2:DescribeInstances: no" },
  },
];

for (const { name, message, judging, want } of cases)
  test(`judged: ${name}`, async (t) => {
    const [assessed, ...others] = await judgeMessages([aMessage({ sentAt, ...message })], { ...base, ...judging });
    t.match(assessed, want);
    t.equal(others.length, 0);
  });

test("verdicts come in the messages' order, however long each takes", async (t) => {
  let waiting = 3;
  const refine: Judging["refine"] = async (_event, judgement) => {
    waiting -= 1;
    for (let turn = 0; turn < waiting; turn += 1) await Promise.resolve();
    return judgement;
  };
  const messages = ["a", "b", "c"].map((id) =>
    aMessage({ sentAt, id, body: readMessage("start-session", { "detail/eventID": 7, id: 7 }) }),
  );
  const verdicts = await judgeMessages(messages, { ...base, refine, concurrency: 3 });
  t.strictSame(
    verdicts.map((one) => one.is === "marks" && one.events[0].messageId),
    ["a", "b", "c"],
  );
});

test("a stop ends the judgement of all", async (t) => {
  const findRole = () => Promise.reject(new OpsError("stopped", "stopped by SIGTERM"));
  const judging = { ...base, queue: "hosts" as const, evidence: { ...base.evidence, findRole } };
  await t.rejects(judgeMessages([aMessage({ sentAt, ...host })], judging), { code: "stopped" });
});

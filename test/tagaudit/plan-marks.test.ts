import { test } from "tap";
import { decide } from "../../lib/act/decide.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import { hours } from "../../lib/core/time.ts";
import { planMarks, type SeenCanary } from "../../lib/tagaudit/plan-marks.ts";
import { aCanary, canaryTags, now } from "../support/tagaudit-records.ts";

const accountId = "123456789012";
const seen = (readAt = now): SeenCanary => ({ instance: aCanary(), readAt });

interface Case {
  readonly name: string;
  readonly canaries?: readonly SeenCanary[];
  readonly mode?: "notify" | "commit";
  readonly canaryTimestamp?: boolean;
  readonly want: number;
}

const cases: readonly Case[] = [
  { name: "in commit, where the setting is on", want: 1 },
  { name: "not where it is off", canaryTimestamp: false, want: 0 },
  { name: "not in notify", mode: "notify", want: 0 },
  { name: "nothing where no canary was seen", canaries: [], want: 0 },
  { name: "each canary", canaries: [seen(), { instance: aCanary({ region: "us-east-1" }), readAt: now }], want: 2 },
];

for (const { name, canaries = [seen()], mode = "commit", canaryTimestamp = true, want } of cases) {
  test(`stamped: ${name}`, async (t) => {
    const ids = new Set(planMarks(canaries, { accountId, mode, canaryTimestamp }).map(({ subject }) => subject));
    t.equal(ids.size, want);
  });
}

const planOf = (canary: SeenCanary) => planMarks([canary], { accountId, mode: "commit", canaryTimestamp: true });

test("a stamp says when its region was read, and why", async (t) => {
  t.strictSame(planOf(seen()), [
    {
      ...{ program: "tagaudit", accountId, kind: "mark", class: "mark", subject: "eu-west-1/i-0canary" },
      ...{ occasion: "2026-03-01T12", decidedBy: "canary_timestamp", notBefore: now, evidenceAt: now, legs: [] },
      reason: "region eu-west-1 was read to its end, and its canary seen",
      names: ["i-0canary", "eu-west-1/i-0canary", canaryTags.Name],
      detail: { region: "eu-west-1", instanceId: "i-0canary", value: "2026-03-01T12:00:00Z" },
    },
  ]);
});

test("a canary without a name has its ids", async (t) => {
  const instance = { id: "i-1", region: "eu-west-1", tags: new Map<string, string>() };
  t.match(planOf({ instance, readAt: now }), [{ names: ["i-1", "eu-west-1/i-1"] }]);
});

test("one occasion an hour", async (t) => {
  const occasionAt = (at: number) => planOf(seen(at))[0]?.occasion;
  t.equal(occasionAt(now + hours(1) - 1), occasionAt(now));
  t.not(occasionAt(now + hours(1)), occasionAt(now));
});

const gated = [
  { name: "in an account that act_on_accounts names", changes: {}, want: [] },
  { name: "in no other", changes: { actOnAccounts: [] }, want: ["account"] },
  { name: "not in notify", changes: { mode: "notify" }, want: ["mode"] },
  {
    name: "not while paused",
    changes: { pause: { reason: "r", by: "b", at: now, until: undefined } },
    want: ["paused"],
  },
] as const;

for (const { name, changes, want } of gated) {
  test(`gated: ${name}`, async (t) => {
    const { refusals, permits } = decide(planOf(seen()), {
      ...{ now, clockOffset: 0, mode: "commit", accountId, actOnAccounts: [accountId], pause: undefined },
      ...{ calendar: undefined, exemptions: [], coverage: wholeCoverage, maxEvidenceAge: hours(1), canary: undefined },
      ...{ ownLegs: new Set(), protected: [], fleet: { subjects: 1, due: 0, shareBefore: undefined }, caps: {} },
      ...{ planHash: "", overridePlan: undefined },
      ...changes,
    });
    t.strictSame([refusals.map(({ gate }) => gate), permits.length], [want, want.length === 0 ? 1 : 0]);
  });
}

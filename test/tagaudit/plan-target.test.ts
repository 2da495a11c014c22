import { test } from "tap";
import { actionId } from "../../lib/act/action.ts";
import { days } from "../../lib/core/time.ts";
import { planActions } from "../../lib/tagaudit/plan.ts";
import { hashTags } from "../../lib/tagaudit/recheck.ts";
import { aPlanning, candidateOf, ownerRule, told } from "../support/instance-ladders.ts";
import { aViolation, now } from "../support/tagaudit-records.ts";

test("a stop says what it is about, by what, and when its owner was told", async (t) => {
  const instance = { tags: { Name: "web-1", created_by: "ada" }, publicAddress: "203.0.113.7" };
  const violations = [
    aViolation({ suggestion: 'rename "ownr" to "owner"' }),
    aViolation({ tag: "project", ruleHash: "project#1", says: 'tag "project" is empty', dueAt: now + 1 }),
  ];
  const ladder = told(days(8));
  const [action] = planActions([candidateOf({ instance, finding: { owner: "ada", violations }, ladder })], aPlanning());
  t.strictSame(action, {
    ...{ program: "tagaudit", accountId: "123456789012", kind: "stop", class: "reversible", cap: "stops" },
    ...{ subject: "eu-west-1/i-0123456789abcdef0", occasion: "1", decidedBy: "stop_after", evidenceAt: now },
    reason: 'tag "owner" is missing; tag "project" is empty; since 2026-02-26T12:00:00Z',
    names: ["i-0123456789abcdef0", "eu-west-1/i-0123456789abcdef0", "web-1", "ada"],
    legs: ["i-0123456789abcdef0"],
    notBefore: now - days(1),
    telling: { deliveredAt: now - days(8), atLeast: days(7) },
    detail: {
      ...{ region: "eu-west-1", zone: "eu-west-1a", instanceId: "i-0123456789abcdef0", instanceType: "m5.large" },
      ...{ state: "running", launchedAt: now - days(10), publicAddress: "203.0.113.7", owner: "ada" },
      ...{ tags: instance.tags, tagsHash: hashTags(new Map(Object.entries(instance.tags))) },
      violations: violations.map(({ tag, kind, says, suggestion, ruleHash, dueAt }) => ({
        ...{ tag, kind, says, ruleHash, dueAt },
        ...(suggestion === undefined ? {} : { suggestion }),
      })),
      rules: [ownerRule],
    },
  });
  t.equal(action && actionId(action), "tagaudit/123456789012/stop/eu-west-1/i-0123456789abcdef0/1");
});

test("an instance that is only reported says why", async (t) => {
  const [action] = planActions([candidateOf({ instance: { lifecycle: "spot" } })], aPlanning());
  t.match(action, { kind: "notice", detail: { spared: "it is a Spot Instance" } });
});

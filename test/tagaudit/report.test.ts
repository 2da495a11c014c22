import { test } from "tap";
import { days, hours, seconds } from "../../lib/core/time.ts";
import { tallyRegion } from "../../lib/tagaudit/region-summary.ts";
import {
  type RegionOutcome,
  type RegionState,
  regionStates,
  reportRegion,
  stateOfRead,
  tagauditRegion,
  tagauditTag,
  tagauditViolation,
  violationReporter,
} from "../../lib/tagaudit/report.ts";
import { aCanary, aFinding, anInstance, aScheme, aViolation, now, violating } from "../support/tagaudit-records.ts";

function summarize(canaryTags = { owner: "ops" }) {
  const tally = tallyRegion({ scheme: aScheme(), now, vcpusOf: () => 4 });
  tally.add(aFinding({ instance: aCanary({ tags: canaryTags }), isCanary: true, standing: "canary" }));
  tally.add(aFinding({ instance: anInstance({ tags: { owner: "ada", project: "x" } }) }));
  tally.add(violating({ instance: anInstance({ launchedAt: now - hours(6), tags: { project: "x" } }), owner: "bob" }));
  return tally.summary();
}

const outcome = (changes: Partial<RegionOutcome> = {}): RegionOutcome => ({
  ...{ accountId: "123456789012", region: "eu-west-1", state: "judged", now, deeds: { stopped: 0, terminated: 0 } },
  ...changes,
});

test("a region that was judged has a point for itself and one for each tag", async (t) => {
  const deeds = { stopped: 2, terminated: 1, fixed: 3, timeToFix: hours(2) + 999 };
  const [region, ...tags] = reportRegion(summarize(), outcome({ deeds }));
  t.equal(region?.measurement, tagauditRegion);
  t.strictSame(region?.tags, { account: "123456789012", region: "eu-west-1" });
  t.strictSame(region?.fields, {
    ...{ state: "judged", state_code: 0, canary: 1, instances: 3, judged: 2 },
    ...{ violators: 1, in_grace: 0, exempt: 0, grouped: 0, coverage_ratio: 0.5 },
    ...{ oldest_violation_s: days(3) / seconds(1), untagged_vcpu_hours: 24, repeat_offenders: 0 },
    ...{ stopped: 2, terminated: 1, fixed: 3, time_to_fix_s: 7200 },
  });
  t.strictSame(
    tags.map((tag) => [tag.measurement, tag.tags, tag.fields]),
    [
      [
        tagauditTag,
        { account: "123456789012", region: "eu-west-1", tag: "owner" },
        { judged: 2, present: 1, missing: 1, invalid: 0, near_miss: 0, coverage_ratio: 0.5 },
      ],
      [
        tagauditTag,
        { account: "123456789012", region: "eu-west-1", tag: "project" },
        { judged: 2, present: 2, missing: 0, invalid: 0, near_miss: 0, coverage_ratio: 1 },
      ],
    ],
  );
});

const unjudged: readonly { name: string; state: RegionState; summary: boolean; want: object }[] = [
  {
    name: "read in part",
    state: "incomplete",
    summary: true,
    want: { state_code: 3, canary: 1, instances: 3, judged: 0 },
  },
  { name: "without a canary", state: "canary_missing", summary: true, want: { state_code: 1, judged: 0 } },
  {
    name: "not enabled",
    state: "not_enabled",
    summary: false,
    want: { state_code: 5, canary: 0, instances: undefined, judged: 0 },
  },
  { name: "named in skip_regions", state: "skipped", summary: false, want: { state_code: 6, canary: 0, judged: 0 } },
  { name: "not read at all", state: "failed", summary: false, want: { state_code: 4, canary: 0, judged: 0 } },
];

for (const { name, state, summary, want } of unjudged) {
  test(`a region ${name} has its point, and no shares`, async (t) => {
    const points = reportRegion(summary ? summarize() : undefined, outcome({ state }));
    t.equal(points.length, 1);
    t.match(points[0]?.fields, { state, ...want, stopped: 0, terminated: 0 });
    for (const field of ["violators", "coverage_ratio", "oldest_violation_s", "untagged_vcpu_hours", "time_to_fix_s"])
      t.equal(points[0]?.fields[field], undefined, field);
  });
}

test("where nothing is in violation, nothing has an age", async (t) => {
  const empty = tallyRegion({ scheme: aScheme(), now, vcpusOf: () => 4 }).summary();
  const [region] = reportRegion({ ...empty, canary: "seen" }, outcome());
  t.match(region?.fields, { judged: 0, violators: 0, coverage_ratio: 1, oldest_violation_s: undefined });
});

test("what a canary makes of a region that was read whole", async (t) => {
  const summary = summarize();
  const states = (["seen", "missing", "broken"] as const).map((canary) => stateOfRead({ ...summary, canary }));
  t.strictSame(states, ["judged", "canary_missing", "canary_broken"]);
  for (const state of states) t.type(regionStates[state], "number");
});

test("a violation has a point of its own, with all that is known", async (t) => {
  const report = violationReporter("123456789012", now);
  const finding = violating({
    instance: anInstance({ state: "stopped" }),
    owner: "bob",
    group: { kind: "emr", name: "j-1" },
    standing: "grouped",
    violations: [aViolation({ kind: "near_miss", suggestion: 'rename "ownr" to "owner"', dueAt: now + hours(1) })],
  });
  const [point, ...more] = report(finding);
  t.equal(more.length, 0);
  t.equal(point?.measurement, tagauditViolation);
  t.equal(point?.time, now);
  t.strictSame(point?.tags, { account: "123456789012", region: "eu-west-1", tag: "owner" });
  t.strictSame(point?.fields, {
    ...{ instance_id: "i-0123456789abcdef0", kind: "near_miss", kind_code: 3, running: false, owner: "bob" },
    ...{ group: "emr j-1", says: 'tag "owner" is missing', suggestion: 'rename "ownr" to "owner"' },
    ...{ age_s: days(3) / seconds(1), due_in_s: 3600, standing: "grouped", standing_code: 3 },
  });
});

const codes = [
  { kind: "missing", standing: "violating", want: [0, 0] },
  { kind: "empty", standing: "in_grace", want: [1, 1] },
  { kind: "invalid", standing: "exempt", want: [2, 2] },
] as const;

for (const { kind, standing, want } of codes) {
  test(`codes of ${kind} and ${standing}`, async (t) => {
    const [point] = violationReporter("1", now)(violating({ standing, violations: [aViolation({ kind })] }));
    t.strictSame([point?.fields.kind_code, point?.fields.standing_code], want);
    t.match(point?.fields, { running: true, group: undefined, due_in_s: -86_400 });
  });
}

test("points with equal tags have times of their own", async (t) => {
  const report = violationReporter("123456789012", now);
  const points = [report(violating({ violations: [aViolation(), aViolation()] })), report(violating())].flat();
  t.strictSame(
    points.map(({ time }) => time),
    [now, now - 1, now - 2],
  );
});

test("what complies, and the canary, have none", async (t) => {
  const report = violationReporter("123456789012", now);
  t.strictSame(report(aFinding()), []);
  t.strictSame(report(violating({ standing: "canary", isCanary: true })), []);
});

test("a violation seen by a clock that is ahead has no age yet", async (t) => {
  const [point] = violationReporter("1", now)(violating({ violations: [aViolation({ since: now + hours(1) })] }));
  t.equal(point?.fields.age_s, 0);
});

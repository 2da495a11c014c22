import { test } from "tap";
import { days, hours } from "../../lib/core/time.ts";
import type { Finding } from "../../lib/tagaudit/assess.ts";
import { type RegionSummary, tallyRegion } from "../../lib/tagaudit/region-summary.ts";
import { aCanary, aFinding, anInstance, aScheme, aViolation, now, violating } from "../support/tagaudit-records.ts";

const summarize = (
  findings: readonly Finding[],
  vcpusOf: (type: string) => number | undefined = () => 2,
): RegionSummary => {
  const tally = tallyRegion({ scheme: aScheme(), now, vcpusOf });
  for (const finding of findings) tally.add(finding);
  return tally.summary();
};

const canary = aFinding({ instance: aCanary(), isCanary: true, standing: "canary" });
const broken: Finding = { ...canary, violations: [aViolation()] };
const inGrace = violating({ standing: "in_grace", violations: [aViolation({ since: now - days(5) })] });
const exempt = violating({ standing: "exempt", violations: [aViolation({ since: now - days(50) })] });
const grouped = violating({ standing: "grouped", violations: [aViolation({ since: now - days(60) })] });
const stopped = violating({ instance: anInstance({ state: "stopped" }) });
const owned = (owner: string | undefined, standing: Finding["standing"] = "violating") =>
  violating({ owner, standing });
const launched = (age: number, changes: object = {}) =>
  violating({ instance: anInstance({ launchedAt: now - age, ...changes }) });

const cases: readonly { name: string; findings: readonly Finding[]; want: Partial<RegionSummary> }[] = [
  {
    name: "an empty region",
    findings: [],
    want: {
      instances: 0,
      judged: 0,
      coverageRatio: 1,
      canary: "missing",
      oldestViolationAt: undefined,
      untaggedVcpuHours: 0,
      repeatOffenders: 0,
    },
  },
  {
    name: "each instance by how it stands",
    findings: [aFinding(), aFinding(), violating(), inGrace, exempt, grouped, canary],
    want: {
      instances: 7,
      judged: 6,
      compliant: 2,
      violators: 1,
      inGrace: 1,
      exempt: 1,
      grouped: 1,
      coverageRatio: 2 / 6,
    },
  },
  { name: "stopped instances are judged", findings: [stopped], want: { judged: 1, violators: 1 } },
  {
    name: "instances about to start, stop or end are not",
    findings: (["pending", "stopping", "shutting-down", "terminated"] as const).map((state) =>
      violating({ instance: anInstance({ state }) }),
    ),
    want: { instances: 4, judged: 0, violators: 0 },
  },
  {
    name: "a sound canary is seen, and no subject",
    findings: [canary],
    want: { instances: 1, judged: 0, canary: "seen", canaryFault: undefined },
  },
  {
    name: "a canary that breaks the scheme",
    findings: [broken],
    want: { canary: "broken", canaryFault: 'tag "owner" is missing' },
  },
  {
    name: "of two canaries one that is broken, first",
    findings: [broken, canary],
    want: { canary: "broken", canaryFault: 'tag "owner" is missing' },
  },
  { name: "of two canaries one that is broken, last", findings: [canary, broken], want: { canary: "broken" } },
  {
    name: "the oldest violation is that of one left to its owner",
    findings: [violating(), inGrace, exempt, grouped],
    want: { oldestViolationAt: now - days(5) },
  },
  {
    name: "vCPU-hours of what runs untagged",
    findings: [launched(hours(3)), launched(hours(1) / 2), aFinding(), stopped],
    want: { untaggedVcpuHours: 7 },
  },
  {
    name: "exempt and grouped instances are untagged, too",
    findings: [exempt, grouped],
    want: { untaggedVcpuHours: 2 * 2 * 240 },
  },
  { name: "a launch by a clock that is ahead", findings: [launched(-hours(1))], want: { untaggedVcpuHours: 0 } },
  {
    name: "an owner of one is no repeat offender",
    findings: [owned("ada"), owned("bob"), owned(undefined), owned(undefined)],
    want: { repeatOffenders: 0 },
  },
  {
    name: "an owner of two is, in grace or not",
    findings: [owned("ada"), owned("ada", "in_grace"), owned("bob"), owned("ada")],
    want: { repeatOffenders: 1 },
  },
  { name: "exempt ones do not count", findings: [owned("ada"), owned("ada", "exempt")], want: { repeatOffenders: 0 } },
];

for (const { name, findings, want } of cases) test(name, async (t) => t.match(summarize(findings), want));

test("vCPU-hours are not known where one size is not", async (t) => {
  const small = launched(hours(1), { type: "t3.nano" });
  const vcpusOf = (type: string) => (type === "t3.nano" ? undefined : 2);
  for (const findings of [[small], [violating(), small], [small, violating()]])
    t.equal(summarize(findings, vcpusOf).untaggedVcpuHours, undefined);
});

test("tags are counted of judged instances alone", async (t) => {
  const bare = aFinding({ instance: anInstance({ tags: { owner: "ada", project: "x" } }) });
  const { tags } = summarize([bare, canary, violating({ instance: anInstance({ state: "pending" }) })]);
  t.match(tags, [
    { tag: "owner", asked: 1, present: 1 },
    { tag: "project", asked: 1, present: 1 },
  ]);
});

test("memory does not grow with owners", async (t) => {
  const strangers = Array.from({ length: 1000 }, (_, index) => owned(`owner-${index}`));
  t.equal(
    summarize([...strangers, owned("late"), owned("late")]).repeatOffenders,
    0,
    "the first thousand are followed",
  );
  t.equal(summarize([...strangers, owned("owner-999"), owned("late")]).repeatOffenders, 1);
});

import fc from "fast-check";
import { test } from "tap";
import { days, hours } from "../../lib/core/time.ts";
import { assessInstance, type Finding, isJudged, type Judging } from "../../lib/tagaudit/assess.ts";
import { defaultExemptionTags } from "../../lib/tagaudit/exemption.ts";
import { makeScheme, type RuleDraft } from "../../lib/tagaudit/make-scheme.ts";
import { aCanary, aJudging, anInstance, aScheme, now } from "../support/tagaudit-records.ts";

const whole = { owner: "ada", project: "shop" };
const asg = { "aws:autoscaling:groupName": "web" };
const exempt = { [defaultExemptionTags.until]: "2026-04-01", [defaultExemptionTags.reason]: "vendor" };

const standings = [
  { name: "wholly tagged", instance: anInstance({ tags: whole }), want: "compliant" },
  { name: "a tag short", instance: anInstance({ tags: { owner: "ada" } }), want: "violating" },
  { name: "a group's member", instance: anInstance({ tags: asg }), want: "grouped" },
  { name: "a group's member that complies", instance: anInstance({ tags: { ...asg, ...whole } }), want: "compliant" },
  { name: "exempt", instance: anInstance({ tags: exempt }), want: "exempt" },
  { name: "exempt without need", instance: anInstance({ tags: { ...exempt, ...whole } }), want: "compliant" },
  { name: "an exempt member is its group's", instance: anInstance({ tags: { ...exempt, ...asg } }), want: "grouped" },
  { name: "the canary, whatever it lacks", instance: aCanary(), want: "canary" },
  { name: "the canary, started", instance: aCanary({ state: "running" }), want: "violating" },
  {
    name: "under conversion",
    instance: anInstance(),
    judging: { converting: new Set(["i-0123456789abcdef0"]) },
    want: "grouped",
  },
] as const;

for (const { name, instance, want, ...rest } of standings) {
  test(`standing: ${name}`, async (t) => {
    const { judging = {} }: { judging?: Partial<Judging> } = rest;
    t.equal(assessInstance(instance, aJudging(judging)).standing, want);
  });
}

test("states that are judged", async (t) => {
  for (const state of ["running", "stopped"] as const) t.ok(isJudged({ state }), state);
  for (const state of ["pending", "stopping", "shutting-down", "terminated"] as const)
    t.notOk(isJudged({ state }), state);
});

const [owner, project] = aScheme().rules.map(({ hash }) => hash);
const launchedAt = now - days(10);

const clockCases: readonly {
  name: string;
  clocks: ReadonlyMap<string, number> | undefined;
  grace: number;
  want: { since: number; standing: string };
}[] = [
  {
    name: "without memory the last launch counts",
    clocks: undefined,
    grace: days(10),
    want: { since: launchedAt, standing: "violating" },
  },
  {
    name: "a millisecond short of grace",
    clocks: undefined,
    grace: days(10) + 1,
    want: { since: launchedAt, standing: "in_grace" },
  },
  {
    name: "with memory what is seen first begins now",
    clocks: new Map(),
    grace: hours(1),
    want: { since: now, standing: "in_grace" },
  },
  {
    name: "with memory and no grace it is due at once",
    clocks: new Map(),
    grace: 0,
    want: { since: now, standing: "violating" },
  },
  {
    name: "with memory its first sight counts",
    clocks: new Map([[owner ?? "", now - hours(5)]]),
    grace: hours(5),
    want: { since: now - hours(5), standing: "violating" },
  },
  {
    name: "the clock of another rule counts for that rule alone",
    clocks: new Map([[project ?? "", now - days(9)]]),
    grace: hours(5),
    want: { since: now, standing: "in_grace" },
  },
];

for (const { name, clocks, grace, want } of clockCases) {
  test(`clock: ${name}`, async (t) => {
    const finding = assessInstance(anInstance({ tags: { project: "x" } }), aJudging({ clocks, grace }));
    t.match(finding.violations, [{ tag: "owner", since: want.since, dueAt: want.since + grace, ruleHash: owner }]);
    t.equal(finding.standing, want.standing);
  });
}

test("a rule's own grace goes before the setting's", async (t) => {
  const scheme = makeScheme({ rules: [{ tag: "owner", grace: days(30) }, { tag: "project" }] });
  const { violations, standing } = assessInstance(anInstance(), aJudging({ scheme, grace: days(20) }));
  t.match(violations, [{ dueAt: launchedAt + days(30) }, { dueAt: launchedAt + days(20) }]);
  t.equal(standing, "in_grace");
  t.equal(
    assessInstance(anInstance(), aJudging({ scheme, grace: days(10) })).standing,
    "violating",
    "one that is due is enough",
  );
});

test("a rule is asked only where it applies", async (t) => {
  const only = { regions: ["us-*"], vpcs: undefined, launchers: undefined };
  const scheme = makeScheme({ rules: [{ tag: "owner", appliesTo: only }] });
  t.equal(assessInstance(anInstance(), aJudging({ scheme })).standing, "compliant");
  t.equal(assessInstance(anInstance({ region: "us-east-1" }), aJudging({ scheme })).standing, "violating");
});

test("a finding says who owns it, of which group it is, and what becomes of its exemption", async (t) => {
  const tags = { ...asg, email: "ada@example.com", [defaultExemptionTags.reason]: "vendor" };
  const instance = anInstance({ tags });
  t.match(assessInstance(instance, aJudging()), {
    instance,
    group: { kind: "auto_scaling", name: "web" },
    isCanary: false,
    exempt: undefined,
    exemptionProblem: /^exempt without an end/,
    owner: "ada@example.com",
  });
});

const keys = ["owner", "project", "cost_center", "env"] as const;
const values = fc.constantFrom("", " ", "x", "prod", "2026-01-01", "ada@example.com");
const spelled = fc.constantFrom(...keys, "Owner", "ownr", "PROJECT", "cost-center", "team");
const tags = fc.dictionary(spelled, values, { maxKeys: 6 });
const valueRules = fc.constantFrom<RuleDraft["value"]>(
  undefined,
  { kind: "date" },
  { kind: "email" },
  { kind: "allowed", values: ["prod"] },
);
const rules = fc
  .uniqueArray(fc.record({ tag: fc.constantFrom(...keys), required: fc.boolean(), value: valueRules }), {
    selector: ({ tag }) => tag,
    maxLength: 4,
  })
  .map((drafts): readonly RuleDraft[] => drafts);
const keyCases = fc.constantFrom("lower", "exact" as const);
const schemes = fc.tuple(rules, keyCases);

const judge = (
  tagSet: Readonly<Record<string, string>>,
  drafts: readonly RuleDraft[],
  keyCase: "lower" | "exact",
): Finding =>
  assessInstance(anInstance({ tags: tagSet }), aJudging({ scheme: makeScheme({ rules: drafts, keyCase }) }));

test("an instance that has every tag with a value that fits never violates", async (t) => {
  const fitting = (value: RuleDraft["value"]): string => {
    if (value?.kind === "date") return "2026-01-01";
    return value?.kind === "email" ? "ada@example.com" : "prod";
  };
  fc.assert(
    fc.property(schemes, ([drafts, keyCase]) => {
      const all = Object.fromEntries(drafts.map(({ tag, value }) => [tag, fitting(value)]));
      return judge(all, drafts, keyCase).standing === "compliant";
    }),
  );
  t.pass("for any scheme");
});

test("adding a rule never takes a violation away", async (t) => {
  fc.assert(
    fc.property(tags, schemes, (tagSet, [drafts, keyCase]) => {
      const before = judge(tagSet, drafts.slice(1), keyCase).violations.map(({ ruleHash }) => ruleHash);
      const after = new Set(judge(tagSet, drafts, keyCase).violations.map(({ ruleHash }) => ruleHash));
      return before.every((hash) => after.has(hash));
    }),
  );
  t.pass("for any tags");
});

test("a required tag that is only nearly there is never taken for it", async (t) => {
  fc.assert(
    fc.property(tags, schemes, (tagSet, [drafts, keyCase]) => {
      const { violations } = judge(tagSet, drafts, keyCase);
      const isThere = (tag: string) =>
        Object.keys(tagSet).some((key) => key === tag || (keyCase === "lower" && key.toLowerCase() === tag));
      return drafts.every(({ tag, required }) => {
        const broken = violations.find((violation) => violation.tag === tag);
        if (isThere(tag)) return broken?.kind !== "missing" && broken?.kind !== "near_miss";
        return !required || broken?.kind === "missing" || broken?.kind === "near_miss";
      });
    }),
  );
  t.pass("for any tags");
});

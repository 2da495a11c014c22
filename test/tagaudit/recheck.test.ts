import { test } from "tap";
import { hashTags, type Judged, sayChanged, sayUntagged } from "../../lib/tagaudit/recheck.ts";
import { ownerRule } from "../support/instance-ladders.ts";
import { aFinding, anInstance, aViolation, now, violating } from "../support/tagaudit-records.ts";

const tags = { Name: "web-1", team: "core" };
const instance = anInstance({ tags });
const judged: Judged = { launchedAt: instance.launchedAt, tagsHash: hashTags(instance.tags), rules: [ownerRule] };

const cases = [
  { name: "the same instance, tags and violation", finding: violating({ instance }), want: undefined },
  {
    name: "its tags in another order",
    finding: violating({ instance: anInstance({ tags: { team: "core", Name: "web-1" } }) }),
    want: undefined,
  },
  {
    name: "stopped meanwhile",
    finding: violating({ instance: anInstance({ tags, state: "stopped" }) }),
    want: undefined,
  },
  {
    name: "a launch of its own",
    finding: violating({ instance: anInstance({ tags, launchedAt: instance.launchedAt + 1 }) }),
    want: "it was launched again since it was judged",
  },
  {
    name: "a tag more",
    finding: violating({ instance: anInstance({ tags: { ...tags, owner: "ada" } }) }),
    want: "its tags have changed since it was judged",
  },
  {
    name: "a tag less",
    finding: violating({ instance: anInstance({ tags: { Name: "web-1" } }) }),
    want: "its tags have changed since it was judged",
  },
  {
    name: "a value that moved to another key",
    finding: violating({ instance: anInstance({ tags: { Name: "core", team: "web-1" } }) }),
    want: "its tags have changed since it was judged",
  },
  {
    name: "nothing broken any more",
    finding: aFinding({ instance }),
    want: "it was judged violating, and is compliant",
  },
  {
    name: "a clock that began anew",
    finding: violating({ instance, standing: "in_grace" }),
    want: "it was judged violating, and is in grace",
  },
  {
    name: "a member of a group by now",
    finding: violating({ instance, standing: "grouped" }),
    want: "it was judged violating, and is grouped",
  },
  {
    name: "another rule broken",
    finding: violating({ instance, violations: [aViolation({ ruleHash: "another" })] }),
    want: "it breaks none of the rules any more that it was judged by",
  },
  {
    name: "the same rule, and not due",
    finding: violating({ instance, violations: [aViolation({ dueAt: now + 1 })] }),
    want: "it breaks none of the rules any more that it was judged by",
  },
] as const;

for (const { name, finding, want } of cases) {
  test(`changed: ${name}`, async (t) => t.equal(sayChanged(judged, finding, now), want));
}

const untagged = [
  { name: "tags that show need no confirmation", tags, listed: undefined, want: undefined },
  { name: "none, and none listed", tags: {}, listed: {}, want: undefined },
  { name: "none, and some listed", tags: {}, listed: tags, want: "it shows no tags, and DescribeTags shows 2" },
  {
    name: "none, and nothing listed",
    tags: {},
    listed: undefined,
    want: "it shows no tags, and nothing confirms that",
  },
] as const;

for (const { name, tags, listed, want } of untagged) {
  test(`untagged: ${name}`, async (t) => {
    t.equal(sayUntagged(anInstance({ tags }), listed && new Map(Object.entries(listed))), want);
  });
}

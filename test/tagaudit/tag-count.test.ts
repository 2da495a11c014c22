import { test } from "tap";
import { assessInstance } from "../../lib/tagaudit/assess.ts";
import { makeScheme } from "../../lib/tagaudit/make-scheme.ts";
import type { TagCount } from "../../lib/tagaudit/tag-count.ts";
import { tallyTag } from "../../lib/tagaudit/tag-count.ts";
import { aJudging, anInstance } from "../support/tagaudit-records.ts";

const none = { asked: 0, present: 0, missing: 0, invalid: 0, nearMiss: 0 };
const only = (region: string) => ({ regions: [region], vpcs: undefined, launchers: undefined });

const cases: readonly {
  name: string;
  draft?: object;
  tags: readonly Readonly<Record<string, string>>[];
  want: Partial<TagCount>;
}[] = [
  { name: "no instance at all", tags: [], want: { ...none, coverageRatio: 1 } },
  {
    name: "with the tag, in any letter case",
    tags: [{ env: "a" }, { ENV: "a" }],
    want: { ...none, asked: 2, present: 2, coverageRatio: 1 },
  },
  {
    name: "without, and with a blank",
    tags: [{}, { env: " " }],
    want: { ...none, asked: 2, missing: 2, coverageRatio: 0 },
  },
  {
    name: "nearly",
    tags: [{ envs: "a" }, { env: "a" }],
    want: { ...none, asked: 2, present: 1, nearMiss: 1, coverageRatio: 0.5 },
  },
  {
    name: "with a value that is not allowed",
    draft: { value: { kind: "date" } },
    tags: [{ env: "a" }, { env: "2026-01-01" }],
    want: { ...none, asked: 2, present: 2, invalid: 1, coverageRatio: 0.5 },
  },
  {
    name: "optional and not there",
    draft: { required: false },
    tags: [{}, { env: "a" }],
    want: { ...none, asked: 2, present: 1, coverageRatio: 1 },
  },
  { name: "for others alone", draft: { appliesTo: only("us-*") }, tags: [{}], want: { ...none, coverageRatio: 1 } },
];

for (const { name, draft = {}, tags, want } of cases) {
  test(name, async (t) => {
    const scheme = makeScheme({ rules: [{ tag: "env", ...draft }] });
    const tallies = scheme.rules.map(tallyTag);
    for (const tagSet of tags)
      for (const tally of tallies)
        tally.add(assessInstance(anInstance({ tags: tagSet }), aJudging({ scheme })), scheme.keyCase);
    t.strictSame(
      tallies.map((tally) => tally.count()),
      [{ tag: "env", ...want }],
    );
  });
}

import { test } from "tap";
import type { Instance } from "../../lib/core/ec2.ts";
import { type RegionSummary, tallyRegion } from "../../lib/dirtycount/tally.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { aMark, aTally, now } from "../support/marks.ts";
import { anInstance } from "../support/tagaudit-records.ts";

const tag = { key: "dirty", value: "skunked" };
const skunked = { dirty: "skunked" };

interface Counted {
  readonly marks?: readonly Partial<Mark>[];
  readonly instances: readonly Parameters<typeof anInstance>[0][];
  readonly tagUnverified?: boolean;
}

function count({ marks = [], instances, tagUnverified = false }: Counted) {
  const known = new Map(marks.map((said) => [said.instanceId ?? "i-1", aMark({ instanceId: "i-1", ...said })]));
  const tally = tallyRegion({ marks: known, tag, tagUnverified });
  for (const said of instances) tally.add(anInstance({ id: "i-1", ...said }));
  return { summary: tally.summary(), unseen: tally.unseen().map(({ instanceId }) => instanceId) };
}

const idsOf = (marks: readonly Mark[]) => marks.map(({ instanceId }) => instanceId);
const { verified: _verified, ...unproven } = aMark({ instanceId: "i-1", unverified: aTally() });

function countUnproven(instances: Counted["instances"], tagUnverified: boolean): RegionSummary {
  const tally = tallyRegion({ marks: new Map([["i-1", unproven]]), tag, tagUnverified });
  for (const said of instances) tally.add(anInstance({ id: "i-1", ...said }));
  return tally.summary();
}

const cases: readonly (Counted & {
  readonly name: string;
  /** Instances, dirty, unverified, with the tag alone, without the tag. */
  readonly want: readonly number[];
})[] = [
  { name: "nothing", instances: [], want: [0, 0, 0, 0, 0] },
  { name: "a clean one", instances: [{}], want: [1, 0, 0, 0, 0] },
  { name: "another value is not the tag", instances: [{ tags: { dirty: "no" } }], want: [1, 0, 0, 0, 0] },
  { name: "the tag alone", instances: [{ tags: skunked }], want: [1, 0, 0, 1, 0] },
  { name: "marked and tagged", marks: [{}], instances: [{ tags: skunked }], want: [1, 1, 0, 0, 0] },
  { name: "marked and not tagged", marks: [{}], instances: [{}], want: [1, 1, 0, 0, 1] },
  { name: "stopped, it is there", marks: [{}], instances: [{ state: "stopped" }], want: [1, 1, 0, 0, 1] },
  { name: "shutting down, it is not", marks: [{}], instances: [{ state: "shutting-down" }], want: [0, 0, 0, 0, 0] },
  { name: "nor terminated", marks: [{}], instances: [{ state: "terminated" }], want: [0, 0, 0, 0, 0] },
  { name: "nor with the tag alone", instances: [{ state: "terminated", tags: skunked }], want: [0, 0, 0, 0, 0] },
  { name: "a marked one that comes twice", marks: [{}], instances: [{}, {}], want: [1, 1, 0, 0, 1] },
  { name: "a clean one that comes twice", instances: [{}, {}], want: [1, 0, 0, 0, 0] },
  { name: "one with the tag alone twice", instances: [{ tags: skunked }, { tags: skunked }], want: [1, 0, 0, 1, 0] },
  {
    name: "believed and not believed counts as believed",
    marks: [{ unverified: aTally() }],
    instances: [{ tags: skunked }],
    want: [1, 1, 0, 0, 0],
  },
];

for (const { name, want, ...counted } of cases) {
  test(`counts ${name}`, async (t) => {
    const { summary: of } = count(counted);
    t.strictSame([of.instances, of.dirty, of.unverified, of.tagOnly, of.untagged.length], want);
  });
}

for (const { tagUnverified, tags, want } of [
  { tagUnverified: false, tags: {}, want: 0 },
  { tagUnverified: true, tags: {}, want: 1 },
  { tagUnverified: true, tags: skunked, want: 0 },
]) {
  test(`one that nobody proven speaks of, tag_unverified ${tagUnverified}, lacks its tag ${want} times`, async (t) => {
    const { dirty, unverified, untagged } = countUnproven([{ tags }], tagUnverified);
    t.strictSame([dirty, unverified, untagged.length], [0, 1, want]);
  });
}

test("levels add up, with the first event of any", async (t) => {
  const marks = [
    { instanceId: "i-1", verified: aTally({ level: "high", firstAt: now - 5, count: 2 }) },
    { instanceId: "i-2", verified: aTally({ level: "high", firstAt: now - 9, count: 3 }) },
    { instanceId: "i-3", verified: aTally({ level: "low", firstAt: now - 1 }) },
  ] as const;
  const { byLevel } = count({ marks, instances: [{ id: "i-1" }, { id: "i-2" }, { id: "i-3" }] }).summary;
  const none = { instances: 0, firstAt: undefined, events: 0 };
  t.strictSame(byLevel, {
    ...{ medium: none, critical: none, low: { instances: 1, firstAt: now - 1, events: 1 } },
    high: { instances: 2, firstAt: now - 9, events: 5 },
  });
});

test("what is to be remembered: ends, returns and those that have not come", async (t) => {
  const marks = [
    { instanceId: "i-1", missingSince: now },
    { instanceId: "i-2" },
    { instanceId: "i-3", missingSince: now },
    { instanceId: "i-4" },
  ];
  const instances = [{ id: "i-1" }, { id: "i-2", state: "terminated" as Instance["state"] }, { id: "i-4" }];
  const { summary, unseen } = count({ marks, instances });
  t.strictSame([idsOf(summary.back), idsOf(summary.ended), unseen], [["i-1"], ["i-2"], ["i-3"]]);
});

for (const state of ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"] as const) {
  test(`a mark ${state === "terminated" ? "ends" : "stays"} where its instance is ${state}`, async (t) => {
    const { ended } = count({ marks: [{}], instances: [{ state }] }).summary;
    t.strictSame(idsOf(ended), state === "terminated" ? ["i-1"] : []);
  });
}

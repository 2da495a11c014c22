import { test } from "tap";
import { actionId } from "../../lib/act/action.ts";
import { planTags } from "../../lib/dirtymark/plan.ts";
import type { Promised } from "../../lib/marks/promised.ts";

const planning = {
  ...{ accountId: "111122223333", now: 5, run: "r1" },
  tag: { key: "dirty", value: "skunked" },
};

const promised = (region: string, ...instanceIds: readonly string[]): Promised => ({
  ...{ id: `111122223333/${region}/x`, version: 1, accountId: "111122223333", region, instanceIds },
});

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `i-${String(at).padStart(8, "0")}`);

const shapes = [
  { name: "nothing is due", given: [], want: [] },
  { name: "a promise of nothing", given: [promised("eu-west-1")], want: [] },
  {
    name: "promises of one region go together, an instance named twice once",
    given: [promised("eu-west-1", "i-2", "i-1"), promised("eu-west-1", "i-2", "i-3")],
    want: [["eu-west-1", 3]],
  },
  {
    name: "each region has its own",
    given: [promised("eu-west-1", "i-1"), promised("us-east-1", "i-1")],
    want: [
      ["eu-west-1", 1],
      ["us-east-1", 1],
    ],
  },
  { name: "a thousand in one", given: [promised("eu-west-1", ...ids(1000))], want: [["eu-west-1", 1000]] },
  {
    name: "one more in another",
    given: [promised("eu-west-1", ...ids(1001))],
    want: [
      ["eu-west-1", 1000],
      ["eu-west-1", 1],
    ],
  },
] as const;

for (const { name, given, want } of shapes) {
  test(`tags are planned: ${name}`, async (t) => {
    const actions = planTags(given, planning);
    t.strictSame(
      actions.map(({ detail: { region, instanceIds } }) => [region, instanceIds.length]),
      want,
    );
    t.equal(new Set(actions.map(actionId)).size, actions.length, "each has an id of its own");
  });
}

test("a tag that was taken off is put again by a later run, which is another occasion", async (t) => {
  const given = [promised("eu-west-1", "i-1")];
  const [first] = planTags(given, planning);
  const [again] = planTags(given, planning);
  const [later] = planTags(given, { ...planning, run: "r2" });
  t.ok(first && again && later);
  if (first === undefined || again === undefined || later === undefined) return;
  t.equal(actionId(again), actionId(first));
  t.not(actionId(later), actionId(first));
  t.match(first, { program: "dirtymark", kind: "tag", class: "mark", detail: { key: "dirty", value: "skunked" } });
});

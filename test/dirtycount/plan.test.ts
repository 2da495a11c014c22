import { test } from "tap";
import { actionId } from "../../lib/act/action.ts";
import { hours } from "../../lib/core/time.ts";
import { planTags } from "../../lib/dirtycount/plan.ts";
import { aMark, now } from "../support/marks.ts";

const planning = { accountId: "123456789012", tag: { key: "dirty", value: "skunked" }, now };
const marked = (region: string, count: number) =>
  Array.from({ length: count }, (_, at) => aMark({ region, instanceId: `i-${String(count - at).padStart(8, "0")}` }));

for (const { name, marks, want } of [
  { name: "none", marks: [], want: [] },
  { name: "one", marks: marked("eu-west-1", 1), want: ["eu-west-1 1"] },
  { name: "as many as go into one call", marks: marked("eu-west-1", 1000), want: ["eu-west-1 1000"] },
  { name: "one more", marks: marked("eu-west-1", 1001), want: ["eu-west-1 1000", "eu-west-1 1"] },
  {
    name: "two regions",
    marks: [...marked("eu-west-1", 2), ...marked("us-east-1", 1)],
    want: ["eu-west-1 2", "us-east-1 1"],
  },
  { name: "one that can't have it", marks: [aMark({ untaggable: "tag_limit" })], want: [] },
]) {
  test(`tags for ${name}`, async (t) => {
    const actions = planTags(marks, planning);
    t.strictSame(
      actions.map(({ detail }) => `${detail.region} ${detail.instanceIds.length}`),
      want,
    );
    t.equal(new Set(actions.map(actionId)).size, want.length, "each has an id of its own");
  });
}

test("a tagging says what it needs, in the order of ids", async (t) => {
  const [action] = planTags(marked("eu-west-1", 2), planning);
  const instanceIds = ["i-00000001", "i-00000002"];
  t.match(action, {
    ...{
      program: "dirtycount",
      accountId: "123456789012",
      kind: "tag",
      class: "mark",
      subject: "eu-west-1 i-00000001",
    },
    ...{ reason: "recorded as touched by a person, and without the tag: 2", decidedBy: "retag" },
    ...{ names: instanceIds, legs: [], notBefore: 0, evidenceAt: now },
    detail: { region: "eu-west-1", instanceIds, key: "dirty", value: "skunked" },
  });
});

test("the same instances in the same hour are the same action, and others are not", async (t) => {
  const idOf = (count: number, at: number) =>
    planTags(marked("eu-west-1", count), { ...planning, now: at }).map(actionId);
  const hour = Math.floor(now / hours(1)) * hours(1);
  t.strictSame(idOf(2, hour), idOf(2, hour + hours(1) - 1));
  t.notSame(idOf(2, hour), idOf(2, hour + hours(1)));
  t.notSame(idOf(2, hour), idOf(3, hour));
});

import { test } from "tap";
import { reportRefusals, stalewatchRefusal } from "../../lib/measurements/refusal.ts";

test("the measurement's names and types are what was released", async (t) => {
  t.equal(stalewatchRefusal.name, "stalewatch_refusal");
  t.strictSame(Object.keys(stalewatchRefusal.tags), ["program", "account", "reason"]);
  t.strictSame(Object.keys(stalewatchRefusal.fields), ["count"]);
  t.equal(stalewatchRefusal.fields.count.kind, "integer");
});

const cases = [
  { name: "no refusal, no point", gates: [], want: [] },
  {
    name: "one point for each gate",
    gates: ["mode", "exempt"],
    want: [
      ["mode", 1],
      ["exempt", 1],
    ],
  },
  {
    name: "refusals by the same gate are counted",
    gates: ["mode", "exempt", "mode"],
    want: [
      ["mode", 2],
      ["exempt", 1],
    ],
  },
];

for (const { name, gates, want } of cases) {
  test(name, async (t) => {
    const points = reportRefusals(
      "keycheck",
      "123456789012",
      gates.map((gate) => ({ gate })),
    );
    t.strictSame(
      points,
      want.map(([reason, count]) => ({
        measurement: stalewatchRefusal,
        tags: { program: "keycheck", account: "123456789012", reason },
        fields: { count },
      })),
    );
  });
}

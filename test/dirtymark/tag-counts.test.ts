import { test } from "tap";
import type { Outcome } from "../../lib/act/action.ts";
import { planTags } from "../../lib/dirtymark/plan.ts";
import { endsOf, regionsOf } from "../../lib/dirtymark/tag-counts.ts";
import type { Promised } from "../../lib/marks/promised.ts";

const accountId = "111122223333";
const tag = { key: "dirty", value: "skunked" };

const promised = (region: string, ...instanceIds: readonly string[]): Promised => ({
  ...{ id: `${accountId}/${region}/x`, version: 1, accountId, region, instanceIds },
});

const outcomesOf = (promises: readonly Promised[], ending: Outcome["ending"]): readonly Outcome[] =>
  planTags(promises, { accountId, tag, now: 0, run: "r" }).map((action) => ({ action, ending, says: "" }));

const cases = [
  { name: "put", ending: "applied", untaggable: [], want: { tagged: 2, untaggable: 0, due: 0 } },
  {
    name: "put, but on one that is gone",
    ending: "applied",
    untaggable: ["i-2"],
    want: { tagged: 1, untaggable: 1, due: 0 },
  },
  { name: "not put", ending: "failed", untaggable: [], want: { tagged: 0, untaggable: 0, due: 2 } },
  { name: "of unknown end", ending: "unknown", untaggable: [], want: { tagged: 0, untaggable: 0, due: 2 } },
] as const;

for (const { name, ending, untaggable, want } of cases) {
  test(`tags that were ${name} are counted so`, async (t) => {
    const promises = [promised("eu-west-1", "i-1", "i-2"), promised("eu-west-1", "i-1")];
    const ends = endsOf(outcomesOf(promises, ending), new Set(untaggable.map((id) => `eu-west-1/${id}`)));
    t.strictSame(regionsOf(accountId, promises, ends), [{ accountId, region: "eu-west-1", ...want }]);
  });
}

test("regions are counted apart, and what nobody tried is due", async (t) => {
  const promises = [promised("eu-west-1", "i-1"), promised("us-east-1", "i-1", "i-2")];
  const ends = endsOf(outcomesOf([promised("us-east-1", "i-1")], "applied"), new Set());
  t.strictSame(
    regionsOf(accountId, promises, ends).map(({ region, tagged, due }) => [region, tagged, due]),
    [
      ["eu-west-1", 0, 1],
      ["us-east-1", 1, 1],
    ],
  );
});

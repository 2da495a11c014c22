import { test } from "tap";
import { markId, newMark, touchedAt } from "../../lib/marks/mark.ts";
import { aTally } from "../support/marks.ts";

test("a mark is known by region and instance, and begins without anybody's word", async (t) => {
  const name = { accountId: "123456789012", region: "eu-west-1", instanceId: "i-0123456789abcdef0" };
  t.equal(markId(name), "eu-west-1/i-0123456789abcdef0");
  t.strictSame(newMark(name), { shape: 1, ...name, messages: [] });
});

for (const { name, mark, want } of [
  { name: "nobody", mark: {}, want: Number.NEGATIVE_INFINITY },
  { name: "the only one", mark: { verified: aTally({ lastAt: 7 }) }, want: 7 },
  { name: "the other only one", mark: { unverified: aTally({ lastAt: 7 }) }, want: 7 },
  { name: "believed later", mark: { verified: aTally({ lastAt: 9 }), unverified: aTally({ lastAt: 7 }) }, want: 9 },
  { name: "believed earlier", mark: { verified: aTally({ lastAt: 7 }), unverified: aTally({ lastAt: 9 }) }, want: 9 },
]) {
  test(`touched last: ${name}`, async (t) => t.equal(touchedAt(mark), want));
}

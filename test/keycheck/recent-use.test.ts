import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { type KeyUse, refuseRecentUse } from "../../lib/keycheck/recent-use.ts";
import { now } from "../support/keycheck-records.ts";

const aUse = (changes: Partial<KeyUse> = {}): KeyUse => ({
  ...{ id: "AKIAEXAMPLEEXAM00001", active: true, createdAt: now - days(200), usedAt: now - days(1) },
  ...changes,
});
const other = (changes: Partial<KeyUse> = {}): KeyUse => aUse({ id: "AKIAEXAMPLEEXAM00002", ...changes });

interface Case {
  readonly name: string;
  readonly key?: Partial<KeyUse>;
  readonly others?: readonly KeyUse[];
  readonly expireHard?: number;
  readonly want: "refused" | "allowed";
}

const cases: readonly Case[] = [
  { name: "a key in use", want: "refused" },
  { name: "a key never used", key: { usedAt: undefined }, want: "allowed" },
  { name: "used a millisecond within recent_use", key: { usedAt: now - days(7) + 1 }, want: "refused" },
  { name: "not used for recent_use", key: { usedAt: now - days(7) }, want: "allowed" },
  { name: "used at this very moment", key: { usedAt: now }, want: "refused" },
  { name: "used by a clock that is ahead of ours", key: { usedAt: now + days(1) }, want: "refused" },
  { name: "a millisecond before expire_hard", expireHard: days(200) + 1, want: "refused" },
  { name: "from expire_hard on", expireHard: days(200), want: "allowed" },
  { name: "another active key was used later", others: [other({ usedAt: now - days(1) + 1 })], want: "allowed" },
  { name: "another active key was used at the same time", others: [other()], want: "refused" },
  { name: "another active key was used before", others: [other({ usedAt: now - days(2) })], want: "refused" },
  { name: "another active key was never used", others: [other({ usedAt: undefined })], want: "refused" },
  { name: "an Inactive key was used later", others: [other({ usedAt: now, active: false })], want: "refused" },
  {
    name: "one of several others was used later",
    others: [other({ usedAt: undefined }), other({ usedAt: now })],
    want: "allowed",
  },
];

for (const { name, key, others = [], expireHard, want } of cases) {
  test(name, async (t) => {
    const said = refuseRecentUse(aUse(key), others, { recentUse: days(7), expireHard, now });
    t.equal(
      said,
      want === "allowed" ? undefined : "the key was used within recent_use, and no other active key of its user later",
    );
  });
}

test("of two keys in use the one used later stays", async (t) => {
  const limits = { recentUse: days(7), expireHard: undefined, now };
  const [earlier, later] = [aUse(), other({ usedAt: now })];
  t.equal(refuseRecentUse(earlier, [later], limits), undefined);
  t.type(refuseRecentUse(later, [earlier], limits), "string");
});

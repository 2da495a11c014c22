import { test } from "tap";
import { hours } from "../../lib/core/time.ts";
import { followMark, type Seen } from "../../lib/dirtycount/follow-mark.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { aMark, aTally, now } from "../support/marks.ts";

const cases: readonly {
  readonly name: string;
  readonly mark?: Partial<Mark>;
  readonly seen: Seen;
  /** `same`: the very mark. */
  readonly want: Partial<Mark> | "same";
}[] = [
  { name: "terminated ends it", seen: "terminated", want: { endedAt: now } },
  {
    name: "also one that was missing",
    mark: { missingSince: 7 },
    seen: "terminated",
    want: { missingSince: 7, endedAt: now },
  },
  { name: "there changes nothing", seen: "there", want: "same" },
  { name: "there again is not missing", mark: { missingSince: now - hours(5) }, seen: "there", want: {} },
  { name: "missing for the first time is noted", seen: "missing", want: { missingSince: now } },
  {
    name: "missing again too soon changes nothing",
    mark: { missingSince: now - hours(1) + 1 },
    seen: "missing",
    want: "same",
  },
  {
    name: "missing again an hour later ends it",
    mark: { missingSince: now - hours(1) },
    seen: "missing",
    want: { missingSince: now - hours(1), endedAt: now },
  },
  {
    name: "touched since the look, it is not missing",
    mark: { verified: aTally({ lastAt: now + 1 }), missingSince: now - hours(2) },
    seen: "missing",
    want: "same",
  },
  {
    name: "touched in the moment of the look, it is",
    mark: { verified: aTally({ lastAt: now }) },
    seen: "missing",
    want: { missingSince: now },
  },
  { name: "what has ended has ended: missing", mark: { endedAt: 5 }, seen: "missing", want: "same" },
  { name: "what has ended has ended: terminated", mark: { endedAt: 5 }, seen: "terminated", want: "same" },
  { name: "what has ended has ended: there", mark: { endedAt: 5, missingSince: 4 }, seen: "there", want: "same" },
];

for (const { name, mark = {}, seen, want } of cases) {
  test(name, async (t) => {
    const before = aMark(mark);
    const after = followMark(before, seen, now);
    if (want === "same") t.equal(after, before);
    else {
      const { missingSince: _missing, endedAt: _ended, ...standing } = before;
      t.strictSame(after, { ...standing, ...want });
    }
  });
}

import { test } from "tap";
import type { Ending, Outcome, Refusal } from "../../lib/act/action.ts";
import { countActs } from "../../lib/act/count-acts.ts";
import { anAction } from "../support/an-intent.ts";

const ended = (...endings: readonly Ending[]): readonly Outcome[] =>
  endings.map((ending) => ({ action: anAction(), ending, says: "" }));
const refusals = (count: number): readonly Refusal[] =>
  Array.from({ length: count }, () => ({ action: anAction(), gate: "cap", says: "" }));

const cases = [
  {
    name: "nothing was planned",
    acts: { planned: 0, permitted: 0, refusals: [], outcomes: [] },
    want: { planned: 0, permitted: 0, refused: 0, applied: 0, failed: 0 },
  },
  {
    name: "what was refused, before or at its own moment, and what was done",
    acts: { planned: 5, permitted: 3, refusals: refusals(3), outcomes: ended("applied", "applied") },
    want: { planned: 5, permitted: 3, refused: 3, applied: 2, failed: 0 },
  },
  {
    name: "of unknown end is as bad as failed, and unneeded is neither",
    acts: { planned: 4, permitted: 4, refusals: [], outcomes: ended("failed", "unknown", "unneeded", "applied") },
    want: { planned: 4, permitted: 4, refused: 0, applied: 1, failed: 2 },
  },
] as const;

for (const { name, acts, want } of cases) test(name, async (t) => t.strictSame(countActs(acts), want));

test("where nothing could have been done there are no counts", async (t) => {
  t.equal(countActs(undefined), undefined);
});

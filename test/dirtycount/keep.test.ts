import { test } from "tap";
import { keepRegion } from "../../lib/dirtycount/keep.ts";
import { tallyRegion } from "../../lib/dirtycount/tally.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { aMark, now } from "../support/marks.ts";

const missing = Array.from({ length: 100 }, (_, at) => aMark({ instanceId: `i-${at}` }));
const summary = tallyRegion({ marks: new Map(), tag: { key: "k", value: "v" }, tagUnverified: false }).summary();

test("what was seen is remembered of every mark that it changes, and of no other", async (t) => {
  const changed: Mark[] = [];
  const marks = {
    async change({ instanceId }: Pick<Mark, "instanceId">, alter: (mark: Mark) => Mark) {
      changed.push(alter(aMark({ instanceId, ...(instanceId === "i-back" && { missingSince: 5 }) })));
      return undefined;
    },
  };
  const seen = {
    ...summary,
    ended: [aMark({ instanceId: "i-ended" })],
    back: [aMark({ instanceId: "i-back", missingSince: 5 })],
  };
  const known = [aMark({ instanceId: "i-gone" }), aMark({ instanceId: "i-known", missingSince: now - 1 })];
  const stop = new AbortController().signal;
  await keepRegion({ summary: seen, missing: known }, { marks, readAt: now, stop });
  t.strictSame(
    changed.map(({ instanceId, missingSince, endedAt }) => [instanceId, missingSince, endedAt]),
    [
      ["i-ended", undefined, now],
      ["i-back", undefined, undefined],
      ["i-gone", now, undefined],
    ],
  );
});

test("once the run is stopped nothing more is written, and that is said", async (t) => {
  const stop = new AbortController();
  let written = 0;
  const change = async () => {
    written += 1;
    stop.abort(new Error("SIGTERM"));
    return undefined;
  };
  await t.rejects(keepRegion({ summary, missing }, { marks: { change }, readAt: now, stop: stop.signal }), /SIGTERM/);
  t.ok(written <= 20, `${written} writes`);
});

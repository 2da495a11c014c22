import { test } from "tap";
import type { JournalEntry } from "../../lib/act/entry.ts";
import { minutes } from "../../lib/core/time.ts";
import { planMarks } from "../../lib/tagaudit/plan-marks.ts";
import { stillToDo } from "../../lib/tagaudit/still-to-do.ts";
import { aCanary, now } from "../support/tagaudit-records.ts";

const seen = { instance: aCanary(), readAt: now };
const [action] = planMarks([seen], { accountId: "123456789012", mode: "commit", canaryTimestamp: true });
if (action === undefined) throw new Error("nothing is planned");

const began = now - minutes(30);
const ended = now - minutes(20);
type Written = Partial<Pick<JournalEntry, "state" | "attempt" | "endedAt" | "wasInterrupted">>;

interface Case {
  readonly name: string;
  /** Undefined: the journal has none. */
  readonly entry: Written | undefined;
  /** When it may be done; undefined: not at all. */
  readonly want: number | undefined;
}

const cases: readonly Case[] = [
  { name: "what was never begun is done", entry: undefined, want: action.notBefore },
  { name: "what was done is not done again", entry: { state: "applied", endedAt: ended }, want: undefined },
  { name: "nor what turned out to be needless", entry: { state: "unneeded", endedAt: ended }, want: undefined },
  { name: "nor what is under way", entry: { state: "intended" }, want: undefined },
  { name: "nor what nobody knows the end of", entry: { state: "unknown", endedAt: ended }, want: undefined },
  { name: "what failed waits", entry: { state: "failed", endedAt: ended }, want: ended + minutes(5) },
  {
    name: "twice as long the next time",
    entry: { state: "failed", attempt: 2, endedAt: ended },
    want: ended + minutes(10),
  },
  { name: "from its begin, where no end is written", entry: { state: "failed" }, want: began + minutes(5) },
  {
    name: "what was cut short does not wait",
    entry: { state: "failed", endedAt: ended, wasInterrupted: true },
    want: ended,
  },
];

for (const { name, entry, want } of cases) {
  test(name, async (t) => {
    const lease = { holder: { token: "a", host: "elsewhere", pid: 1 }, until: now };
    const written = { action, attempt: 1, intendedAt: began, before: {}, who: "tester", planHash: "", lease };
    const found = entry && ({ ...written, state: "applied", ...entry } satisfies JournalEntry);
    const asked: string[] = [];
    const left = await stillToDo([action], async (id) => {
      asked.push(id);
      return found;
    });
    t.strictSame(asked, ["tagaudit/123456789012/mark/eu-west-1/i-0canary/2026-03-01T12"]);
    t.strictSame(left, want === undefined ? [] : [{ ...action, notBefore: want }]);
  });
}

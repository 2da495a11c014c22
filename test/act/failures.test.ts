import { test } from "tap";
import { type Failures, mayTry, noteFailure, withoutFailure } from "../../lib/act/failures.ts";
import { hours, minutes } from "../../lib/core/time.ts";

const now = Date.UTC(2026, 2, 1, 12);
const fresh: { readonly id: string; readonly failures?: Failures } = { id: "a" };

const backoffs = [
  { attempt: 1, wait: minutes(5) },
  { attempt: 2, wait: minutes(10) },
  { attempt: 3, wait: minutes(20) },
  { attempt: 8, wait: minutes(640) },
  { attempt: 9, wait: hours(12) },
  { attempt: 5000, wait: hours(12) },
];

for (const { attempt, wait } of backoffs) {
  test(`after failure ${attempt} it waits ${wait / minutes(1)} minutes`, async (t) => {
    const ladder = noteFailure(fresh, "notice", { at: now, attempt });
    t.strictSame(ladder.failures, { notice: { count: attempt, retryAt: now + wait } });
    t.notOk(mayTry(ladder, "notice", now + wait - 1));
    t.ok(mayTry(ladder, "notice", now + wait));
    t.ok(mayTry(ladder, "ticket", now), "other kinds do not wait");
  });
}

test("a failure of one kind leaves those of others", async (t) => {
  const once = noteFailure(fresh, "notice", { at: now, attempt: 1 });
  const both = noteFailure(once, "disable", { at: now, attempt: 1 });
  t.strictSame(Object.keys(both.failures ?? {}), ["notice", "disable"]);
  t.ok(mayTry(fresh, "notice", now), "what never failed may be tried");
});

test("what came about makes up for the failures of its kind, and nothing else is lost", async (t) => {
  const failed = { ...fresh, failures: { notice: { count: 3, retryAt: now }, ticket: { count: 1, retryAt: now } } };
  const cleared = withoutFailure(failed, "notice");
  t.strictSame(cleared, { ...fresh, failures: { notice: undefined, ticket: { count: 1, retryAt: now } } });
  t.ok(mayTry(cleared, "notice", now - 1));
});

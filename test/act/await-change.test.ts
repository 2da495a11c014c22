import { test } from "tap";
import { awaitChange } from "../../lib/act/await-change.ts";
import type { Attempt, Confirmation } from "../../lib/act/kind.ts";
import { OpsError } from "../../lib/core/errors.ts";
import { seconds } from "../../lib/core/time.ts";

const start = Date.UTC(2026, 2, 1, 12);
const done: Confirmation = { is: "done", after: {} };
const consistency = 5;

interface Case {
  readonly name: string;
  readonly attempt: Attempt;
  /** When the world shows it, after the end of the write; absent: never. */
  readonly shownAfter?: number;
  readonly want: Confirmation["is"] | { readonly code: string };
}

const lost = new OpsError("unreachable", "no answer in 20 s");
const broken = new OpsError("unreachable", "ServiceFailure", { cause: { $metadata: { httpStatusCode: 500 } } });
const denied = new OpsError("denied", "AccessDenied");

const cases: readonly Case[] = [
  { name: "what shows at once is done", attempt: { written: {} }, shownAfter: 0, want: "done" },
  { name: "what shows a little later is done", attempt: { written: {} }, shownAfter: 3, want: "done" },
  {
    name: "what was taken and does not show is for a later run",
    attempt: { written: {} },
    want: { code: "not_ready" },
  },
  { name: "what shows after a lost answer is done", attempt: { thrown: lost }, shownAfter: 3, want: "done" },
  {
    name: "what does not show after a lost answer may yet, and is for a later run",
    attempt: { thrown: lost },
    want: { code: "unreachable" },
  },
  { name: "what does not show after AWS's own failure is not done", attempt: { thrown: broken }, want: "not_done" },
  { name: "what AWS has refused is not done", attempt: { thrown: denied }, shownAfter: 0, want: "not_done" },
];

for (const { name, attempt, shownAfter = Number.POSITIVE_INFINITY, want } of cases) {
  test(`${name}, however long the write took`, async (t) => {
    // It began long before.
    const endedAt = start + seconds(20);
    const begun = Date.now();
    const clock = () => endedAt + Date.now() - begun;
    const look = async () => (clock() >= endedAt + shownAfter ? done : undefined);
    const { signal: stop } = new AbortController();
    const waiting = awaitChange(look, {
      ...{ attempt: { ...attempt, endedAt }, clock, consistency, stop, absent: "the key is not Inactive" },
    });
    if (typeof want === "string") t.match(await waiting, { is: want });
    else await t.rejects(waiting, want);
  });
}

test("where nothing is known of the write, it is looked for from now on", async (t) => {
  let now = start;
  /** Each look takes a tenth of the time that the world has. */
  const lookFor = (shownAfter: number) => async () => {
    now += consistency / 10;
    return now - start >= shownAfter ? done : undefined;
  };
  const { signal: stop } = new AbortController();
  const awaiting = { attempt: {}, clock: () => now, consistency, stop, absent: "the key is not Inactive" };
  t.strictSame(await awaitChange(lookFor(consistency / 2), awaiting), done);
  t.match(await awaitChange(lookFor(Number.POSITIVE_INFINITY), awaiting), { is: "not_done" });
});

test("a run that must end leaves it to the next", async (t) => {
  const stop = AbortSignal.abort(new Error("SIGTERM"));
  const awaiting = { attempt: {}, clock: Date.now, consistency: 30, stop, absent: "the key is not Inactive" };
  await t.rejects(
    awaitChange(async () => undefined, awaiting),
    { code: "stopped", message: "stopped by SIGTERM" },
  );
});

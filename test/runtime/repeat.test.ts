import { test } from "tap";
import { gatherUntilStopped } from "../../lib/runtime/repeat.ts";

test("rounds follow each other until the stop", async (t) => {
  const stop = new AbortController();
  let rounds = 0;
  await gatherUntilStopped(async (signal) => {
    t.equal(signal, stop.signal);
    rounds += 1;
    if (rounds === 3) stop.abort();
    return true;
  }, stop.signal);
  t.equal(rounds, 3);
});

test("after a round that brought nothing it takes a breath, which the stop ends", async (t) => {
  const stop = new AbortController();
  let rounds = 0;
  const ended = gatherUntilStopped(async () => {
    rounds += 1;
    setImmediate(() => stop.abort());
    return false;
  }, stop.signal);
  await ended;
  t.equal(rounds, 1);
});

test("nothing is begun once it is stopped", async (t) => {
  await gatherUntilStopped(async () => t.fail("a round"), AbortSignal.abort());
});

test("a reader that is gone ends it", async (t) => {
  const gone = new Error("nobody reads");
  await t.rejects(
    gatherUntilStopped(() => Promise.reject(gone), new AbortController().signal),
    gone,
  );
});

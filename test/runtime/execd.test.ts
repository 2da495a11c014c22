import { getEventListeners } from "node:events";
import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "tap";
import { gatherOnLines } from "../../lib/runtime/execd.ts";
import { openStop } from "../../lib/runtime/stop.ts";

/** Rounds that last until the test ends them. */
function startRounds() {
  const input = new PassThrough();
  const stop = openStop();
  const rounds: { readonly signal: AbortSignal; readonly end: () => void }[] = [];
  let atOnce = 0;
  let most = 0;
  const ended = gatherOnLines({
    input,
    stop: stop.signal,
    async gather(signal) {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise<void>((end) => rounds.push({ signal, end }));
      atOnce -= 1;
    },
  });
  return {
    ...{ input, stop, rounds, ended },
    most: () => most,
    async hasBegun(count: number) {
      for (let waited = 0; rounds.length < count && waited < 1000; waited += 1) await turn();
      for (let waited = 0; waited < 20; waited += 1) await turn();
      return rounds.length;
    },
  };
}

test("each line is a round, whatever it says", async (t) => {
  const { input, rounds, ended, hasBegun } = startRounds();
  t.equal(await hasBegun(0), 0);
  for (const [index, line] of ["\n", "gather\n", "{]\r\n"].entries()) {
    input.write(line);
    t.equal(await hasBegun(index + 1), index + 1);
    rounds[index]?.end();
  }
  input.end();
  await ended;
  t.equal(rounds.length, 3);
});

test("a line that has not ended is no round yet", async (t) => {
  const { input, rounds, ended, hasBegun } = startRounds();
  input.write("gat");
  t.equal(await hasBegun(0), 0);
  input.write("her\n");
  t.equal(await hasBegun(1), 1);
  rounds[0]?.end();
  input.end();
  await ended;
});

test("lines that come during a round wait, and are rounds one after the other", async (t) => {
  const { input, rounds, ended, hasBegun, most } = startRounds();
  input.write("\n\n");
  t.equal(await hasBegun(1), 1);
  input.write("\n");
  rounds[0]?.end();
  t.equal(await hasBegun(2), 2);
  rounds[1]?.end();
  t.equal(await hasBegun(3), 3);
  rounds[2]?.end();
  t.equal(await hasBegun(3), 3);
  input.end();
  await ended;
  t.equal(most(), 1);
});

test("the end of input stops the round at hand, waits for it, and drops the lines that wait", async (t) => {
  const { input, rounds, ended, hasBegun } = startRounds();
  input.write("\n\n\n");
  await hasBegun(1);
  input.end();
  t.equal(await hasBegun(1), 1);
  t.match(rounds[0]?.signal.reason, new Error("the end of input"));
  let hasEnded = false;
  const noted = ended.then(() => {
    hasEnded = true;
  });
  await hasBegun(1);
  t.equal(hasEnded, false);
  rounds[0]?.end();
  await noted;
  t.equal(rounds.length, 1);
});

test("a stop does the same, and says its own cause", async (t) => {
  const { input, stop, rounds, ended, hasBegun } = startRounds();
  input.write("\n\n");
  await hasBegun(1);
  stop.stop("SIGTERM");
  t.match(rounds[0]?.signal.reason, new Error("SIGTERM"));
  rounds[0]?.end();
  await ended;
  t.equal(rounds.length, 1);
});

test("between rounds the end of input or a stop ends at once", async (t) => {
  const [first, second] = [startRounds(), startRounds()];
  await first.hasBegun(0);
  first.input.end();
  await first.ended;
  await second.hasBegun(0);
  second.stop.stop("SIGTERM");
  await second.ended;
  t.equal(first.rounds.length + second.rounds.length, 0);
});

test("a stop that came before leaves nothing to do", async (t) => {
  const input = new PassThrough();
  const stop = openStop();
  stop.stop("SIGTERM");
  input.write("\n");
  await gatherOnLines({ input, stop: stop.signal, gather: async () => t.fail("gathered") });
});

test("a failure of a round is the caller's", async (t) => {
  const input = new PassThrough();
  const failure = new Error("reader gone");
  const ended = gatherOnLines({ input, stop: openStop().signal, gather: () => Promise.reject(failure) });
  input.write("\n");
  await t.rejects(ended, failure);
});

test("nothing is left behind", async (t) => {
  const { input, stop, ended, hasBegun } = startRounds();
  await hasBegun(0);
  input.end();
  await ended;
  t.equal(getEventListeners(stop.signal, "abort").length, 0);
});

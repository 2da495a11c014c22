import { getEventListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "tap";
import { openDeadline, openStop } from "../../lib/runtime/stop.ts";

const listenersOf = ({ signal }: { readonly signal: AbortSignal }) => getEventListeners(signal, "abort").length;

test("a stop says its first cause, and keeps to it", async (t) => {
  const { signal, stop } = openStop();
  t.equal(signal.aborted, false);
  stop("SIGTERM");
  stop("SIGINT");
  t.equal(signal.aborted, true);
  t.match(signal.reason, new Error("SIGTERM"));
});

test("it follows the outer one, not the other way round", async (t) => {
  const outer = openStop();
  const [followed, stopped] = [openStop(outer.signal), openStop(outer.signal)];
  stopped.stop("the end of input");
  t.equal(outer.signal.aborted, false);
  t.equal(followed.signal.aborted, false);
  outer.stop("SIGTERM");
  t.equal(followed.signal.reason, outer.signal.reason);
  t.match(stopped.signal.reason, new Error("the end of input"));
});

test("it follows an outer one that was aborted before", async (t) => {
  const outer = openStop();
  outer.stop("SIGTERM");
  t.equal(openStop(outer.signal).signal.reason, outer.signal.reason);
  const deadline = openDeadline(outer.signal, 60_000);
  deadline.release();
  t.equal(deadline.signal.reason, outer.signal.reason);
});

test("released, it follows no more and leaves nothing behind", async (t) => {
  const outer = openStop();
  for (let round = 0; round < 50; round += 1) {
    openDeadline(outer.signal, 60_000).release();
    openStop(outer.signal).release();
  }
  t.equal(listenersOf(outer), 0);
  const released = openStop(outer.signal);
  released.release();
  outer.stop("SIGTERM");
  t.equal(released.signal.aborted, false);
});

test("any number of calls may wait on it without a warning", async (t) => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on("warning", note);
  t.after(() => process.off("warning", note));
  const { signal } = openStop();
  for (let call = 0; call < 200; call += 1) signal.addEventListener("abort", () => {});
  await pause(10);
  t.same(warnings, []);
});

test("a deadline stops by itself, and says how long it was", async (t) => {
  const deadline = openDeadline(openStop().signal, 20);
  t.equal(deadline.signal.aborted, false);
  await pause(60);
  t.match(deadline.signal.reason, new Error("the deadline of 0.02 s"));
});

test("a deadline released in time never stops", async (t) => {
  const deadline = openDeadline(openStop().signal, 20);
  deadline.release();
  await pause(60);
  t.equal(deadline.signal.aborted, false);
});

test("a stop from outside comes before the deadline", async (t) => {
  const outer = openStop();
  const deadline = openDeadline(outer.signal, 20);
  outer.stop("SIGTERM");
  await pause(60);
  t.match(deadline.signal.reason, new Error("SIGTERM"));
});

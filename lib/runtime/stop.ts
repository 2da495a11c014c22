import { setMaxListeners } from "node:events";
import { messageOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";

/** Ends work early: `signal.reason` is an Error that names the cause, such as SIGTERM or the deadline. */
export interface Stop {
  readonly signal: AbortSignal;
  stop(cause: string): void;
  /** Lets go of the outer signal and of the deadline's timer. */
  release(): void;
}

/**
 * A stop of its own that also follows `outer`. Made by hand: signals that `AbortSignal.any` derives from a long-lived
 * one are kept by it (nodejs/node issue 54614), which an execd process would pay for in every round.
 */
export function openStop(outer?: AbortSignal): Stop {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const follow = () => controller.abort(outer?.reason);
  outer?.addEventListener("abort", follow, { once: true });
  if (outer?.aborted === true) follow();
  return {
    signal: controller.signal,
    stop: (cause) => controller.abort(new Error(cause)),
    release: () => outer?.removeEventListener("abort", follow),
  };
}

export function openDeadline(outer: AbortSignal, deadline: Millis): Stop {
  const stop = openStop(outer);
  const timer = setTimeout(() => stop.stop(`the deadline of ${deadline / 1000} s`), deadline);
  return {
    ...stop,
    release() {
      clearTimeout(timer);
      stop.release();
    },
  };
}

/** For what is under way when the outer signal comes, and must not be torn: it gets this much longer. */
export function openGrace(outer: AbortSignal, grace: Millis): Stop {
  const stop = openStop();
  let timer: NodeJS.Timeout | undefined;
  const follow = () => {
    timer = setTimeout(() => stop.stop(messageOf(outer.reason)), grace);
    timer.unref();
  };
  outer.addEventListener("abort", follow, { once: true });
  if (outer.aborted) follow();
  return {
    ...stop,
    release() {
      clearTimeout(timer);
      outer.removeEventListener("abort", follow);
    },
  };
}

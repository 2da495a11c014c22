import { messageOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import { classifyThrown, ElasticsearchFailure } from "./elasticsearch-failure.ts";

export interface ExchangeLimits {
  readonly stop: AbortSignal;
  /** How long one request may take. */
  readonly timeout: Millis;
  /** Closes the connection that the request is under way on. */
  readonly cut: () => void;
}

/**
 * One request and its answer, of whatever form; throws ElasticsearchFailure. Once an answer has begun the client's
 * connection forgets both signal and time limit, so one that never ends is cut here.
 */
export async function exchange<Answer>(
  { stop, timeout, cut }: ExchangeLimits,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const { signal, ended, release } = openEnd(stop, timeout);
  try {
    return await Promise.race([send(signal), ended]);
  } catch (thrown) {
    if (!signal.aborted) throw classifyThrown(thrown);
    cut();
    throw signal.reason;
  } finally {
    release();
  }
}

function openEnd(stop: AbortSignal, timeout: Millis) {
  const controller = new AbortController();
  const { signal } = controller;
  const onStop = () => controller.abort(stopped(stop));
  const late = new ElasticsearchFailure("unreachable", `no answer within ${timeout / 1000} s`, { isPassing: true });
  const timer = setTimeout(() => controller.abort(late), timeout);
  const ended = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  stop.addEventListener("abort", onStop, { once: true });
  if (stop.aborted) onStop();
  const release = () => {
    clearTimeout(timer);
    stop.removeEventListener("abort", onStop);
  };
  return { signal, ended, release };
}

const stopped = (stop: AbortSignal): ElasticsearchFailure =>
  new ElasticsearchFailure("stopped", `stopped by ${messageOf(stop.reason)}`);

import { setTimeout as pause } from "node:timers/promises";
import type { BaseClient, RequestConfig } from "jira.js";
import { messageOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import { failureOf, failureWithoutAnswer, JiraFailure, type RawAnswer, retryDelay } from "./jira-failure.ts";

export interface SendLimits {
  /** Aborted at the deadline or on SIGTERM; its reason says which. */
  readonly stop: AbortSignal;
  /** Of one attempt. */
  readonly timeout: Millis;
  /** In all, for one request, where Jira says that there were too many. */
  readonly patience: Millis;
}

/** What every request of the client shares: an answer is judged here, so none of them is an error to axios. */
export const requestDefaults = {
  // A redirected POST would become a GET, and a sign-in page an answer.
  maxRedirects: 0,
  maxContentLength: 10 * 1024 * 1024,
  validateStatus: () => true,
} as const satisfies RequestConfig;

/**
 * Sends a request and answers with the body. Only what Jira refused for its rate alone is sent again.
 *
 * @throws JiraFailure
 */
export async function send(client: BaseClient, request: RequestConfig, limits: SendLimits): Promise<unknown> {
  const isChange = request.method !== "GET";
  let patience = limits.patience;
  for (;;) {
    const answer = await attempt(client, request, limits);
    const failure = failureOf(answer, isChange);
    if (failure === undefined) return answer.body;
    const delay = retryDelay(answer.header("retry-after"));
    if (failure.code !== "throttled" || delay > patience) throw failure;
    patience -= delay;
    await pause(delay, undefined, { signal: limits.stop }).catch(() => throwIfStopped(limits.stop));
  }
}

async function attempt(client: BaseClient, request: RequestConfig, { stop, timeout }: SendLimits): Promise<RawAnswer> {
  throwIfStopped(stop);
  const isChange = request.method !== "GET";
  const abandon = new AbortController();
  const timer = setTimeout(() => abandon.abort(), timeout);
  const onStop = () => abandon.abort();
  stop.addEventListener("abort", onStop);
  try {
    const { status, headers, data } = await client.sendRequestFullResponse({ ...request, signal: abandon.signal });
    return { status, header: (name) => headers[name]?.toString(), body: data };
  } catch (thrown) {
    if (stop.aborted) throw stopped(stop, isChange);
    if (!abandon.signal.aborted) throw failureWithoutAnswer(thrown, isChange);
    throw new JiraFailure("unreachable", `no answer in ${timeout / 1000} s`, { mayBeDone: isChange });
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", onStop);
  }
}

function throwIfStopped(stop: AbortSignal): void {
  if (stop.aborted) throw stopped(stop, false);
}

const stopped = (stop: AbortSignal, mayBeDone: boolean): JiraFailure =>
  new JiraFailure("stopped", `stopped by ${messageOf(stop.reason)}`, { mayBeDone });

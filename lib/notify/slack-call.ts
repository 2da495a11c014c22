import { setTimeout as sleep } from "node:timers/promises";
import type { WebClient } from "@slack/web-api";
import { messageOf } from "../core/errors.ts";
import { type Millis, seconds } from "../core/time.ts";
import { NotifyError } from "./notifier.ts";
import { classifySlackError } from "./slack-errors.ts";

export interface SlackCalling {
  /** Aborted at the deadline or on SIGTERM; its reason says which. */
  readonly stop: AbortSignal;
  /** How long one call may wait, in all, where Slack asks to be left alone. */
  readonly patience: Millis;
}

/** The client with the round it may work in. */
export interface Slack extends SlackCalling {
  readonly client: Pick<WebClient, "users" | "chat" | "conversations">;
}

/** One call of Slack's, named by its method; only what Slack surely did not take is sent again. */
export async function callSlack<Answer>(
  method: string,
  { stop, patience }: SlackCalling,
  send: () => Promise<Answer>,
): Promise<Answer> {
  if (stop.aborted) throw stopped(method, stop);
  let wait: Millis;
  try {
    return await send();
  } catch (thrown) {
    const failure = classifySlackError(method, thrown);
    if (stop.aborted) throw stopped(method, stop, failure);
    if (failure.retryAfter === undefined) throw failure;
    // Never at once, whatever the answer says.
    wait = Math.max(failure.retryAfter, seconds(1));
    if (wait > patience) throw failure;
    await sleep(wait, undefined, { signal: stop }).catch(() => {
      throw stopped(method, stop, failure);
    });
  }
  return callSlack(method, { stop, patience: patience - wait }, send);
}

const stopped = (method: string, stop: AbortSignal, cause?: NotifyError): NotifyError =>
  new NotifyError(`${method}: stopped by ${messageOf(stop.reason)}`, {
    ...{ code: "stopped", mayBeSent: cause?.mayBeSent ?? false, cause },
  });

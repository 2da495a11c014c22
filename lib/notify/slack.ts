import { LogLevel, WebClient, type WebClientOptions } from "@slack/web-api";
import type { Secret } from "../core/secret.ts";
import { type Millis, seconds } from "../core/time.ts";
import type { Notifier } from "./notifier.ts";
import type { Slack, SlackCalling } from "./slack-call.ts";
import { openFetch } from "./slack-fetch.ts";
import { findSent } from "./slack-history.ts";
import { findPerson } from "./slack-people.ts";
import { post } from "./slack-post.ts";

export interface SlackOptions extends SlackCalling {
  /** A bot's, which begins with `xoxb-`. */
  readonly token: Secret;
  readonly apiUrl: string;
  /** Takes the client's own warnings. */
  readonly warn: (message: string) => void;
  /** How long one request may take. */
  readonly timeout?: Millis;
  /** How long one that is under way at the stop may still take: Telegraf kills 5 s after it asked to end. */
  readonly grace?: Millis;
}

/** Tells people through a Slack bot. Import it only where something is to be said: Slack's client is large. */
export function openSlack({ token, apiUrl, warn, stop, patience, ...limits }: SlackOptions): Notifier {
  const client = new WebClient(token.reveal(), {
    slackApiUrl: apiUrl,
    logger: quietLogger(warn),
    // What is sent again, and when, is decided in slack-call.ts.
    ...{ retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, allowAbsoluteUrls: false },
    fetch: openFetch({ stop, timeout: seconds(10), grace: seconds(3), ...limits }),
  });
  const slack: Slack = { client, stop, patience };
  return {
    findPerson: (owner) => findPerson(slack, owner),
    send: ({ reference }, to, message) => post(slack, { reference, to, message }),
    findSent: (reference, to, since) => findSent(slack, { reference, to, since }),
  };
}

/** The client's default one prints on stdout, and its debug lines quote whole messages. */
function quietLogger(warn: (message: string) => void): NonNullable<WebClientOptions["logger"]> {
  const nothing = () => {};
  return {
    // It says so of every failure that it is about to throw.
    warn: (word) => (word === "http request failed" ? undefined : warn(`Slack: ${word}`)),
    // Whatever it calls an error it throws as well.
    ...{ error: nothing, info: nothing, debug: nothing, setLevel: nothing, setName: nothing },
    getLevel: () => LogLevel.WARN,
  };
}

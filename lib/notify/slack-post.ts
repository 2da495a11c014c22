import type { Message } from "../core/message.ts";
import { type Millis, seconds } from "../core/time.ts";
import { type Delivery, NotifyError, type Recipient } from "./notifier.ts";
import { formatSlackMessage } from "./slack-blocks.ts";
import { callSlack, type Slack } from "./slack-call.ts";

/** Names what our messages carry along for `findSent`. */
export const eventType = "stalewatch_notice";

interface Post {
  readonly reference: string;
  readonly to: Recipient;
  readonly message: Message;
}

/** A person's id stands for the direct messages between them and the bot, so that nothing has to be opened before. */
export async function post(slack: Slack, { reference, to, message }: Post): Promise<Delivery> {
  const { text, blocks } = formatSlackMessage(message, reference);
  const answer = await callSlack("chat.postMessage", slack, () =>
    slack.client.chat.postMessage({
      ...{ channel: "person" in to ? to.person.id : to.channel, text, blocks },
      ...{ parse: "none", link_names: false, mrkdwn: false, unfurl_links: false, unfurl_media: false },
      metadata: { event_type: eventType, event_payload: { reference } },
    }),
  );
  const { channel, ts } = answer;
  if (channel === undefined || ts === undefined)
    throw new NotifyError("chat.postMessage: ok without a channel and a ts", { code: "other", mayBeSent: true });
  return deliveryOf(to, channel, ts);
}

export const deliveryOf = (to: Recipient, channel: string, ts: string): Delivery => ({
  ...{ channel, message: ts, at: instantOf(ts), isDelivered: "person" in to },
});

/** Seconds since the epoch, with six decimals that make it unique. */
const instantOf = (ts: string): Millis => Math.round(seconds(Number(ts)));

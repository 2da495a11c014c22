import type { ConversationsHistoryResponse } from "@slack/web-api";
import { type Millis, minutes, seconds } from "../core/time.ts";
import { type Delivery, NotifyError, type Recipient } from "./notifier.ts";
import { formatReference } from "./slack-blocks.ts";
import { callSlack, type Slack } from "./slack-call.ts";
import { slackNameOf } from "./slack-errors.ts";
import { deliveryOf, eventType } from "./slack-post.ts";

interface Sought {
  readonly reference: string;
  readonly to: Recipient;
  readonly since: Millis;
}

type History = NonNullable<ConversationsHistoryResponse["messages"]>;

/** A bot's direct messages with one person are few; a channel that has more than this is not read to its end. */
const mostPages = 10;
const pageSize = 100;

/** Our clock and Slack's may differ. */
const clockSkew = minutes(5);

export async function findSent(slack: Slack, sought: Sought): Promise<Delivery | "unreadable" | undefined> {
  try {
    const channel = await openChannel(slack, sought.to);
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const { messages, next } = await readPage(slack, { channel, cursor, since: sought.since });
      const found = messages.find((message) => isOurs(message, sought.reference));
      if (found?.ts !== undefined) return deliveryOf(sought.to, channel, found.ts);
      if (next === "") return undefined;
      cursor = next;
    }
    return "unreadable";
  } catch (thrown) {
    if (thrown instanceof NotifyError && hidesHistory(thrown)) return "unreadable";
    throw thrown;
  }
}

/** Only an id opens a history: a person's direct messages have one, which their own id is not. */
async function openChannel(slack: Slack, to: Recipient): Promise<string> {
  if ("channel" in to) return to.channel;
  const { id: users } = to.person;
  const { channel } = await callSlack("conversations.open", slack, () => slack.client.conversations.open({ users }));
  return channel?.id ?? users;
}

interface Page {
  readonly channel: string;
  readonly cursor: string | undefined;
  readonly since: Millis;
}

async function readPage(slack: Slack, { channel, cursor, since }: Page) {
  const oldest = Math.max(0, (since - clockSkew) / seconds(1)).toFixed(6);
  const { messages = [], response_metadata } = await callSlack("conversations.history", slack, () =>
    slack.client.conversations.history({
      ...{ channel, oldest, inclusive: true, include_all_metadata: true, limit: pageSize },
      ...(cursor === undefined ? {} : { cursor }),
    }),
  );
  return { messages, next: response_metadata?.next_cursor ?? "" };
}

/** Said by a bot, for a person may quote the line. Metadata is shown to some tokens only. */
function isOurs({ bot_id, metadata, blocks = [] }: History[number], reference: string): boolean {
  if (bot_id === undefined) return false;
  const { event_type, event_payload: payload = {} } = metadata ?? {};
  if (event_type === eventType && "reference" in payload && payload.reference === reference) return true;
  const line = formatReference(reference);
  return blocks.some(({ elements = [] }) => elements.some((element) => "text" in element && element.text === line));
}

/** The token is good, but not for this channel; or the channel's name was given where Slack wants its id. */
const hidesHistory = (failure: NotifyError): boolean => {
  const name = slackNameOf(failure);
  return name !== undefined && (failure.code === "missing" || unreadable.includes(name));
};

const unreadable: readonly string[] = [
  ...["missing_scope", "not_in_channel", "no_permission", "not_allowed_token_type", "access_denied"],
  ...["method_not_supported_for_channel_type", "enterprise_is_restricted", "ekm_access_denied"],
];

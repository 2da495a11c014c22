import type { Message } from "../../lib/core/queue.ts";

let made = 0;

/** A message that was delivered once, with an id of its own. */
export function aMessage(changes: Partial<Message> = {}): Message {
  made += 1;
  return {
    ...{ id: `message-${made}`, receipt: `receipt-${made}`, body: "{}", sentAt: 0, receiveCount: 1 },
    ...{ senderId: undefined, group: undefined },
    ...changes,
  };
}

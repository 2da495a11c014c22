import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { OpsError } from "../core/errors.ts";
import type { Message, Refused } from "../core/queue.ts";
import { type Millis, seconds } from "../core/time.ts";
import type { Kept } from "../demo/sqs/kept-message.ts";
import { createMailbox, type Mailbox, type Redrive, type Useless } from "../demo/sqs/mailbox.ts";
import type { Queue } from "./queue.ts";

export interface MemoryQueueRequest {
  readonly name?: string;
  /** Messages of one group keep their order; every message needs one. */
  readonly isFifo?: boolean;
  readonly now?: () => Millis;
  /** Passes the time that a receive waits, a bit at a time. */
  readonly pause?: (length: Millis) => Promise<unknown>;
  /** Where messages go that were delivered `maxReceives` times, and that are buried. */
  readonly redrive?: { readonly maxReceives: number; readonly to: MemoryQueue };
}

export interface SentMessage {
  readonly senderId?: string;
  readonly group?: string;
  readonly deduplicationId?: string;
  /** Absent: now. */
  readonly sentAt?: Millis;
}

/** What a test may have a queue refuse: why it does with one message what it is asked, or nothing. */
export type Refusing = (method: "acknowledge" | "hide" | "bury", message: Message) => string | undefined;

export interface MemoryQueue extends Queue {
  readonly mailbox: Mailbox;
  /** Answers the message's id. */
  send(body: string, sent?: SentMessage): string;
  /** From now on; the last one said counts. */
  refuse(refusing: Refusing): void;
  /** From now on every call fails with it; undefined: no more. */
  fail(error: OpsError | undefined): void;
  /** The bodies of all that were not deleted, hidden ones included. */
  bodies(): readonly string[];
}

/** Forgets all at the end of the process: for tests. */
export function createMemoryQueue(request: MemoryQueueRequest = {}): MemoryQueue {
  const { name = "memory", isFifo = false, now = Date.now, redrive } = request;
  const mailbox = createMailbox({ isFifo, redrive: () => redrive && redriveTo(redrive) });
  let refusing: Refusing = () => undefined;
  let failure: OpsError | undefined;

  const check = () => {
    if (failure !== undefined) throw failure;
  };
  const each = async (method: Parameters<Refusing>[0], messages: readonly Message[], act: Acting) => {
    if (messages.length > 0) check();
    return messages.flatMap((message): readonly Refused[] => {
      const says = refusing(method, message) ?? act(message);
      return says === undefined ? [] : [{ message, says }];
    });
  };
  const deadLetters = (): MemoryQueue => {
    if (redrive !== undefined) return redrive.to;
    throw new OpsError("missing", `queue "${name}" has no dead-letter queue`);
  };

  return {
    ...{ name, mailbox },
    send(body, { senderId = "AIDAMEMORY", group, deduplicationId, sentAt = now() } = {}) {
      const sending = { id: randomUUID(), body, senderId, group, deduplicationId, delay: 0 };
      return mailbox.send(sending, sentAt).id;
    },
    refuse(asked) {
      refusing = asked;
    },
    fail(error) {
      failure = error;
    },
    bodies: () => mailbox.list().map(({ body }) => body),
    async receive({ wait, visibility, stop }) {
      const end = now() + wait;
      for (;;) {
        if (stop.aborted) throw new OpsError("stopped", `receive on queue "${name}": stopped`);
        check();
        const taken = mailbox.take({ most: 10, visibility }, now());
        if (taken.length > 0 || now() >= end) return taken.map((message) => asMessage(message, isFifo));
        await (request.pause ?? pause)(Math.min(waitStep, end - now()));
      }
    },
    acknowledge: (messages) => each("acknowledge", messages, ({ receipt }) => inWords(mailbox.remove(receipt, now()))),
    hide: (messages, visibility) =>
      each("hide", messages, ({ receipt }) => inWords(mailbox.hide(receipt, visibility, now()))),
    async bury(messages) {
      if (messages.length === 0) return [];
      check();
      const to = deadLetters();
      return each("bury", messages, ({ id, body, group }) => {
        to.send(body, group === undefined ? {} : { group, deduplicationId: id });
        return undefined;
      });
    },
    async state() {
      check();
      const deadLetterQueue = redrive?.to.name;
      return { ...mailbox.counts(now()), maxReceives: redrive?.maxReceives, deadLetterQueue };
    },
  };
}

/** Undefined: done; else why not. */
type Acting = (message: Message) => string | undefined;

const waitStep: Millis = seconds(0.01);

const redriveTo = ({ maxReceives, to }: NonNullable<MemoryQueueRequest["redrive"]>): Redrive => ({
  maxReceives,
  moveTo: to.mailbox.accept,
});

const asMessage = ({ id, receipt, body, sentAt, receiveCount, senderId, group }: Kept, isFifo: boolean): Message => ({
  ...{ id, receipt, body, sentAt, receiveCount, senderId },
  group: isFifo ? group : undefined,
});

const words: Readonly<Record<Useless, string>> = {
  unknown: "the receipt is none of this queue's",
  expired: "the receipt has expired",
  not_in_flight: "the message is not in flight",
  beyond_limit: "no message is hidden for longer than 12 hours",
};

const inWords = (why: Useless | undefined): string | undefined => why && words[why];

import { createHash } from "node:crypto";
import { days, type Millis, seconds } from "../../core/time.ts";
import { createDirectory, type Directory } from "../directory.ts";
import { createMailbox, type Redrive } from "../sqs/mailbox.ts";
import type { Queue } from "../sqs/queue.ts";
import type { MessageSpec, QueueSpec } from "./region-specs.ts";

/** The queues of a region, which know each other as dead-letter queues. */
export function buildQueues(specs: readonly QueueSpec[], now: Millis): Directory<Queue> {
  const queues = createDirectory<Queue>();
  for (const spec of specs) {
    const queue = buildQueue(spec, queues, now);
    queues.add(queue);
    for (const [index, message] of spec.messages.entries()) addMessage(queue, message, { now, name: `${index}` });
  }
  return queues;
}

function buildQueue(spec: QueueSpec, queues: Directory<Queue>, now: Millis): Queue {
  const { name, deduplicatesByContent, redrive } = spec;
  const isFifo = name.endsWith(".fifo");
  const findRedrive = (): Redrive | undefined => {
    const policy = queue.redrive;
    const target = policy && queues.find(policy.deadLetterQueue);
    return policy && target && { maxReceives: policy.maxReceives, moveTo: target.mailbox.accept };
  };
  const queue: Queue = {
    ...{ name, isFifo, deduplicatesByContent, redrive: redrive && { ...redrive } },
    ...{ createdAt: now - days(100), shortPolls: 0 },
    visibilityMs: seconds(spec.visibilitySeconds),
    waitMs: seconds(spec.waitSeconds),
    delayMs: seconds(spec.delaySeconds),
    sharedWith: [...spec.sharedWith],
    mailbox: createMailbox({ isFifo, redrive: findRedrive }),
  };
  return queue;
}

interface Arrival {
  readonly now: Millis;
  /** Tells messages of one queue apart. */
  readonly name: string;
}

/** A message added to a queue of a running offline AWS; answers its id. */
export function addMessage({ name: queueName, mailbox }: Queue, spec: MessageSpec, { now, name }: Arrival): string {
  const { ageDays, ...said } = spec;
  const id = uuidOf(`${queueName} message ${name} ${now}`);
  const sending = { ...said, id, deduplicationId: said.group === undefined ? undefined : id, delay: 0 };
  return mailbox.send(sending, now - days(ageDays)).id;
}

const uuidOf = (origin: string): string =>
  createHash("sha256")
    .update(origin)
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12}).*$/, "$1-$2-4$3-$4-$5");

import { AwsError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import { namedQueue, type OwnedQueue, queueArn, requestedArn, requestedQueue } from "./requested-queue.ts";

/** Of the offline AWS itself, so that clients which follow it, as some SDKs do, stay on the loopback. */
export const getQueueUrl: Operation = {
  action: "GetQueueUrl",
  resource: requestedArn,
  answer(call) {
    const { account, queue } = namedQueue(call);
    return { QueueUrl: `${call.endpoint}/${account.id}/${queue.name}` };
  },
};

export const getQueueAttributes: Operation = {
  action: "GetQueueAttributes",
  resource: requestedArn,
  answer(call) {
    const attributes = attributesOf(call, requestedQueue(call));
    const names = readTexts(call.parameters, "AttributeNames");
    const wanted = names.includes("All") ? Object.keys(attributes) : names;
    const known = Object.fromEntries(wanted.map((name) => [name, readAttribute(attributes, name)]));
    return names.length === 0 ? {} : { Attributes: known };
  },
};

type Attributes = Readonly<Record<string, string | undefined>>;

/** What a queue does not have is left out; what no queue has is an error. */
function readAttribute(attributes: Attributes, name: string): string | undefined {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  throw new AwsError("InvalidAttributeName", 400, `Unknown Attribute ${name}.`);
}

function attributesOf({ region, now }: Call, { account, queue }: OwnedQueue): Attributes & Answer {
  const { visible, inFlight, delayed } = queue.mailbox.counts(now);
  const { name, redrive, isFifo, createdAt } = queue;
  return {
    QueueArn: queueArn(account, region, name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(createdAt / 1000)),
    VisibilityTimeout: String(queue.visibilityMs / 1000),
    MaximumMessageSize: "1048576",
    MessageRetentionPeriod: "345600",
    DelaySeconds: String(queue.delayMs / 1000),
    ReceiveMessageWaitTimeSeconds: String(queue.waitMs / 1000),
    SqsManagedSseEnabled: "true",
    RedrivePolicy:
      redrive &&
      JSON.stringify({
        deadLetterTargetArn: queueArn(account, region, redrive.deadLetterQueue),
        maxReceiveCount: redrive.maxReceives,
      }),
    FifoQueue: isFifo ? "true" : undefined,
    ContentBasedDeduplication: isFifo ? String(queue.deduplicatesByContent) : undefined,
    Policy: undefined,
  };
}

/** The permissions that a queue needs; least-privilege policies are made from this. A batch needs what one of its kind does. */
export const queueActions = {
  /** Wherever a queue is looked at. */
  observe: {
    findUrl: "sqs:GetQueueUrl",
    describe: "sqs:GetQueueAttributes",
  },
  /** Where its messages are worked off. */
  drain: {
    receive: "sqs:ReceiveMessage",
    acknowledge: "sqs:DeleteMessage",
    hide: "sqs:ChangeMessageVisibility",
  },
  /** On its dead-letter queue, beside `findUrl`. */
  bury: {
    send: "sqs:SendMessage",
  },
} as const;

import { deriveId } from "../identifiers.ts";
import type { MessageSpec, QueueSpec } from "./region-specs.ts";

/** A queue with what a test does not care about filled in as AWS does. */
export const aQueue = (said: Partial<QueueSpec> & Pick<QueueSpec, "name">): QueueSpec => ({
  visibilitySeconds: 30,
  waitSeconds: 0,
  delaySeconds: 0,
  redrive: undefined,
  deduplicatesByContent: false,
  sharedWith: [],
  messages: [],
  ...said,
});

/** From a user whom no account has, unless said otherwise. */
export const aMessage = (said: Partial<MessageSpec> & Pick<MessageSpec, "body">): MessageSpec => ({
  senderId: deriveId("AIDA", "sender"),
  ageDays: 0,
  group: undefined,
  receiveCount: 0,
  ...said,
});

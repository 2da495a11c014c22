import { createHash } from "node:crypto";
import type { Millis } from "../../core/time.ts";

/** A message as its queue keeps it. */
export interface Kept {
  readonly id: string;
  readonly body: string;
  readonly senderId: string;
  readonly group: string | undefined;
  readonly deduplicationId: string | undefined;
  /** In the order of their coming. */
  readonly sequence: number;
  readonly sentAt: Millis;
  receiveCount: number;
  /** Of the last delivery; empty before the first. */
  receipt: string;
  takenAt: Millis | undefined;
  firstTakenAt: Millis | undefined;
  visibleAt: Millis;
}

interface Delivery {
  readonly now: Millis;
  readonly visibility: Millis;
}

export function noteDelivery(message: Kept, { now, visibility }: Delivery): void {
  message.receiveCount += 1;
  message.takenAt = now;
  message.firstTakenAt ??= now;
  message.visibleAt = now + visibility;
  message.receipt = createHash("sha512")
    .update(`${message.id} ${message.sequence} ${message.receiveCount}`)
    .digest("base64");
}

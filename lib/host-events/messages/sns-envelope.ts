import type { SnsEnvelope } from "../event.ts";
import { type ForeignRecord, textOf } from "../foreign-json.ts";

export type OpenedEnvelope =
  | { readonly is: "notification"; readonly envelope: SnsEnvelope }
  /** SNS's own question or word about a subscription: it carries no message. */
  | { readonly is: "subscription" }
  | { readonly is: "broken"; readonly says: string };

/**
 * A message that SNS put in the queue without raw delivery (Amazon SNS Developer Guide, HTTP/HTTPS notification JSON
 * format). Undefined for another shape.
 */
export function openEnvelope(record: ForeignRecord): OpenedEnvelope | undefined {
  const [type, topicArn] = [textOf(record, "Type"), textOf(record, "TopicArn")];
  if (type === undefined || topicArn === undefined) return undefined;
  if (type === "SubscriptionConfirmation" || type === "UnsubscribeConfirmation") return { is: "subscription" };
  if (type !== "Notification") return undefined;
  const text = (name: string): string => textOf(record, name) ?? "";
  const message = textOf(record, "Message");
  if (message === undefined) return { is: "broken", says: "the SNS notification has no message" };
  return {
    is: "notification",
    envelope: {
      ...{ topicArn, messageId: text("MessageId"), timestamp: text("Timestamp"), message },
      ...{ subject: textOf(record, "Subject"), signatureVersion: text("SignatureVersion") },
      ...{ signature: text("Signature"), certificateUrl: text("SigningCertURL") },
    },
  };
}

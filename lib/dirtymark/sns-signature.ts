import { createVerify, X509Certificate } from "node:crypto";
import { messageOf } from "../core/errors.ts";
import { parseInstant } from "../core/time.ts";
import type { SnsEnvelope } from "../host-events/event.ts";
import type { SignatureEvidence } from "./believe.ts";

const algorithms: ReadonlyMap<string, string> = new Map([
  ["1", "RSA-SHA1"],
  ["2", "RSA-SHA256"],
]);

/**
 * Whether a notification is signed with a certificate's key, by either version of SNS's signatures, while the certificate
 * was valid (Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"). Whose the certificate is must be
 * known by where it came from; one that nobody can read proves nothing. AWS's own sns-validator fetches it itself, without bounds to its time and size and keeping
 * all of them for ever.
 */
export function checkSignature(envelope: SnsEnvelope, certificate: string): SignatureEvidence {
  const algorithm = algorithms.get(envelope.signatureVersion);
  const sentAt = parseInstant(envelope.timestamp);
  if (algorithm === undefined) return invalid("has a version that is not known");
  if (sentAt === undefined) return invalid("has no time");
  try {
    const { publicKey, validFrom, validTo } = new X509Certificate(certificate);
    if (sentAt < Date.parse(validFrom) || sentAt > Date.parse(validTo))
      return invalid("is of a time when its certificate was not valid");
    const isSigned = createVerify(algorithm)
      .update(signedText(envelope))
      .verify(publicKey, envelope.signature, "base64");
    return isSigned ? { is: "valid" } : invalid("does not fit the message");
  } catch (thrown) {
    return { is: "unread", says: `the signature of SNS can't be checked: ${messageOf(thrown)}` };
  }
}

/** Names and values, a line each, sorted by name; those of a notification that is not of a subscription. */
function signedText({ message, messageId, subject, timestamp, topicArn }: SnsEnvelope): string {
  const members = [
    ["Message", message],
    ["MessageId", messageId],
    ...(subject === undefined ? [] : [["Subject", subject]]),
    ["Timestamp", timestamp],
    ["TopicArn", topicArn],
    ["Type", "Notification"],
  ];
  return members.map(([name, value]) => `${name}\n${value}\n`).join("");
}

const invalid = (says: string): SignatureEvidence => ({ is: "invalid", says: `the signature of SNS ${says}` });

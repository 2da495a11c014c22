import type { Millis } from "../core/time.ts";
import type { Reading, SnsEnvelope } from "./event.ts";
import { asRecord, type ForeignRecord, parseJson } from "./foreign-json.ts";
import { parseConsumerNames } from "./messages/consumer-names.ts";
import { parseBridged } from "./messages/event-bridge.ts";
import { parseIdentityDocument } from "./messages/identity-document.ts";
import { parseSentMessage } from "./messages/sent-message.ts";
import { openEnvelope } from "./messages/sns-envelope.ts";

export interface MessageContext {
  /** When the queue took it. */
  readonly sentAt: Millis;
  /** A longer body is not looked at. */
  readonly maxBytes: number;
  /** Whether findings of GuardDuty mark; `off` if absent. */
  readonly guardDuty?: "off" | "on";
}

/** What the body of a queue's message says. Never throws, whatever anybody has put there. */
export function parseMessage(body: string, context: MessageContext): Reading {
  const { maxBytes } = context;
  if (isLonger(body, maxBytes))
    return { is: "refused", reason: "too_large", says: `the body is larger than ${maxBytes} bytes` };
  const record = asRecord(parseJson(body));
  if (record === undefined) return malformed("the body is no JSON object");
  const opened = openEnvelope(record);
  if (opened === undefined) return parseRecord(record, context);
  if (opened.is === "broken") return malformed(opened.says);
  if (opened.is === "subscription") return { is: "ignored", says: "a word of SNS about a subscription" };
  return parseInside(opened.envelope, context);
}

function parseInside(envelope: SnsEnvelope, context: MessageContext): Reading {
  const record = asRecord(parseJson(envelope.message));
  if (record === undefined) return malformed("the SNS notification's message is no JSON object");
  const reading = parseRecord(record, context);
  return "origin" in reading ? { ...reading, origin: { ...reading.origin, envelope } } : reading;
}

function parseRecord(record: ForeignRecord, { sentAt, guardDuty = "off" }: MessageContext): Reading {
  return (
    parseBridged(record, { sentAt, guardDuty }) ??
    parseSentMessage(record, sentAt) ??
    parseConsumerNames(record, sentAt) ??
    parseIdentityDocument(record, sentAt) ??
    malformed("the body has no shape that is known")
  );
}

const malformed = (says: string): Reading => ({ is: "refused", reason: "malformed", says });

/** No code unit needs more than three bytes of UTF-8, and none less than one. */
const isLonger = (body: string, maxBytes: number): boolean =>
  body.length > maxBytes || (body.length * 3 > maxBytes && new TextEncoder().encode(body).length > maxBytes);

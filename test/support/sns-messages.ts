import { createSign } from "node:crypto";
import { readFileSync } from "node:fs";
import type { SnsEnvelope } from "../../lib/host-events/event.ts";

const read = (name: string): string => readFileSync(new URL(`../data/sns/${name}.pem`, import.meta.url), "utf8");

export const certificate = read("certificate");

const algorithms: Readonly<Record<string, string>> = { 1: "RSA-SHA1", 2: "RSA-SHA256" };

/** A notification as SNS signs it, with the key of test/data/sns. */
export function signEnvelope(said: Partial<SnsEnvelope> = {}): SnsEnvelope {
  const envelope = {
    ...{ topicArn: "arn:aws:sns:us-west-2:123456789012:MyTopic", messageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324" },
    ...{ timestamp: "2030-01-01T12:00:00.000Z", subject: undefined, message: '{"hello":"wörld\\n"}' },
    signatureVersion: "2",
    certificateUrl:
      "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem",
    ...said,
  };
  const subject = envelope.subject === undefined ? "" : `Subject\n${envelope.subject}\n`;
  const text = `Message\n${envelope.message}\nMessageId\n${envelope.messageId}\n${subject}Timestamp\n${envelope.timestamp}\nTopicArn\n${envelope.topicArn}\nType\nNotification\n`;
  const signing = createSign(algorithms[envelope.signatureVersion] ?? "RSA-SHA256").update(text);
  return { ...envelope, signature: said.signature ?? signing.sign(read("key"), "base64") };
}

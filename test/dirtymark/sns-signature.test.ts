import { X509Certificate } from "node:crypto";
import { test } from "tap";
import { checkSignature } from "../../lib/dirtymark/sns-signature.ts";
import type { SnsEnvelope } from "../../lib/host-events/event.ts";
import { certificate, signEnvelope } from "../support/sns-messages.ts";

const { validFrom, validTo } = new X509Certificate(certificate);
const at = (time: string, later: number): string => new Date(Date.parse(time) + later).toISOString();

const signed: readonly { readonly name: string; readonly said: Partial<SnsEnvelope> }[] = [
  { name: "version 1", said: { signatureVersion: "1" } },
  { name: "version 2", said: { signatureVersion: "2" } },
  { name: "a subject", said: { subject: "hello" } },
  { name: "an empty subject", said: { subject: "" } },
  { name: "the certificate's first moment", said: { timestamp: at(validFrom, 0) } },
  { name: "the certificate's last moment", said: { timestamp: at(validTo, 0) } },
];

for (const { name, said } of signed) {
  test(`valid: ${name}`, async (t) => t.strictSame(checkSignature(signEnvelope(said), certificate), { is: "valid" }));
}

const misfit = /^the signature of SNS does not fit the message$/;

const forged: readonly { readonly name: string; readonly after: Partial<SnsEnvelope>; readonly says: RegExp }[] = [
  { name: "another message", after: { message: "{}" }, says: misfit },
  { name: "another topic", after: { topicArn: "arn:aws:sns:us-west-2:999999999999:MyTopic" }, says: misfit },
  { name: "another id", after: { messageId: "x" }, says: misfit },
  { name: "another time", after: { timestamp: "2030-01-01T12:00:00.001Z" }, says: misfit },
  { name: "a subject that was not there", after: { subject: "" }, says: misfit },
  { name: "the other version", after: { signatureVersion: "1" }, says: misfit },
  { name: "no signature", after: { signature: "" }, says: misfit },
  { name: "no base64", after: { signature: "****" }, says: misfit },
  { name: "no version", after: { signatureVersion: "" }, says: /has a version that is not known$/ },
  { name: "a later version", after: { signatureVersion: "3" }, says: /has a version that is not known$/ },
  { name: "no time", after: { timestamp: "" }, says: /has no time$/ },
];

for (const { name, after, says } of forged) {
  test(`invalid: ${name}`, async (t) =>
    t.match(checkSignature({ ...signEnvelope(), ...after }, certificate), { is: "invalid", says }));
}

for (const timestamp of [at(validFrom, -1), at(validTo, 1)]) {
  test(`invalid: signed at ${timestamp}, when the certificate was not`, async (t) =>
    t.match(checkSignature(signEnvelope({ timestamp }), certificate), { is: "invalid", says: /was not valid$/ }));
}

for (const text of ["", "hello", certificate.slice(0, 200)]) {
  test(`no evidence: the certificate ${JSON.stringify(text.slice(0, 20))}`, async (t) =>
    t.match(checkSignature(signEnvelope(), text), { is: "unread", says: /can't be checked: / }));
}

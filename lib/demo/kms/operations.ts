import { randomBytes } from "node:crypto";
import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../operation.ts";
import { type RequestParameters, readCount, readText, requireText } from "../parameters.ts";
import { demoRegion } from "../state.ts";

const generateDataKey: Operation = {
  action: "GenerateDataKey",
  resource: ({ parameters }) => readText(parameters, "KeyId") ?? "",
  answer(call) {
    const { parameters } = call;
    const plaintext = randomBytes(readCount(parameters, "NumberOfBytes", { fallback: 32, most: 1024 }));
    return { CiphertextBlob: seal(call, plaintext), Plaintext: plaintext.toString("base64"), KeyId: keyId(call) };
  },
};

const decrypt: Operation = {
  action: "Decrypt",
  resource: keyId,
  answer: (call) => ({
    Plaintext: open(call, requireText(call.parameters, "CiphertextBlob")),
    KeyId: keyId(call),
    EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  }),
};

/** No cipher, but like KMS's it opens only in its account and under the context that it was sealed with. */
const seal = (call: Call, plaintext: Buffer): string =>
  Buffer.from(JSON.stringify([label(call), plaintext.toString("hex")])).toString("base64");

function open(call: Call, blob: string): string {
  const [sealedFor, plaintext] = parseBlob(blob);
  if (sealedFor !== label(call) || typeof plaintext !== "string")
    throw new AwsError("InvalidCiphertextException", 400, "");
  return Buffer.from(plaintext, "hex").toString("base64");
}

function parseBlob(blob: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(blob, "base64").toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

const label = ({ caller, parameters }: Call): string => `${caller.account.id} ${contextOf(parameters)}`;

const contextOf = ({ EncryptionContext: context }: RequestParameters): string =>
  JSON.stringify(Object.entries(context ?? {}).sort());

function keyId({ caller: { account } }: Call): string {
  return `arn:${account.partition}:kms:${demoRegion}:${account.id}:key/${account.id}`;
}

export const kmsOperations: readonly Operation[] = [decrypt, generateDataKey];

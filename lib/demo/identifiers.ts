import { createHash } from "node:crypto";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** An identifier in AWS's alphabet, the same for the same origin: `AKIA` and 16 more for keys, `AIDA` and 17 for users. */
export function deriveId(prefix: string, origin: string): string {
  const length = idLengths[prefix] ?? 17;
  const bytes = createHash("sha256").update(`${prefix} ${origin}`).digest();
  return prefix + Array.from(bytes.subarray(0, length), (byte) => base32.charAt(byte & 31)).join("");
}

const idLengths: Readonly<Record<string, number>> = { AKIA: 16, ASIA: 16 };

/** The secret of any access key of the offline AWS, so that a test may sign as whom it likes. */
export const secretOf = (accessKeyId: string): string =>
  createHash("sha256").update(`secret of ${accessKeyId}`).digest("base64").slice(0, 40);

/** The session token of temporary credentials. */
export const sessionTokenOf = (accessKeyId: string): string =>
  createHash("sha512").update(`session of ${accessKeyId}`).digest("base64");

import { createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import type { SealedSecret } from "../aws/read/credstash.ts";
import { OpsError } from "../core/errors.ts";

/**
 * credstash's one cipher (credstash.py, open_aes_ctr_legacy): AES in counter mode, the counter from 1, under the first half
 * of the data key; the other half is the key of an HMAC over the ciphertext.
 */
export function openSealedSecret({ contents, hmac, digest }: SealedSecret, dataKey: Uint8Array): string {
  const half = dataKey.length / 2;
  const computed = createHmac(digest, dataKey.subarray(half)).update(contents).digest();
  if (computed.length !== hmac.length || !timingSafeEqual(computed, hmac))
    throw new OpsError("other", "its stored HMAC does not fit its contents");
  const decipher = createDecipheriv(`aes-${half * 8}-ctr`, dataKey.subarray(0, half), firstCounter);
  return Buffer.concat([decipher.update(contents), decipher.final()]).toString();
}

const firstCounter = Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? 1 : 0));

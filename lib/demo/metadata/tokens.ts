import { createHash } from "node:crypto";
import { type Millis, seconds } from "../../core/time.ts";

/** Tokens of version 2: each is good for as long as it was asked for. */
export interface Tokens {
  issue(lifetimeSeconds: number): string;
  isGood(token: string): boolean;
}

export function createTokens(now: () => Millis): Tokens {
  const ends = new Map<string, Millis>();
  return {
    issue(lifetimeSeconds) {
      const token = createHash("sha256").update(`token ${ends.size}`).digest("base64");
      ends.set(token, now() + seconds(lifetimeSeconds));
      return token;
    },
    isGood: (token) => (ends.get(token) ?? 0) > now(),
  };
}

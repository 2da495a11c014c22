import type { Millis } from "../core/time.ts";

export interface BucketSize {
  /** Calls at once from a full bucket. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface TokenBucket {
  /** False: empty, the call is throttled. */
  take(at: Millis): boolean;
}

export function createTokenBucket({ capacity, refillPerSecond }: BucketSize): TokenBucket {
  let tokens = capacity;
  let filledAt: Millis | undefined;
  return {
    take(at) {
      const elapsed = at - (filledAt ?? at);
      filledAt = at;
      tokens = Math.min(capacity, tokens + (elapsed / 1000) * refillPerSecond);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

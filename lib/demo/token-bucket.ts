import type { Millis } from "../core/time.ts";

export interface BucketSize {
  /** Calls at once from a full bucket. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface TokenBucket {
  /** False: too few are left, the call is throttled and takes none. */
  take(at: Millis, count?: number): boolean;
}

export function createTokenBucket({ capacity, refillPerSecond }: BucketSize): TokenBucket {
  let tokens = capacity;
  let filledAt: Millis | undefined;
  return {
    take(at, count = 1) {
      const elapsed = at - (filledAt ?? at);
      filledAt = at;
      tokens = Math.min(capacity, tokens + (elapsed / 1000) * refillPerSecond);
      if (tokens < count) return false;
      tokens -= count;
      return true;
    },
  };
}

import type { Millis } from "../core/time.ts";
import { type BucketSize, createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Bucket sizes by `service:Action` or by service; what is not named is not throttled. */
export type ThrottleLimits = Readonly<Record<string, BucketSize>>;

/**
 * IAM publishes none: 15 a second is what its callers measure and set (steampipe-plugin-aws #2547). STS says 600 a second
 * and account.
 */
export const awsLikeLimits: ThrottleLimits = {
  iam: { capacity: 20, refillPerSecond: 15 },
  sts: { capacity: 600, refillPerSecond: 600 },
  organizations: { capacity: 20, refillPerSecond: 10 },
};

export interface Throttle {
  allows(accountId: string, action: string, at: Millis): boolean;
}

/** One bucket per account and action, as IAM and EC2 keep them. */
export function createThrottle(limits: ThrottleLimits): Throttle {
  const buckets = new Map<string, TokenBucket>();
  return {
    allows(accountId, action, at) {
      const size = limits[action] ?? limits[action.slice(0, action.indexOf(":"))];
      if (size === undefined) return true;
      const name = `${accountId} ${action}`;
      const bucket = buckets.get(name) ?? createTokenBucket(size);
      buckets.set(name, bucket);
      return bucket.take(at);
    },
  };
}

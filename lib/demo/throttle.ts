import type { Millis } from "../core/time.ts";
import type { Cost } from "./operation.ts";
import { type BucketSize, createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Bucket sizes by `service:Action`, by the bucket an operation names, or by service; what is not named is not throttled. */
export type ThrottleLimits = Readonly<Record<string, BucketSize>>;

/**
 * IAM publishes none: 15 a second is what its callers measure and set (steampipe-plugin-aws #2547). STS says 600 a second
 * and account. EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html; CloudTrail: LookupEvents' own
 * page.
 */
export const awsLikeLimits: ThrottleLimits = {
  iam: { capacity: 20, refillPerSecond: 15 },
  sts: { capacity: 600, refillPerSecond: 600 },
  organizations: { capacity: 20, refillPerSecond: 10 },
  "ec2 read": { capacity: 100, refillPerSecond: 20 },
  "ec2 unpaged read": { capacity: 50, refillPerSecond: 10 },
  "ec2 write": { capacity: 50, refillPerSecond: 5 },
  "ec2 terminated instances": { capacity: 1000, refillPerSecond: 20 },
  autoscaling: { capacity: 100, refillPerSecond: 20 },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html; a standard queue has none.
  "sqs fifo": { capacity: 300, refillPerSecond: 300 },
  cloudtrail: { capacity: 2, refillPerSecond: 2 },
};

export interface Throttle {
  allows(spending: Spending, at: Millis): boolean;
}

export interface Spending {
  readonly accountId: string;
  /** Undefined for a global service. */
  readonly region: string | undefined;
  readonly action: string;
  readonly costs: readonly Cost[];
}

/** Buckets per account, region and action, as IAM and EC2 keep them. */
export function createThrottle(limits: ThrottleLimits): Throttle {
  const buckets = new Map<string, TokenBucket>();
  const sizeOf = (action: string, bucket: string): BucketSize | undefined =>
    limits[action] ?? limits[bucket] ?? limits[action.slice(0, action.indexOf(":"))];
  return {
    allows({ accountId, region, action, costs }, at) {
      return costs.every(({ bucket, tokens }) => {
        const size = sizeOf(action, bucket);
        if (size === undefined) return true;
        const name = `${accountId} ${region} ${action} ${bucket}`;
        const found = buckets.get(name) ?? createTokenBucket(size);
        buckets.set(name, found);
        return found.take(at, tokens);
      });
    },
  };
}

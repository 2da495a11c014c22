import type { Operation } from "../operation.ts";
import { describeScalingActivities } from "./activities.ts";
import { describeAutoScalingGroups } from "./groups.ts";
import { describeAutoScalingInstances } from "./instances.ts";
import { setInstanceProtection } from "./protection.ts";
import { describeInstanceRefreshes } from "./refreshes.ts";
import { terminateInstanceInAutoScalingGroup } from "./terminate-member.ts";

export const autoScalingOperations: readonly Operation[] = [
  describeAutoScalingGroups,
  describeAutoScalingInstances,
  describeInstanceRefreshes,
  describeScalingActivities,
  setInstanceProtection,
  terminateInstanceInAutoScalingGroup,
];

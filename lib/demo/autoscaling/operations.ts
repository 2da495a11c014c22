import type { Operation } from "../operation.ts";
import { describeAutoScalingGroups } from "./groups.ts";
import { describeAutoScalingInstances } from "./instances.ts";

export const autoScalingOperations: readonly Operation[] = [describeAutoScalingGroups, describeAutoScalingInstances];

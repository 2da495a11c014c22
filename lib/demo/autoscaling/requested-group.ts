import { validationError } from "../aws-error.ts";
import type { Call } from "../operation.ts";
import { requireText } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import type { AutoScalingGroup } from "./group.ts";

export function requestedGroup(call: Call): AutoScalingGroup {
  const wanted = requireText(call.parameters, "AutoScalingGroupName");
  const group = regionOf(call).autoScalingGroups.find(({ name }) => name === wanted);
  if (group === undefined)
    throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${wanted}' not found`);
  return group;
}

export const groupArn = ({ caller: { account }, region }: Call, name: string): string =>
  `arn:${account.partition}:autoscaling:${region}:${account.id}:autoScalingGroup:*:autoScalingGroupName/${name}`;

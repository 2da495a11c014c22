import { validationError } from "../aws-error.ts";
import type { Operation } from "../operation.ts";
import { readFlag, readTexts, requireText } from "../parameters.ts";
import { findMember, isWarm } from "./members.ts";
import { groupArn, requestedGroup } from "./requested-group.ts";

const mostIds = 50;

/** All or none: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html */
export const setInstanceProtection: Operation = {
  action: "SetInstanceProtection",
  resource: (call) => groupArn(call, requireText(call.parameters, "AutoScalingGroupName")),
  isWrite: true,
  answer(call) {
    const group = requestedGroup(call);
    const ids = readTexts(call.parameters, "InstanceIds");
    if (ids.length > mostIds)
      throw validationError(`The number of instance ids that may be passed in is limited to ${mostIds}`);
    for (const id of ids) {
      const member = findMember(call, id);
      if (member?.group !== group || isWarm(member))
        throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    }
    const isProtected = readFlag(call.parameters, "ProtectedFromScaleIn");
    for (const id of ids) {
      if (isProtected) group.shielded.add(id);
      else group.shielded.delete(id);
    }
    return {};
  },
};

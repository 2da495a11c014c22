import { type AutoScalingClient, TerminateInstanceInAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import type { Intent } from "../../act/journal.ts";
import { type Calling, call } from "../call.ts";
import { autoScalingWriteActions } from "../write-actions.ts";

/** As AWS answered; it terminates the instance later. */
export interface Termination {
  readonly activityId: string | undefined;
  /** Such as `InProgress`. */
  readonly status: string | undefined;
}

/**
 * Terminates a member of a group, which then launches another in its place. Neither scale-in protection nor termination
 * protection keeps AWS from it (Use instance scale-in protection, Amazon EC2 Auto Scaling user guide).
 */
export async function terminateMember(
  _intent: Intent,
  { client, stop }: Calling<AutoScalingClient>,
  instanceId: string,
): Promise<Termination> {
  const { Activity: activity } = await call(autoScalingWriteActions.terminateMember, stop, () =>
    client.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: instanceId,
        ShouldDecrementDesiredCapacity: false,
      }),
      { abortSignal: stop },
    ),
  );
  return { activityId: activity?.ActivityId, status: activity?.StatusCode };
}

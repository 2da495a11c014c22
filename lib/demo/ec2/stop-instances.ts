import type { Operation } from "../operation.ts";
import { regionOf } from "../requested-region.ts";
import { costOfWriting } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { incorrectState, notPermitted, unsupported } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { depart } from "./instance-state.ts";
import { refuseOperated } from "./operated-instances.ts";
import { requestedInstances } from "./requested-instances.ts";
import { namedInstances } from "./resources.ts";
import { changeStates } from "./state-changes.ts";

/** All or none: one instance that cannot be stopped fails the call. */
export const stopInstances: Operation = {
  action: "StopInstances",
  resource: namedInstances,
  isWrite: true,
  costs: costOfWriting,
  answer: withDryRun((call) => {
    const instances = requestedInstances(call);
    for (const instance of instances) refuseStop(instance);
    const region = regionOf(call);
    return changeStates(instances, (instance) => {
      if (instance.state !== "running") return;
      depart(instance, { by: "stopping", to: "stopped", now: call.now, takes: region.transitionMs });
      region.instances.keep(instance);
    });
  }),
};

/** An instance that is stopping or stopped already is no error. */
function refuseStop(instance: Instance): void {
  const { id, state, rootDeviceType, spotRequest, isStopProtected } = instance;
  refuseOperated(instance, "stopped");
  if (state === "pending" || state === "shutting-down" || state === "terminated")
    throw incorrectState(`This instance '${id}' is not in a state from which it can be stopped.`);
  if (rootDeviceType !== "ebs")
    throw unsupported(`The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`);
  if (spotRequest === "one-time")
    throw unsupported(
      `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
    );
  if (isStopProtected)
    throw notPermitted(
      `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
}

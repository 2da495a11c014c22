import type { Operation } from "../operation.ts";
import { regionOf } from "../requested-region.ts";
import { costOfWriting } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { incorrectState } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { depart } from "./instance-state.ts";
import { refuseOperated } from "./operated-instances.ts";
import { requestedInstances } from "./requested-instances.ts";
import { namedInstances } from "./resources.ts";
import { changeStates } from "./state-changes.ts";

export const startInstances: Operation = {
  action: "StartInstances",
  resource: namedInstances,
  isWrite: true,
  costs: costOfWriting,
  answer: withDryRun((call) => {
    const instances = requestedInstances(call);
    for (const instance of instances) refuseStart(instance);
    const region = regionOf(call);
    return changeStates(instances, (instance) => {
      if (instance.state !== "stopped") return;
      instance.launchedAt = Math.floor(call.now / 1000) * 1000;
      depart(instance, { by: "pending", to: "running", now: call.now, takes: region.transitionMs });
      region.instances.keep(instance);
    });
  }),
};

function refuseStart(instance: Instance): void {
  const { id, state } = instance;
  refuseOperated(instance, "started");
  if (state === "stopping" || state === "shutting-down" || state === "terminated")
    throw incorrectState(`The instance '${id}' is not in a state from which it can be started.`);
}

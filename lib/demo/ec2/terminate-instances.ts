import type { Answer, Call, Operation } from "../operation.ts";
import { regionOf } from "../requested-region.ts";
import { costOfTerminating } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { notPermitted } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { depart } from "./instance-state.ts";
import { refuseOperated } from "./operated-instances.ts";
import { requestedInstances } from "./requested-instances.ts";
import { namedInstances } from "./resources.ts";
import { changeStates } from "./state-changes.ts";

/**
 * A protected instance fails the call and saves all of its own availability zone; those of other zones are terminated all
 * the same: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
export const terminateInstances: Operation = {
  action: "TerminateInstances",
  resource: namedInstances,
  isWrite: true,
  costs: costOfTerminating,
  answer: withDryRun((call) => {
    const instances = requestedInstances(call);
    for (const instance of instances) refuseOperated(instance, "terminated");
    const shielding = instances.filter(({ isTerminationProtected }) => isTerminationProtected);
    const savedZones = new Set(shielding.map(({ zone }) => zone));
    const doomed = instances.filter(({ zone }) => !savedZones.has(zone));
    const answer = terminate(call, doomed);
    const [first] = shielding;
    if (first === undefined) return answer;
    throw notPermitted(
      `The instance '${first.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      { isPartlyDone: doomed.length > 0 },
    );
  }),
};

/** Terminating what is terminated already succeeds. */
function terminate(call: Call, instances: readonly Instance[]): Answer {
  const region = regionOf(call);
  return changeStates(instances, (instance) => {
    if (instance.state === "shutting-down" || instance.state === "terminated") return;
    depart(instance, { by: "shutting-down", to: "terminated", now: call.now, takes: region.transitionMs });
    region.instances.keep(instance);
  });
}

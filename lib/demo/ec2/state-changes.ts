import type { Answer } from "../operation.ts";
import type { Instance, InstanceState } from "./instance.ts";
import { stateCodes } from "./instance-state.ts";

export const describeState = (name: InstanceState): Answer => ({ code: stateCodes[name], name });

/** What a change of states answers, instance by instance: the state before and the one on the way. */
export function changeStates(instances: readonly Instance[], change: (instance: Instance) => void): Answer {
  const changes = instances.map((instance) => {
    const previous = instance.state;
    change(instance);
    return {
      instanceId: instance.id,
      currentState: describeState(instance.state),
      previousState: describeState(previous),
    };
  });
  return { instancesSet: changes };
}

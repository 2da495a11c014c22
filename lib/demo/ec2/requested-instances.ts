import type { Call } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import type { Region } from "../region.ts";
import { regionOf } from "../requested-region.ts";
import { invalidValue, malformedId, missingParameter, notFound } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { isGone, settle } from "./instance-state.ts";

const mostIds = 1000;

/** The instances a call names, each once; one that is unknown fails the call. Undefined: it names none. */
export function namedInstancesOf(call: Call): readonly Instance[] | undefined {
  const ids = [...new Set(readTexts(call.parameters, "InstanceId"))];
  if (ids.length === 0) return undefined;
  if (ids.length > mostIds) throw invalidValue(`The maximum number of instance IDs is ${mostIds}`);
  return findInstances(call, ids);
}

export function requestedInstances(call: Call): readonly Instance[] {
  const instances = namedInstancesOf(call);
  if (instances === undefined) throw missingParameter("InstanceId");
  return instances;
}

export function requestedInstance(call: Call): Instance {
  const { InstanceId } = call.parameters;
  if (InstanceId === undefined) throw missingParameter("InstanceId");
  const [instance] = findInstances(call, [String(InstanceId)]);
  // One id finds one instance or throws.
  return instance as Instance;
}

export function findInstances(call: Call, ids: readonly string[]): readonly Instance[] {
  const malformed = ids.find((id) => !/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) throw malformedId(malformed);
  const region = regionOf(call);
  const found = ids.map((id) => [id, findVisible(region, id, call)] as const);
  const missing = found.flatMap(([id, instance]) => (instance === undefined ? [id] : []));
  if (missing.length > 0) throw notFound(missing);
  return found.flatMap(([, instance]) => instance ?? []);
}

/** As it is now; one that was terminated long ago is no longer there. */
export function findVisible({ instances }: Region, id: string, { now }: Pick<Call, "now">): Instance | undefined {
  const instance = instances.find(id);
  if (instance === undefined || isGone(settle(instance, now), now)) return undefined;
  return instance;
}

import { addressesOf } from "./addresses.ts";
import type { FilterTable } from "./filters.ts";
import type { Instance } from "./instance.ts";
import { stateCodes } from "./instance-state.ts";

const byName: Readonly<Record<string, (instance: Instance) => readonly (string | undefined)[]>> = {
  "availability-zone": ({ zone }) => [zone],
  "instance-id": ({ id }) => [id],
  "instance-lifecycle": ({ spotRequest }) => [spotRequest === undefined ? undefined : "spot"],
  "instance-state-code": ({ state }) => [String(stateCodes[state])],
  "instance-state-name": ({ state }) => [state],
  "instance-type": ({ type }) => [type],
  // The same in every region: only an instance's names tell of it.
  "network-interface.addresses.private-ip-address": (instance) => [addressesOf(instance, "us-east-1")?.privateAddress],
  "operator.managed": ({ operator }) => [String(operator !== undefined)],
  "operator.principal": ({ operator }) => [operator?.principal],
  "reservation-id": ({ reservationId }) => [reservationId],
  "root-device-type": ({ rootDeviceType }) => [rootDeviceType],
  "tag-key": ({ tags }) => [...tags.keys()],
  "vpc-id": ({ vpcId }) => [vpcId],
};

/** Those of DescribeInstances' filters that the offline AWS knows; AWS has some hundred. */
export const instanceFilters: FilterTable<Instance> = (name) => {
  if (!name.startsWith("tag:")) return byName[name];
  const key = name.slice("tag:".length);
  return ({ tags }) => [tags.get(key)];
};

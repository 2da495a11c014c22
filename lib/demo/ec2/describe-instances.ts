import { encodedXml } from "../encoded-xml.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readFlag } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import { costOfListing } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { invalidCombination } from "./errors.ts";
import { compileFilters, type Filter, plainValues, readFilters } from "./filters.ts";
import type { Instance } from "./instance.ts";
import { instanceFilters } from "./instance-filters.ts";
import { instanceXml } from "./instance-xml.ts";
import { takeEc2Page } from "./pages.ts";
import { findVisible, namedInstancesOf } from "./requested-instances.ts";
import { anything } from "./resources.ts";

/** An empty list of ids is none in the wire format, and answers everything. */
export const describeInstances: Operation = {
  action: "DescribeInstances",
  resource: anything,
  costs: costOfListing,
  answer: withDryRun((call) => {
    const { instances, end } = chooseInstances(call);
    return { reservationSet: groupByReservation(call, instances), ...end };
  }),
};

interface Chosen {
  readonly instances: readonly Instance[];
  readonly end: Answer;
}

function chooseInstances(call: Call): Chosen {
  const filters = readFilters(call.parameters);
  const keeps = keepsInstance(call, filters);
  const named = namedInstancesOf(call);
  if (named === undefined) return takeInstances(call, plainValues(filters, "instance-id"), keeps);
  if (call.parameters.MaxResults !== undefined)
    throw invalidCombination("The parameter instancesSet cannot be used with the parameter maxResults");
  return { instances: named.filter(keeps), end: {} };
}

type Keeps = (instance: Instance) => boolean;

function takeInstances(call: Call, ids: readonly string[] | undefined, keeps: Keeps): Chosen {
  const region = regionOf(call);
  const kept = new Map<string, Instance>();
  const listing = {
    items: ids ?? region.instances.ids(),
    orderOf: (id: string) => id,
    keeps(id: string) {
      const instance = findVisible(region, id, call);
      if (instance === undefined || !keeps(instance)) return false;
      kept.set(id, instance);
      return true;
    },
  };
  const { items, end } = takeEc2Page(call, listing, { least: 5, most: 1000, fallback: Number.POSITIVE_INFINITY });
  return { instances: items.flatMap((id) => kept.get(id) ?? []), end };
}

/** Instances that a service operates are hidden unless asked for. */
function keepsInstance({ parameters }: Call, filters: readonly Filter[]): Keeps {
  const matches = compileFilters(filters, instanceFilters);
  const showsManaged = readFlag(parameters, "IncludeManagedResources");
  return (instance) => (showsManaged || !instance.operator?.isHidden) && matches(instance);
}

function groupByReservation(call: Call, instances: readonly Instance[]): readonly Answer[] {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    const group = groups.get(instance.reservationId);
    if (group === undefined) groups.set(instance.reservationId, [instance]);
    else group.push(instance);
  }
  return [...groups].map(([reservationId, group]) => ({
    reservationId,
    ownerId: call.caller.account.id,
    groupSet: [],
    instancesSet: encodedXml(group.map((instance) => instanceXml(instance, call)).join("")),
  }));
}

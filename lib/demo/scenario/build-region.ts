import type { Millis } from "../../core/time.ts";
import { type AutoScalingGroup, newGroup } from "../autoscaling/group.ts";
import type { ConversionTask } from "../ec2/conversion-task.ts";
import type { Instance } from "../ec2/instance.ts";
import { createInventory } from "../ec2/inventory.ts";
import type { Region } from "../region.ts";
import { ago } from "./ages.ts";
import { generateFleet } from "./build-fleet.ts";
import { buildInstance, hex, type Site } from "./build-instance.ts";
import { buildQueues } from "./build-queues.ts";
import type { InstanceSpec, RegionSpec } from "./region-specs.ts";

interface Owner {
  readonly id: string;
  readonly now: Millis;
}

export function buildRegion(spec: RegionSpec, { id: accountId, now }: Owner): Region {
  const site: Site = { region: spec.name, vpcId: `vpc-0${hex(`${accountId} ${spec.name} vpc`)}`, now };
  const instances = spec.instances.map((instance, index) =>
    buildInstance(instance, { ...site, id: `i-0${hex(`${accountId} ${spec.name} ${index}`)}` }),
  );
  return {
    name: spec.name,
    optInStatus: spec.optInStatus,
    instances: createInventory(instances, spec.fleet && generateFleet(spec.fleet, { ...site, accountId })),
    autoScalingGroups: [...buildGroups(spec, now)],
    conversionTasks: spec.instances.flatMap(({ conversion }, index) => buildConversion(conversion, instances[index])),
    trail: spec.events.map(({ ageDays, ...event }, index) => ({
      ...event,
      id: uuid(`${accountId} ${spec.name} event ${index}`),
      at: ago(now, ageDays),
      isReadOnly: /^(?:Describe|Get|List)/.test(event.name),
    })),
    queues: buildQueues(spec.queues, now),
    transitionMs: spec.transitionMs,
  };
}

/** Those said, and those that instances say they are members of. */
function buildGroups({ autoScalingGroups, instances }: RegionSpec, now: Millis): Iterable<AutoScalingGroup> {
  const named = instances.flatMap(({ autoScalingGroup: name }) =>
    name === undefined ? [] : [{ name, ageDays: 100, tags: {}, launchMs: 0 }],
  );
  const groups = [...named, ...autoScalingGroups].map(({ name, ageDays, tags, launchMs }) =>
    newGroup({ name, createdAt: ago(now, ageDays), tags: new Map(Object.entries(tags)), launchMs }),
  );
  return new Map(groups.map((group) => [group.name, group])).values();
}

function buildConversion(kind: InstanceSpec["conversion"], instance: Instance | undefined): readonly ConversionTask[] {
  if (kind === undefined || instance === undefined) return [];
  const id = `${kind === "import" ? "import-i" : "export-i"}-${instance.id.slice(2)}`;
  return [{ kind, id, instanceId: instance.id, zone: instance.zone, state: "active" }];
}

const uuid = (origin: string): string => hex(origin).replace(/^(.{8})(.{4})(.{4})$/, `$1-$2-4$3`);

/** An instance added to a running offline AWS. */
export function addInstance(region: Region, spec: InstanceSpec, now: Millis): Instance {
  const origin = `${region.name} added ${region.instances.ids().length} ${now}`;
  const site = { region: region.name, vpcId: `vpc-0${hex(`${region.name} vpc`)}`, now };
  const instance = buildInstance(spec, { ...site, id: `i-0${hex(origin)}` });
  region.instances.keep(instance);
  return instance;
}

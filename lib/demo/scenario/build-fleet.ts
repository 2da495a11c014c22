import type { GeneratedInstances } from "../ec2/inventory.ts";
import { buildInstance, hex, type Site } from "./build-instance.ts";
import type { FleetSpec } from "./region-specs.ts";

/** Ids are a prefix of the region's own and the index, so that the index is read back from the id. */
export function generateFleet(
  { count, instance }: FleetSpec,
  { accountId, ...site }: Site & { readonly accountId: string },
): GeneratedInstances {
  const prefix = `i-0${hex(`${accountId} ${site.region} fleet`).slice(0, 8)}`;
  const indexOf = (id: string): number | undefined => {
    const index = id.startsWith(prefix) ? Number.parseInt(id.slice(prefix.length), 16) : count;
    return index < count ? index : undefined;
  };
  return {
    ids: Array.from({ length: count }, (_, index) => prefix + index.toString(16).padStart(8, "0")),
    make(id) {
      const index = indexOf(id);
      return index === undefined ? undefined : buildInstance(instance(index), { ...site, id });
    },
  };
}

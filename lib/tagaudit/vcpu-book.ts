import { hasIds, type SomeIds } from "../aws/some-ids.ts";
import type { Instance } from "../core/ec2.ts";
import { messageOf } from "../core/errors.ts";
import type { RegionReads } from "./reads.ts";

/** vCPUs by instance type, each asked for once in a process: a type has the same everywhere. */
export interface VcpuBook {
  vcpusOf(type: string): number | undefined;
  /** Looks up those of a page that are not known yet. It never fails: what is not known is left out of the sums. */
  learn(instances: readonly Instance[], reads: Reads): Promise<void>;
}

type Reads = Pick<RegionReads, "describeInstanceTypes">;

/** @param tell takes why a look-up failed */
export function openVcpuBook(tell: (message: string) => void): VcpuBook {
  const known = new Map<string, number>();
  const asked = new Map<string, Promise<void>>();
  const ask = async (types: SomeIds, reads: Reads): Promise<void> => {
    try {
      for (const [type, vcpus] of await reads.describeInstanceTypes(types)) known.set(type, vcpus);
    } catch (thrown) {
      tell(`vCPUs of instance types are not known: ${messageOf(thrown)}`);
      for (const type of types) asked.delete(type);
    }
  };
  return {
    vcpusOf: (type) => known.get(type),
    async learn(instances, reads) {
      const types = [...new Set(instances.map(({ type }) => type))];
      const unasked = types.filter((type) => !asked.has(type));
      if (hasIds(unasked)) {
        const answered = ask(unasked, reads);
        for (const type of unasked) asked.set(type, answered);
      }
      // Another region may have asked for them a moment ago.
      await Promise.all(types.map((type) => asked.get(type)));
    },
  };
}

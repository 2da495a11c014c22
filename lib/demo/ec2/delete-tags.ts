import type { Operation } from "../operation.ts";
import { type RequestParameters, readTexts } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import { costOfWriting } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { invalidValue, missingParameter } from "./errors.ts";
import { findInstances } from "./requested-instances.ts";
import { instanceArn } from "./resources.ts";

/**
 * A tag that is named without a value goes whatever its value is, one with a value only where it has that, and where none
 * is named all go but AWS's own (DeleteTags, EC2 API reference).
 */
export const deleteTags: Operation = {
  action: "DeleteTags",
  resource: (call) => instanceArn(call, readTexts(call.parameters, "ResourceId")[0] ?? "*"),
  isWrite: true,
  costs: costOfWriting,
  answer: withDryRun((call) => {
    const doomed = readDoomed(call.parameters);
    const ids = [...new Set(readTexts(call.parameters, "ResourceId"))];
    if (ids.length === 0) throw missingParameter("ResourceIdSet");
    const instances = findInstances(call, ids);
    const { instances: inventory } = regionOf(call);
    for (const instance of instances) {
      for (const [key, value] of [...instance.tags])
        if (!key.startsWith("aws:") && isDoomed(doomed, key, value)) instance.tags.delete(key);
      inventory.keep(instance);
    }
    return { return: true };
  }),
};

/** By key; undefined: whatever its value. */
type Doomed = ReadonlyMap<string, string | undefined>;

const isDoomed = (doomed: Doomed, key: string, value: string): boolean =>
  doomed.size === 0 || (doomed.has(key) && (doomed.get(key) ?? value) === value);

function readDoomed({ Tag: given = [] }: RequestParameters): Doomed {
  // A form's list of tags is a list of records.
  const tags = (Array.isArray(given) ? given : []) as readonly RequestParameters[];
  return new Map(
    tags.map(({ Key, Value }) => {
      const key = String(Key ?? "");
      if (/^aws:/i.test(key)) throw invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
      return [key, Value === undefined ? undefined : String(Value)] as const;
    }),
  );
}

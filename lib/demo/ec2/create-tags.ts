import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../operation.ts";
import { type RequestParameters, readTexts } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import { costOfWriting } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { invalidValue, missingParameter } from "./errors.ts";
import type { Instance } from "./instance.ts";
import { findInstances } from "./requested-instances.ts";
import { instanceArn } from "./resources.ts";

/** Overwrites what has the key already. All or none, of the instances as of the tags. */
export const createTags: Operation = {
  action: "CreateTags",
  resource: (call) => instanceArn(call, readTexts(call.parameters, "ResourceId")[0] ?? "*"),
  isWrite: true,
  costs: costOfWriting,
  answer: withDryRun((call) => {
    const tags = readTags(call);
    const ids = [...new Set(readTexts(call.parameters, "ResourceId"))];
    if (ids.length === 0) throw missingParameter("ResourceIdSet");
    const instances = findInstances(call, ids);
    for (const instance of instances) refuseCrowd(instance, tags);
    const { instances: inventory } = regionOf(call);
    for (const instance of instances) {
      for (const [key, value] of tags) instance.tags.set(key, value);
      inventory.keep(instance);
    }
    return { return: true };
  }),
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const longestKey = 128;
const longestValue = 256;
const mostTags = 50;

function readTags({ parameters }: Call): ReadonlyMap<string, string> {
  const { Tag: given } = parameters;
  if (!Array.isArray(given) || given.length === 0) throw missingParameter("TagSet");
  const tags = new Map<string, string>();
  // A form's list of tags is a list of records.
  for (const tag of given as readonly RequestParameters[]) {
    const [key, value] = [String(tag.Key ?? ""), String(tag.Value ?? "")];
    refuseTag(key, value);
    if (tags.has(key)) throw invalidValue(`Duplicate tag key '${key}' specified.`);
    tags.set(key, value);
  }
  return tags;
}

function refuseTag(key: string, value: string): void {
  if (key === "") throw invalidValue("Tag key cannot be empty.");
  if (/^aws:/i.test(key)) throw invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
  if (key.length > longestKey) throw invalidValue(`Tag key exceeds the maximum length of ${longestKey} characters`);
  if (value.length > longestValue)
    throw invalidValue(`Tag value exceeds the maximum length of ${longestValue} characters`);
}

/** AWS's own tags do not count. */
function refuseCrowd(instance: Instance, tags: ReadonlyMap<string, string>): void {
  const keys = new Set([...instance.tags.keys(), ...tags.keys()]);
  const own = [...keys].filter((key) => !key.startsWith("aws:"));
  if (own.length <= mostTags) return;
  throw new AwsError("TagLimitExceeded", 400, `You have reached the maximum of ${mostTags} tags for '${instance.id}'.`);
}

import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Intent } from "../../act/journal.ts";
import type { Calling } from "../call.ts";
import { errorNameOf } from "../error-name.ts";
import { createTags, type InstanceIntents } from "./ec2.ts";

/** Why one instance can't have a tag. */
export type Unfit = "not_found" | "tag_limit";

interface TagCalling extends Calling<EC2Client> {
  readonly tag: { readonly key: string; readonly value: string };
  /** Once it is aborted nobody looks for what comes of it: no further half is tried. */
  readonly overdue?: AbortSignal;
}

/**
 * Puts a tag on up to a thousand instances of one region, and answers those that can't have it. CreateTags is done for
 * all or for none (EC2 API reference), so one that is gone, or has as many tags as it may, keeps its batch from theirs:
 * halves are tried until it stands alone.
 */
export async function putTag(
  intent: Intent,
  ids: readonly string[],
  calling: TagCalling,
): Promise<ReadonlyMap<string, Unfit>> {
  const { tag } = calling;
  const [first, ...rest] = ids.map((instanceId) => ({ intent, instanceId }));
  if (first === undefined) return new Map();
  const intents: InstanceIntents = [first, ...rest];
  calling.overdue?.throwIfAborted();
  try {
    await createTags(intents, calling, new Map([[tag.key, tag.value]]));
    return new Map();
  } catch (thrown) {
    const unfit = unfitBecause(thrown);
    if (unfit === undefined) throw thrown;
    if (rest.length === 0) return new Map([[first.instanceId, unfit]]);
    const half = Math.ceil(ids.length / 2);
    return new Map([
      ...(await putTag(intent, ids.slice(0, half), calling)),
      ...(await putTag(intent, ids.slice(half), calling)),
    ]);
  }
}

const notFound: readonly string[] = ["InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", "InvalidID"];

/** What is wrong with one instance; undefined for what is wrong with the call. */
function unfitBecause(thrown: unknown): Unfit | undefined {
  const name = errorNameOf(thrown);
  if (name === "TagLimitExceeded") return "tag_limit";
  return name !== undefined && notFound.includes(name) ? "not_found" : undefined;
}

import { listUserTags } from "../../aws/read/iam.ts";
import type { FoundPerson, Notifier } from "../../notify/notifier.ts";
import { findOwner } from "../../owners/find-owner.ts";
import type { KeyActing } from "./acting.ts";

export interface OwnerNow {
  readonly found: FoundPerson;
  /** The user's. */
  readonly tags: ReadonlyMap<string, string>;
}

interface Asking extends Pick<KeyActing, "iam" | "ownerMap"> {
  readonly notifier: Notifier;
}

/** Whom a user's keys belong to at this moment: the map, tags and people change. */
export async function findOwnerNow(user: string, { iam, ownerMap, notifier }: Asking): Promise<OwnerNow> {
  const tags = await listUserTags(iam, user);
  const owner = findOwner({ user, tags, map: ownerMap });
  const found =
    owner === undefined ? { missing: "neither slack_map nor a tag names an owner" } : await notifier.findPerson(owner);
  return { found, tags };
}

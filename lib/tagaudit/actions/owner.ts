import { messageOf } from "../../core/errors.ts";
import type { FoundPerson, Notifier } from "../../notify/notifier.ts";
import { findOwner, type Owner } from "../../owners/find-owner.ts";
import type { InstanceDetail } from "../planning.ts";
import type { InstanceActing } from "./acting.ts";

interface Asking extends Pick<InstanceActing, "ladders" | "ownerMap" | "findLauncher"> {
  readonly notifier: Notifier;
}

type Owned = Pick<InstanceDetail, "region" | "instanceId" | "owner" | "tags">;

/**
 * Whom an instance belongs to at this moment: whom its tags name, else whoever was told before, else whoever launched it.
 * CloudTrail answers two look-ups a second, and is asked last.
 */
export async function findOwnerNow(instance: Owned, asking: Asking): Promise<FoundPerson> {
  const named = await findNamed(instance, asking);
  if ("person" in named) return named;
  const { person } = (await asking.ladders.find(instance)) ?? {};
  if (person !== undefined) return asking.notifier.findPerson(asPerson(person));
  const launched = await findLaunched(instance, asking);
  return "person" in launched ? launched : { missing: `${named.missing}; ${launched.missing}` };
}

async function findNamed({ owner, tags }: Owned, { ownerMap, notifier }: Asking): Promise<FoundPerson> {
  const found = asOwner(owner ?? "", new Map(Object.entries(tags)), ownerMap);
  if (found === undefined) return { missing: "no tag names an owner that can be reached" };
  return notifier.findPerson(found);
}

async function findLaunched(instance: Owned, { findLauncher, ownerMap, notifier }: Asking): Promise<FoundPerson> {
  let name: string | undefined;
  try {
    name = await findLauncher(instance);
  } catch (thrown) {
    return { missing: `who launched it can't be looked up: ${messageOf(thrown)}` };
  }
  if (name === undefined) return { missing: "CloudTrail does not say who launched it" };
  const found = asOwner(name, new Map(), ownerMap);
  return found === undefined ? { missing: "whoever launched it can't be reached" } : notifier.findPerson(found);
}

/** By their name, as the map has it or an address; else by tags that are there for this. */
function asOwner(name: string, tags: ReadonlyMap<string, string>, map: Asking["ownerMap"]): Owner | undefined {
  return (
    findOwner({ user: name, tags: new Map(), map }) ??
    findOwner({ user: "", tags: new Map([["email", name]]), map: new Map() }) ??
    findOwner({ user: "", tags, map: new Map() })
  );
}

/** By the channel's own id. */
export const asPerson = (id: string): Owner =>
  id.includes("@") ? { by: "email", email: id } : { by: "map", slackId: id };

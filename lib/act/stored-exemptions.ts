import type { Store } from "../state/store.ts";
import type { Exemption } from "./exemptions.ts";

/** Exemptions that a person has given by command; each ends by itself. */
export interface StoredExemption extends Exemption {
  readonly id: string;
}

type ExemptionBody = {
  readonly names: string;
  readonly reason: string;
  readonly owner: string;
  readonly until: number;
};

const collectionOf = (program: string): string => `exemptions.${program}`;

export async function listExemptions(store: Store, program: string): Promise<readonly StoredExemption[]> {
  const found: StoredExemption[] = [];
  for await (const { id, body } of store.list<ExemptionBody>(collectionOf(program))) found.push({ id, ...body });
  return found;
}

/** The glob is its id: a second one for the same names takes the first one's place. */
export async function addExemption(
  store: Store,
  program: string,
  { names, reason, owner, until }: Exemption,
): Promise<void> {
  const body = { names, reason, owner, until };
  const lifetime = { expiresAt: until };
  for (;;) {
    if ((await store.create(collectionOf(program), names, body, lifetime)) === "created") return;
    const found = await store.get(collectionOf(program), names);
    if (found === undefined) continue;
    const replacement = { body, expectedVersion: found.version, ...lifetime };
    if ((await store.replace(collectionOf(program), names, replacement)) === "replaced") return;
  }
}

/** False where there is none. */
export async function removeExemption(store: Store, program: string, names: string): Promise<boolean> {
  for (;;) {
    const found = await store.get(collectionOf(program), names);
    if (found === undefined) return false;
    if ((await store.remove(collectionOf(program), names, found.version)) === "removed") return true;
  }
}

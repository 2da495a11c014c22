import type { Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import type { Pause } from "./gates.ts";

const collection = "control";
const idOf = (program: string | undefined): string => (program === undefined ? "pause" : `pause/${program}`);

/** The kill switch: of all programs, or of one. */
export interface PauseScope {
  readonly program: string | undefined;
}

type PauseBody = { readonly reason: string; readonly by: string; readonly at: Millis; readonly until?: Millis };

export async function findPause(store: Store, program: string): Promise<Pause | undefined> {
  for (const id of [idOf(undefined), idOf(program)]) {
    const found = await store.get<PauseBody>(collection, id);
    if (found !== undefined) return { until: undefined, ...found.body };
  }
  return undefined;
}

/** Pulls the kill switch, or changes why and how long it stays pulled. */
export async function pause(store: Store, { program }: PauseScope, { until, ...said }: Pause): Promise<void> {
  const body = { ...said, ...(until === undefined ? {} : { until }) };
  const lifetime = { expiresAt: until };
  for (;;) {
    if ((await store.create(collection, idOf(program), body, lifetime)) === "created") return;
    const found = await store.get(collection, idOf(program));
    if (found === undefined) continue;
    const replacement = { body, expectedVersion: found.version, ...lifetime };
    if ((await store.replace(collection, idOf(program), replacement)) === "replaced") return;
  }
}

/** False where nothing was paused. */
export async function resume(store: Store, { program }: PauseScope): Promise<boolean> {
  for (;;) {
    const found = await store.get(collection, idOf(program));
    if (found === undefined) return false;
    if ((await store.remove(collection, idOf(program), found.version)) === "removed") return true;
  }
}

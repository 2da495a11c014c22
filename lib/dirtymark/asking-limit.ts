import type { Millis } from "../core/time.ts";

interface Limit {
  readonly most: number;
  readonly within: Millis;
  readonly clock: () => Millis;
}

/** Those that have begun and ended theirs are forgotten once there are so many. */
const manyNames = 10_000;

/** Whether somebody may ask once more: so often from his first time on, then again after a while. */
export function openAskingLimit({ most, within, clock }: Limit): (name: string) => boolean {
  const asked = new Map<string, { readonly since: Millis; count: number }>();
  return (name) => {
    const now = clock();
    if (asked.size >= manyNames) for (const [one, { since }] of asked) if (now - since >= within) asked.delete(one);
    const known = asked.get(name);
    if (known === undefined || now - known.since >= within) {
      asked.set(name, { since: now, count: 1 });
      return true;
    }
    known.count += 1;
    return known.count <= most;
  };
}

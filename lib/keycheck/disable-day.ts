import { days, type Millis } from "../core/time.ts";

interface Expiring {
  readonly expiresAt: Millis;
  /** How long after the first notice; absent where it is never disabled. */
  readonly disableAfter?: Millis;
}

/** What whoever reads of a key has been told of it before, and when they read it. */
interface Told {
  /** When they first got a notice that named a day; absent: not yet. */
  readonly toldAt?: Millis | undefined;
  /** The day that it named, or a later one did. */
  readonly announcedAt?: Millis | undefined;
  readonly now: Millis;
}

/** From when on a key may be disabled, as people are told; undefined where it never is. */
export function disableFrom(
  { disableAfter, expiresAt }: Expiring,
  { toldAt, announcedAt = expiresAt, now }: Told,
): Millis | undefined {
  if (disableAfter === undefined) return undefined;
  // Not a day that is over: what may be done may be done today.
  return Math.max(expiresAt, (toldAt ?? now) + disableAfter, announcedAt, now);
}

/** People are told the day alone, which begins at its midnight UTC. */
export const dayOf = (at: Millis): Millis => Math.floor(at / days(1)) * days(1);

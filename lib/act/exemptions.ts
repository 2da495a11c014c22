import { matchesName } from "../core/glob.ts";
import type { Millis } from "../core/time.ts";

/** Somebody's word that a subject is left alone for a while. */
export interface Exemption {
  /** A glob, in upper or lower case alike; one name of a subject that matches is enough. */
  readonly names: string;
  readonly reason: string;
  readonly owner: string;
  /** From then on it no longer counts. */
  readonly until: Millis;
}

/** The first that counts; one whose end can't be told counts. */
export const findExemption = (
  exemptions: readonly Exemption[],
  names: readonly string[],
  now: Millis,
): Exemption | undefined =>
  exemptions.find(({ names: glob, until }) => !(until <= now) && names.some((name) => matchesName(glob, name)));

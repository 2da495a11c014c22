import type { Millis } from "../core/time.ts";

export interface KeyUse {
  readonly id: string;
  readonly active: boolean;
  readonly createdAt: Millis;
  /** Undefined: never used. */
  readonly usedAt: Millis | undefined;
}

interface UseLimits {
  readonly recentUse: Millis;
  /** Age from which recent use no longer protects; undefined: it always does. */
  readonly expireHard: Millis | undefined;
}

/**
 * Why a key that is due stays on after all: it is in use. Not where another active key of its user was used later,
 * because then the user has changed over.
 */
export function refuseRecentUse(
  key: KeyUse,
  others: readonly KeyUse[],
  { recentUse, expireHard, now }: UseLimits & { readonly now: Millis },
): string | undefined {
  const { usedAt } = key;
  if (usedAt === undefined || now - usedAt >= recentUse) return undefined;
  if (expireHard !== undefined && now - key.createdAt >= expireHard) return undefined;
  if (others.some((other) => other.active && other.usedAt !== undefined && other.usedAt > usedAt)) return undefined;
  return "the key was used within recent_use, and no other active key of its user later";
}

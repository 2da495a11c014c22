import type { AccessKey } from "../core/iam.ts";
import { hours, type Millis, parseInstant } from "../core/time.ts";
import type { Ladder } from "./ladder.ts";

/** When the original wrote to a key's owner, as far as its table tells. */
export interface Pings {
  readonly first: Millis;
  readonly last: Millis;
}

/** A key as it is remembered, and whose it is. */
export interface OwnedKey {
  readonly user: string;
  readonly key: AccessKey;
}

export interface MappedPings extends OwnedKey {
  readonly pings: Pings;
}

/** Something of the table that becomes nothing here, and why. */
export interface UnmappedPings {
  readonly what: string;
  readonly because: string;
}

export interface PingMapping {
  readonly mapped: readonly MappedPings[];
  readonly unmapped: readonly UnmappedPings[];
}

/**
 * The table has an item for each message: `iam_access_key_id`, the whole id, and `last_pinged_time`, the wall clock of
 * the machine that sent it (lacework/ops, aws-access-key/keycheck). Clocks are taken to show UTC, as in containers.
 */
export function mapPings(
  items: readonly ReadonlyMap<string, string>[],
  known: ReadonlyMap<string, OwnedKey>,
  now: Millis,
): PingMapping {
  const pings = new Map<string, Pings>();
  const unmapped: UnmappedPings[] = [];
  for (const item of items) {
    const ping = readPing(item, now);
    if ("because" in ping) unmapped.push(ping);
    else pings.set(ping.keyId, spanOf(pings.get(ping.keyId), ping.at));
  }
  const judged = [...pings].map(([keyId, span]) => mapKey(keyId, span, known.get(keyId)));
  return {
    mapped: judged.filter((one) => "pings" in one),
    unmapped: [...unmapped, ...judged.filter((one) => "because" in one)],
  };
}

interface Ping {
  readonly keyId: string;
  readonly at: Millis;
}

function readPing(item: ReadonlyMap<string, string>, now: Millis): Ping | UnmappedPings {
  const keyId = item.get("iam_access_key_id");
  if (keyId === undefined) return { what: "an item", because: "it has no iam_access_key_id" };
  const what = sayKey(keyId);
  const written = item.get("last_pinged_time");
  if (written === undefined) return { what, because: "it has no last_pinged_time" };
  const at = readWallClock(written);
  if (at === undefined) return { what, because: `its last_pinged_time "${written}" is no time` };
  if (at - now > farthestZone) return { what, because: `its last_pinged_time "${written}" is yet to come` };
  return { keyId, at };
}

const readWallClock = (written: string): Millis | undefined =>
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(written) ? parseInstant(`${written.replace(" ", "T")}Z`) : undefined;

/** The clock farthest ahead of UTC is that of Kiritimati. */
const farthestZone = hours(14);

const spanOf = (span: Pings | undefined, at: Millis): Pings => ({
  first: Math.min(span?.first ?? at, at),
  last: Math.max(span?.last ?? at, at),
});

function mapKey(keyId: string, pings: Pings, known: OwnedKey | undefined): MappedPings | UnmappedPings {
  const what = sayKey(keyId);
  if (known === undefined) return { what, because: "no user of the account is remembered to have it" };
  // Its ladder would end at once, and count as a rotation that took years.
  if (!known.key.active) return { what, because: "it is Inactive" };
  return { ...known, pings };
}

const sayKey = (keyId: string): string => `key ...${keyId.slice(-5)}`;

/** That somebody was written to is no proof that it arrived: no clock to act starts by it. */
export const notePings = (ladder: Ladder, { first, last }: Pings): Ladder => ({
  ...ladder,
  lastNoticeAt: Math.max(ladder.lastNoticeAt ?? last, last),
  firstNoticeAt: Math.min(ladder.firstNoticeAt ?? first, first),
});

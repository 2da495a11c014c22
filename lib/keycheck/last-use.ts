import type { AccessKey, IamUser, ReportRow, ReportSlot } from "../core/iam.ts";
import type { Millis } from "../core/time.ts";
import { fitsExactly, isBlank, isWhole, type Pair, readingsOf } from "./key-slots.ts";
import type { LastUse } from "./records.ts";

interface Evidence {
  readonly user: IamUser;
  readonly keys: readonly AccessKey[];
  readonly row: ReportRow | undefined;
  readonly generatedAt: Millis;
}

const unknown: LastUse = { known: false };

/**
 * The report tells of two slots and no key ids, the listing of key ids and no use. A slot's last use is a key's only
 * where no other reading of the two fits; anything else stays unknown. `last_rotated` means created or last changed, so
 * it never lies before its key's creation, and an equal date is the stronger sign (Getting credential reports, IAM user
 * guide).
 */
export function lastUses({ user, keys, row, generatedAt }: Evidence): readonly LastUse[] {
  if (row === undefined || row.arn !== user.arn || row.createdAt !== user.createdAt) return keys.map(() => unknown);
  const reported = keys.filter((key) => key.createdAt <= generatedAt);
  const slots = matchSlots(reported, row.slots);
  return keys.map((key) => {
    const slot = slots.get(key);
    return slot === undefined ? unknown : { known: true, at: slot.lastUsedAt };
  });
}

function matchSlots(keys: readonly AccessKey[], slots: ReportRow["slots"]): ReadonlyMap<AccessKey, ReportSlot> {
  if (keys.length > slots.length) return new Map(exactPairs(keys, slots));
  const ofAll = onlyReading(keys, slots);
  // A key switched off since the report was made fits no slot; it must not hide the use of the other one.
  return new Map(
    ofAll ??
      onlyReading(
        keys.filter((key) => key.active),
        slots,
      ),
  );
}

function onlyReading(keys: readonly AccessKey[], slots: ReportRow["slots"]): readonly Pair[] | undefined {
  const possible = readingsOf(keys, slots);
  const exact = possible.filter((reading) => reading.every(fitsExactly));
  const [only, ...others] = exact.length > 0 ? exact : possible.filter((reading) => isTight(reading, slots));
  return others.length === 0 ? only : undefined;
}

/**
 * Whether loose dates may stand. A slot left over may be the key's own, and the other one a deleted key's; and a blank
 * slot may be an inactive key that was never used, or no key, which only an exact match of the other slot tells.
 */
function isTight(reading: readonly Pair[], slots: ReportRow["slots"]): boolean {
  const takesBlank = reading.some(([, slot]) => isBlank(slot));
  return isWhole(reading, slots) && (!takesBlank || reading.some(fitsExactly));
}

/** A user with more keys than slots: the report leaves some out, so only equal dates that meet no second time count. */
function exactPairs(keys: readonly AccessKey[], slots: ReportRow["slots"]): Pair[] {
  const pairs = keys.flatMap((key) => slots.map((slot): Pair => [key, slot]).filter(fitsExactly));
  const alone = ([key, slot]: Pair) => pairs.filter((pair) => pair[0] === key || pair[1] === slot).length === 1;
  return pairs.filter(alone);
}

import type { AccessKey, ReportRow, ReportSlot } from "../core/iam.ts";

/** A key and the slot of the credential report that may be its own. */
export type Pair = readonly [AccessKey, ReportSlot];

/** Both ways in which the keys, of which there are no more than slots, may sit in them, as far as every pair fits. */
export const readingsOf = (keys: readonly AccessKey[], slots: ReportRow["slots"]): readonly (readonly Pair[])[] =>
  [slots, slots.toReversed()].map((order) => pairUp(keys, order)).filter((reading) => reading.every(fits));

const pairUp = (keys: readonly AccessKey[], slots: readonly ReportSlot[]): readonly Pair[] =>
  slots.flatMap((slot, index) => {
    const key = keys[index];
    return key === undefined ? [] : [[key, slot]];
  });

/** `last_rotated` means created **or last changed**, so it never lies before its key's creation. */
function fits([key, slot]: Pair): boolean {
  if (key.active !== slot.active) return false;
  return slot.lastRotatedAt === undefined ? !key.active : slot.lastRotatedAt >= key.createdAt;
}

/** Equal dates are the stronger sign. */
export const fitsExactly = (pair: Pair): boolean => fits(pair) && pair[1].lastRotatedAt === pair[0].createdAt;

/** Whether every slot with anything in it has its key: one left over may be the own slot of a key that fits another. */
export const isWhole = (reading: readonly Pair[], slots: ReportRow["slots"]): boolean =>
  slots.every((slot) => isBlank(slot) || reading.some(([, used]) => used === slot));

/** An empty slot, or an inactive key that was never used: AWS documents no date for it. */
export const isBlank = (slot: ReportSlot): boolean =>
  !slot.active && slot.lastRotatedAt === undefined && slot.lastUsedAt === undefined;

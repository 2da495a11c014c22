import { test } from "tap";
import type { AccessKey, ReportSlot } from "../../lib/core/iam.ts";
import { days } from "../../lib/core/time.ts";
import { fitsExactly, isBlank, isWhole, readingsOf } from "../../lib/keycheck/key-slots.ts";
import { aListedKey, aSlot, now } from "../support/keycheck-records.ts";

const january = now - days(60);
const february = now - days(30);

const key = (createdAt: number, active = true) => aListedKey({ id: `AKIA${createdAt}`, createdAt, active });
const slot = (lastRotatedAt: number | undefined, active = true) => aSlot({ active, lastRotatedAt });
const empty = aSlot();

interface Case {
  readonly name: string;
  readonly keys: readonly AccessKey[];
  readonly slots: readonly [ReportSlot, ReportSlot];
  /** Of each reading the slots that the keys take, from 1. */
  readonly want: readonly (readonly number[])[];
}

const cases: readonly Case[] = [
  { name: "no keys fit any slots", keys: [], slots: [empty, slot(january)], want: [[], []] },
  { name: "a key fits the slot of its date", keys: [key(january)], slots: [slot(january), empty], want: [[1]] },
  { name: "and one changed later", keys: [key(january)], slots: [slot(february), slot(january)], want: [[1], [2]] },
  { name: "but none changed before it was made", keys: [key(february)], slots: [slot(january), empty], want: [] },
  {
    name: "an active key fits no slot that is off",
    keys: [key(january)],
    slots: [slot(january, false), empty],
    want: [],
  },
  {
    name: "an inactive key fits no slot that is on",
    keys: [key(january, false)],
    slots: [slot(january), slot(january)],
    want: [],
  },
  {
    name: "an inactive key fits a slot without a date",
    keys: [key(january, false)],
    slots: [empty, slot(january)],
    want: [[1]],
  },
  { name: "an active one does not", keys: [key(january)], slots: [slot(undefined), empty], want: [] },
  {
    name: "two keys fit in the one order that their dates allow",
    keys: [key(january), key(february)],
    slots: [slot(february), slot(january)],
    want: [[2, 1]],
  },
];

for (const { name, keys, slots, want } of cases) {
  test(name, async (t) => {
    const taken = readingsOf(keys, slots).map((reading) => reading.map(([, slot]) => slots.indexOf(slot) + 1));
    t.strictSame(taken, want);
  });
}

test("a reading is whole where no slot with anything in it is left over", async (t) => {
  const one = slot(january);
  const isWholeWith = (other: ReportSlot) => isWhole([[key(january), one]], [one, other]);
  t.equal(isWholeWith(empty), true);
  t.equal(isWholeWith(slot(january)), false);
  t.equal(isWholeWith(slot(january, false)), false);
  t.equal(isWholeWith(aSlot({ lastUsedAt: now })), false);
});

test("only an equal date under an equal flag is exact", async (t) => {
  t.equal(fitsExactly([key(january), slot(january)]), true);
  t.equal(fitsExactly([key(january, false), slot(january)]), false);
  t.equal(fitsExactly([key(january), slot(january + 1)]), false);
});

test("a slot is blank without flag, date and use", async (t) => {
  t.equal(isBlank(empty), true);
  t.equal(isBlank(slot(january, false)), false);
  t.equal(isBlank(slot(undefined)), false);
  t.equal(isBlank(aSlot({ lastUsedAt: now })), false);
});

import { test } from "tap";
import type { AccessKey, ReportRow, ReportSlot } from "../../lib/core/iam.ts";
import { days, seconds } from "../../lib/core/time.ts";
import { lastUses } from "../../lib/keycheck/last-use.ts";
import { aListedKey, aListedUser, aRow, aSlot, now } from "../support/keycheck-records.ts";

const january = now - days(60);
const february = now - days(30);
const used = now - days(3);
const usedToo = now - days(5);

interface Case {
  readonly name: string;
  readonly keys: readonly AccessKey[];
  readonly slots?: readonly [ReportSlot, ReportSlot];
  readonly row?: ReportRow | undefined;
  /** The last use of each key: an instant, `never`, or `unknown`. */
  readonly want: readonly (number | "never" | "unknown")[];
}

const key = (createdAt: number, active = true) => aListedKey({ id: `AKIA${createdAt}${active}`, createdAt, active });
const slot = (lastRotatedAt: number | undefined, lastUsedAt: number | undefined, active = true) =>
  aSlot({ active, lastRotatedAt, lastUsedAt });
const empty = aSlot();

const cases: readonly Case[] = [
  { name: "no keys, nothing to say", keys: [], slots: [empty, empty], want: [] },
  { name: "one key and its slot", keys: [key(january)], slots: [slot(january, used), empty], want: [used] },
  { name: "a key never used", keys: [key(january)], slots: [slot(january, undefined), empty], want: ["never"] },
  { name: "the second slot alone", keys: [key(january)], slots: [empty, slot(january, used)], want: [used] },
  {
    name: "two keys in the report's order",
    keys: [key(january), key(february)],
    slots: [slot(january, used), slot(february, usedToo)],
    want: [used, usedToo],
  },
  {
    name: "two keys against the report's order",
    keys: [key(january), key(february)],
    slots: [slot(february, usedToo), slot(january, used)],
    want: [used, usedToo],
  },
  {
    name: "a key changed since its creation still fits where no other reading does",
    keys: [key(january)],
    slots: [slot(february, used), empty],
    want: [used],
  },
  {
    name: "two keys, both changed later, fit either way",
    keys: [key(january), key(january + days(1))],
    slots: [slot(february, used), slot(february, usedToo)],
    want: ["unknown", "unknown"],
  },
  {
    name: "two keys of one second fit either way",
    keys: [key(january), aListedKey({ id: "AKIAOTHER", createdAt: january })],
    slots: [slot(january, used), slot(january, usedToo)],
    want: ["unknown", "unknown"],
  },
  {
    name: "the flags tell two keys of one second apart",
    keys: [key(january), key(january, false)],
    slots: [slot(january, used), slot(january, usedToo, false)],
    want: [used, usedToo],
  },
  {
    name: "a key switched off since the report was made",
    keys: [key(january, false)],
    slots: [slot(january, used), empty],
    want: ["unknown"],
  },
  {
    name: "an inactive key may have no date in the report",
    keys: [key(january, false), key(february)],
    slots: [slot(undefined, used, false), slot(february, usedToo)],
    want: [used, usedToo],
  },
  {
    name: "an inactive key's use tells its slot from an empty one",
    keys: [key(january, false)],
    slots: [slot(undefined, used, false), empty],
    want: [used],
  },
  {
    name: "an inactive key alone may or may not be a blank slot",
    keys: [key(january, false)],
    slots: [empty, empty],
    want: ["unknown"],
  },
  {
    name: "an inactive key is the blank slot where the other one is exactly the other key",
    keys: [key(january), key(february, false)],
    slots: [slot(january, used), empty],
    want: [used, "never"],
  },
  {
    name: "a blank slot tells nothing where the other one fits loosely",
    keys: [key(january), key(february, false)],
    slots: [slot(february, used), empty],
    want: [used, "unknown"],
  },
  {
    name: "a key switched off since the report was made does not hide the other one's use",
    keys: [key(january), key(february, false)],
    slots: [slot(january, used), slot(february, usedToo)],
    want: [used, "unknown"],
  },
  {
    name: "an active key always has a date in the report",
    keys: [key(january)],
    slots: [slot(undefined, used), empty],
    want: ["unknown"],
  },
  {
    name: "a slot last changed before the key was made is another key's",
    keys: [key(february)],
    slots: [slot(january, used), empty],
    want: ["unknown"],
  },
  {
    name: "a key deleted since does not hide the other",
    keys: [key(february)],
    slots: [slot(january, used), slot(february, usedToo)],
    want: [usedToo],
  },
  {
    name: "an equal date beats a later one",
    keys: [key(january)],
    slots: [slot(january, used), slot(february, usedToo)],
    want: [used],
  },
  {
    name: "a key switched on since the report was made is not the deleted one that was on",
    keys: [key(january)],
    slots: [slot(undefined, used, false), slot(february, usedToo)],
    want: ["unknown"],
  },
  {
    name: "a key made after the report is not in it",
    keys: [key(january), key(now)],
    slots: [slot(january, used), empty],
    want: [used, "unknown"],
  },
  {
    name: "a key made in the report's last second may be in it",
    keys: [key(now - seconds(60))],
    slots: [slot(now - seconds(60), undefined), empty],
    want: ["never"],
  },
  {
    name: "three keys: only equal dates count",
    keys: [key(january), key(february), key(february + days(1))],
    slots: [slot(january, used), slot(february + days(2), usedToo)],
    want: [used, "unknown", "unknown"],
  },
  {
    name: "three keys, two of one second: neither is told",
    keys: [key(january), aListedKey({ id: "AKIAOTHER", createdAt: january }), key(february)],
    slots: [slot(january, used), slot(february, usedToo)],
    want: ["unknown", "unknown", usedToo],
  },
  { name: "a user the report does not know", keys: [key(january)], row: undefined, want: ["unknown"] },
  {
    name: "a user of the same name made anew",
    keys: [key(january)],
    row: aRow({ createdAt: now - days(500), slots: [slot(january, used), empty] }),
    want: ["unknown"],
  },
  {
    name: "a user of the same name under another path",
    keys: [key(january)],
    row: aRow({ arn: "arn:aws:iam::123456789012:user/robots/ada", slots: [slot(january, used), empty] }),
    want: ["unknown"],
  },
];

for (const { name, keys, slots, want, ...given } of cases) {
  test(name, async (t) => {
    const row = "row" in given ? given.row : aRow(slots === undefined ? {} : { slots });
    const uses = lastUses({ user: aListedUser(), keys, row, generatedAt: now - seconds(60) });
    t.strictSame(
      uses.map((use) => (use.known ? (use.at ?? "never") : "unknown")),
      want,
    );
  });
}

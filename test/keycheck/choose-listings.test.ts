import { test } from "tap";
import type { AccessKey, CredentialReport, ReportRow, ReportSlot } from "../../lib/core/iam.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import {
  type Candidate,
  chooseByUsers,
  inOrder,
  judgeMemory,
  neverListed,
  type Reason,
} from "../../lib/keycheck/choose-listings.ts";
import type { UserMemory } from "../../lib/keycheck/memory.ts";
import { aListedKey, aListedUser, aMemory, aRow, aSlot, now } from "../support/keycheck-records.ts";

const january = now - days(60);
const february = now - days(30);
const reportedAt = now - hours(1);
const reportedBefore = now - hours(5);

const key = (createdAt: number, active = true, id = `AKIA${createdAt}`) => aListedKey({ id, createdAt, active });
const on = (lastRotatedAt: number) => aSlot({ active: true, lastRotatedAt });
const off = (lastRotatedAt?: number) => aSlot({ active: false, lastRotatedAt });
const empty = aSlot();

type Slots = readonly [ReportSlot, ReportSlot];

const reportOf = (rows: readonly ReportRow[], generatedAt = reportedAt): CredentialReport => ({
  generatedAt,
  rows: new Map(rows.map((row) => [row.user, row])),
  root: undefined,
});

const seenAt = (generatedAt: number, slots: Slots, additionalCredentials?: string) => ({
  generatedAt,
  row: { slots, additionalCredentials },
});

const remembered = (...memories: readonly UserMemory[]) => new Map(memories.map((memory) => [memory.name, memory]));

/** Everybody of the report, and everybody remembered. */
function chooseByReport(report: CredentialReport, memories: ReadonlyMap<string, UserMemory>, at: number) {
  const judged = [...memories.values()].map(
    (memory) => [memory.name, judgeMemory(memory, { report, now: at })] as const,
  );
  return {
    candidates: [
      ...neverListed(report, new Set(memories.keys())),
      ...judged.flatMap(([, candidate]) => candidate ?? []),
    ],
    gone: judged.flatMap(([name, candidate]) => (candidate === undefined ? [name] : [])),
  };
}

interface Case {
  readonly name: string;
  readonly keys: readonly AccessKey[];
  readonly slots: Slots;
  /** What the report said when the keys were listed: of this report's predecessor, unless the case says otherwise. */
  readonly seen?: UserMemory["sighting"];
  readonly row?: Partial<ReportRow>;
  readonly want: Reason | "unclear" | undefined;
}

/** Of a user listed a day ago: `unclear` are keys that are listed again for their age, though known for a day only. */
const cases: readonly Case[] = [
  { name: "a user without keys", keys: [], slots: [empty, empty], want: undefined },
  { name: "a key in the slot of its date", keys: [key(january)], slots: [on(january), empty], want: undefined },
  { name: "a first key since", keys: [], slots: [on(february), empty], want: "changed" },
  { name: "a second key since", keys: [key(january)], slots: [on(january), on(february)], want: "changed" },
  { name: "the only key deleted since", keys: [key(january)], slots: [empty, empty], want: "changed" },
  {
    name: "one of two keys deleted since",
    keys: [key(january), key(february)],
    slots: [on(february), empty],
    seen: seenAt(reportedBefore, [on(january), on(february)]),
    want: "changed",
  },
  { name: "a key made in place of another", keys: [key(january)], slots: [on(february), empty], want: "changed" },
  {
    name: "a key made in place of another, where the report of then knew neither",
    keys: [key(january)],
    slots: [on(february), empty],
    seen: seenAt(reportedBefore, [empty, empty]),
    want: "changed",
  },
  { name: "a key switched off since", keys: [key(january)], slots: [off(january), empty], want: "changed" },
  { name: "a key switched on since", keys: [key(january, false)], slots: [on(january), empty], want: "changed" },
  { name: "a key switched off, its date gone", keys: [key(january)], slots: [off(), empty], want: "changed" },
  {
    name: "a key that was off when it was listed and is on again as the report of then says",
    keys: [key(january, false)],
    slots: [on(january), empty],
    seen: seenAt(reportedBefore, [on(january), empty]),
    want: "changed",
  },
  {
    name: "a key whose date had moved by then, and stands since",
    keys: [key(january)],
    slots: [on(february), empty],
    seen: seenAt(reportedBefore, [on(february), empty]),
    want: undefined,
  },
  {
    name: "a key whose date has moved since",
    keys: [key(january)],
    slots: [on(february), empty],
    seen: seenAt(reportedBefore, [on(january), empty]),
    want: "changed",
  },
  {
    name: "dates that moved, in the other order of slots",
    keys: [key(january), key(january + 1)],
    slots: [on(february), on(february + 1)],
    seen: seenAt(reportedBefore, [on(february + 1), on(february)]),
    want: "changed",
  },
  { name: "an inactive key with its date", keys: [key(january, false)], slots: [off(january), empty], want: undefined },
  {
    name: "an inactive key beside an active one, both with their dates",
    keys: [key(february), key(january, false)],
    slots: [off(january), on(february)],
    want: undefined,
  },
  {
    name: "an inactive key deleted since",
    keys: [key(january, false)],
    slots: [empty, off(february)],
    want: "changed",
  },
  {
    name: "an inactive key without a date, as far as it is known",
    keys: [key(january, false)],
    slots: [off(), empty],
    seen: seenAt(reportedBefore, [off(), empty]),
    want: "unclear",
  },
  {
    name: "an inactive key that the report shows by its use alone",
    keys: [key(january, false)],
    slots: [aSlot({ lastUsedAt: february }), empty],
    seen: seenAt(reportedBefore, [off(), empty]),
    want: "unclear",
  },
  {
    name: "an inactive key without a date that no report of then confirms",
    keys: [key(january, false)],
    slots: [off(), empty],
    want: "changed",
  },
  {
    name: "two keys of one second, both on",
    keys: [key(january, true, "AKIA1"), key(january, true, "AKIA2")],
    slots: [on(january), on(january)],
    want: undefined,
  },
  {
    name: "two keys of one second may have changed places",
    keys: [key(january, true, "AKIA1"), key(january, false, "AKIA2")],
    slots: [on(january), off(january)],
    want: "unclear",
  },
  {
    name: "a third key, which the report does not show",
    keys: [key(january), key(february), key(now - days(9))],
    slots: [on(january), on(february)],
    seen: seenAt(reportedBefore, [on(january), on(february)], "1 additional"),
    row: { additionalCredentials: "1 additional" },
    want: "unclear",
  },
  {
    name: "a third key where the report has no word for it",
    keys: [key(january), key(february), key(now - days(9))],
    slots: [on(january), on(february)],
    seen: seenAt(reportedBefore, [on(january), on(february)]),
    want: "unclear",
  },
  {
    name: "a third key since",
    keys: [key(january), key(february)],
    slots: [on(january), on(february)],
    seen: seenAt(reportedBefore, [on(january), on(february)]),
    row: { additionalCredentials: "1 additional" },
    want: "changed",
  },
  {
    name: "a fourth key since",
    keys: [key(january), key(february), key(now - days(9))],
    slots: [on(january), on(february)],
    seen: seenAt(reportedBefore, [on(january), on(february)], "1 additional"),
    row: { additionalCredentials: "2 additional" },
    want: "changed",
  },
  {
    name: "a third key gone since",
    keys: [key(january), key(february), key(now - days(9))],
    slots: [on(january), on(february)],
    seen: seenAt(reportedBefore, [on(january), on(february)], "1 additional"),
    want: "changed",
  },
  {
    name: "a user made anew under the same name",
    keys: [key(january)],
    slots: [on(january), empty],
    row: { createdAt: now - days(2) },
    want: "never",
  },
  {
    name: "a user made anew under another path",
    keys: [key(january)],
    slots: [on(january), empty],
    row: { arn: "arn:aws:iam::123456789012:user/robots/ada" },
    want: "never",
  },
  {
    name: "a user whose creation the report does not tell",
    keys: [key(january)],
    slots: [on(january), empty],
    row: { createdAt: undefined },
    want: "never",
  },
  {
    name: "a change that was known when its keys were listed after the same report",
    keys: [key(february)],
    slots: [on(january), empty],
    seen: seenAt(reportedAt, [on(january), empty]),
    want: "unclear",
  },
  {
    name: "a change against a report older than the one of the listing",
    keys: [key(february)],
    slots: [on(january), empty],
    seen: seenAt(reportedAt + 1, [on(february), empty]),
    want: "unclear",
  },
];

for (const { name, keys, slots, seen, row, want } of cases) {
  test(name, async (t) => {
    const judge = (listedAt: number) => {
      const memories = remembered(aMemory({ keys, sighting: seen, listedAt }));
      const report = reportOf([aRow({ slots, ...row })]);
      const [candidate, ...others] = chooseByReport(report, memories, now).candidates;
      t.equal(others.length, 0);
      return candidate;
    };
    const candidate = judge(now - minutes(10));
    t.equal(candidate?.reason, want === "unclear" ? undefined : want);
    t.equal(judge(now - days(1))?.reason, want === "unclear" ? "old" : want);
    t.strictSame(candidate?.known?.keys, want === "never" ? undefined : keys);
    t.strictSame(candidate?.sighting?.generatedAt, reportedAt);
    t.strictSame(candidate?.sighting?.row?.slots, slots);
  });
}

test("a report that agrees confirms keys as of then", async (t) => {
  const confirmedAt = (slots: Slots, listedAt: number) =>
    chooseByReport(
      reportOf([aRow({ slots })]),
      remembered(aMemory({ keys: [key(january)], listedAt, sighting: seenAt(reportedBefore, slots) })),
      now,
    ).candidates[0]?.known?.confirmedAt;
  t.equal(confirmedAt([on(january), empty], now - days(1)), reportedAt);
  t.equal(confirmedAt([on(january), empty], now - minutes(10)), now - minutes(10), "if the listing is not newer");
  t.equal(confirmedAt([off(january), empty], now - days(1)), now - days(1), "and does not if it differs");
});

test("a user that was never listed", async (t) => {
  const { candidates, gone } = chooseByReport(reportOf([aRow({ user: "bob" })]), remembered(aMemory()), now);
  t.match(candidates[0], { user: { name: "bob" }, known: undefined, reason: "never" });
  t.strictSame(gone, []);
});

const unreported = [
  { name: "a user gone since an earlier report", seen: { generatedAt: reportedBefore, row: undefined }, want: "gone" },
  { name: "one that this report never had", seen: { generatedAt: reportedAt, row: undefined }, want: undefined },
  { name: "one of a later report", seen: { generatedAt: reportedAt + 1, row: undefined }, want: undefined },
  { name: "one listed when there was no report", seen: undefined, want: "changed" },
] as const;

for (const { name, seen, want } of unreported) {
  test(`not in the report: ${name}`, async (t) => {
    const memories = remembered(aMemory({ sighting: seen, listedAt: now - minutes(10) }));
    const { candidates, gone } = chooseByReport(reportOf([]), memories, now);
    t.strictSame(gone, want === "gone" ? ["ada"] : []);
    t.strictSame(
      candidates.map(({ user, reason, known }) => [user.name, reason, known?.confirmedAt]),
      want === "gone" ? [] : [["ada", want, now - minutes(10)]],
    );
    if (want !== "gone") t.strictSame(candidates[0]?.sighting, { generatedAt: reportedAt, row: undefined });
  });
}

test("whom IAM lists is listed anew, those never listed as such", async (t) => {
  const memories = remembered(aMemory(), aMemory({ name: "eve" }), aMemory({ name: "zoe" }));
  const users = [aListedUser(), aListedUser({ name: "bob" }), aListedUser({ name: "eve", createdAt: now - days(2) })];
  const plain = ({ user, reason, known }: Candidate) => [user.name, reason, known?.confirmedAt];
  const listed = [
    ["ada", "old", now - days(1)],
    ["bob", "never", undefined],
    ["eve", "never", undefined],
  ];
  const whole = chooseByUsers({ users, isWhole: true }, memories);
  t.strictSame([whole.candidates.map(plain), whole.gone], [listed, ["zoe"]]);
  const broken = chooseByUsers({ users, isWhole: false }, memories);
  t.strictSame([broken.candidates.map(plain), broken.gone], [[...listed, ["zoe", "old", now - days(1)]], []]);
  t.ok(
    whole.candidates.every(({ sighting }) => sighting === undefined),
    "no report is known to be older",
  );
});

test("the never listed come first, then the changed, the due, and the rest; of equals those listed longest ago", async (t) => {
  const candidate = (name: string, reason: Reason | undefined, listedAt?: number): Candidate => ({
    user: aListedUser({ name }),
    known: listedAt === undefined ? undefined : { keys: [], listedAt, confirmedAt: listedAt },
    reason,
    sighting: undefined,
  });
  const candidates = [
    candidate("old", "old", 20),
    candidate("settled", undefined, 1),
    candidate("older", "old", 10),
    candidate("due", "due", 30),
    candidate("changed", "changed", 40),
    candidate("never", "never"),
    candidate("never either", "never"),
  ];
  t.strictSame(
    inOrder(candidates).map(({ user }) => user.name),
    ["never", "never either", "changed", "due", "older", "old"],
  );
});

const many = Array.from({ length: 5000 }, (_, index) => `user-${String(index).padStart(6, "0")}`);

/** How many of many users, all listed at once, fall due by some later time, in permille. */
const dueAfter = (age: number, slots: Slots, keys: readonly AccessKey[]): number => {
  const memories = many.map((name) =>
    aMemory({ name, keys, listedAt: now - age, sighting: seenAt(reportedBefore, slots) }),
  );
  const report = reportOf(many.map((user) => aRow({ user, slots })));
  const { candidates } = chooseByReport(report, remembered(...memories), now);
  return Math.round(candidates.filter(({ reason }) => reason === "old").length / 5);
};

const lifetimes = [
  { name: "keys that the report confirms", slots: [on(january), empty], keys: [key(january)], longest: days(7) },
  { name: "keys that it leaves unclear", slots: [empty, empty], keys: [key(january, false)], longest: hours(4) },
] as const;

for (const { name, slots, keys, longest } of lifetimes) {
  test(`${name} hold for ${longest / hours(1)} h at most, and fall due spread over the second half`, async (t) => {
    t.equal(dueAfter(longest / 2 - 1, slots, keys), 0);
    for (const tenth of [1, 3, 5, 7, 9]) {
      const due = dueAfter((longest / 2) * (1 + tenth / 10), slots, keys);
      t.ok(Math.abs(due - tenth * 100) < 30, `${due} permille are due after ${tenth} tenths`);
    }
    t.equal(dueAfter(longest, slots, keys), 1000);
  });
}

test("a listing of a day to come is not believed", async (t) => {
  const slots = [on(january), empty] as const;
  t.equal(dueAfter(-days(1), slots, [key(january)]), 0);
  t.equal(dueAfter(-days(1) - 1, slots, [key(january)]), 1000);
});

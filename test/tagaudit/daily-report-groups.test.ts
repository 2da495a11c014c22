import fc from "fast-check";
import { test } from "tap";
import { type Groupable, groupByOwner } from "../../lib/tagaudit/daily-report-groups.ts";

const anEntry = (entry: Partial<Groupable> = {}): Groupable => ({
  ...{ region: "eu-west-1", instanceId: "i-1", owner: "ada", since: 100 },
  nextStep: { kind: "stop", at: 1000 },
  ...entry,
});

const wide = { owners: 10, instances: 10 };

/** The later of two comes first by what the name says. */
const orders = [
  { name: "a nearer step", first: anEntry({ nextStep: { kind: "stop", at: 999 }, owner: "zoe" }) },
  { name: "an older violation", first: anEntry({ since: 99, owner: "zoe" }) },
  { name: "an owner's name that sorts before", first: anEntry({ owner: "abe" }) },
  { name: "no owner at all", first: anEntry({ owner: undefined }) },
  { name: "a region that sorts before", first: anEntry({ region: "ap-south-1" }) },
  { name: "an id that sorts before", first: anEntry({ instanceId: "i-0" }) },
  {
    name: "a step whose day is not known before none",
    first: anEntry({ nextStep: { kind: "stop", at: undefined }, owner: "zoe" }),
    second: anEntry({ nextStep: { kind: "none", at: undefined } }),
  },
  {
    name: "a step with a day before one without",
    first: anEntry({ owner: "zoe" }),
    second: anEntry({ nextStep: { kind: "stop", at: undefined } }),
  },
];

for (const { name, first, second = anEntry() } of orders) {
  test(`${name} comes first`, async (t) => {
    for (const entries of [
      [first, second],
      [second, first],
    ]) {
      const { shown } = groupByOwner(entries, wide);
      t.strictSame(
        shown.flatMap((group) => group.entries),
        [first, second],
      );
    }
  });
}

test("two that are alike in all stay as they are", async (t) =>
  t.strictSame(groupByOwner([anEntry(), anEntry()], wide).shown[0]?.entries, [anEntry(), anEntry()]));

test("an owner stands where the most urgent instance does, with all others behind it", async (t) => {
  const urgent = anEntry({ owner: "zoe", nextStep: { kind: "terminate", at: 1 } });
  const calm = anEntry({ owner: "zoe", nextStep: { kind: "none", at: undefined } });
  t.strictSame(groupByOwner([anEntry(), calm, urgent], wide), {
    shown: [
      { owner: "zoe", entries: [urgent, calm], hidden: 0 },
      { owner: "ada", entries: [anEntry()], hidden: 0 },
    ],
    hidden: { instances: 0, owners: 0 },
  });
});

test("nothing is lost or shown twice, and the order of the entries says nothing", async () => {
  const entry = fc.record({
    region: fc.constantFrom("a", "b"),
    instanceId: fc.uuid(),
    owner: fc.constantFrom("x", "y", "z", undefined),
    since: fc.integer({ min: 0, max: 3 }),
    nextStep: fc.record({ kind: fc.constantFrom("stop", "none"), at: fc.constantFrom(1, 2, undefined) }),
  });
  const limits = fc.record({ owners: fc.integer({ min: 0, max: 5 }), instances: fc.integer({ min: 0, max: 12 }) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 15 }), limits, (entries, { owners, instances }) => {
      const grouped = groupByOwner(entries, { owners, instances });
      const shown = grouped.shown.flatMap((group) => group.entries);
      const ids = new Set(shown.map(({ instanceId }) => instanceId));
      const backwards = groupByOwner(entries.toReversed(), { owners, instances });
      const everybody = new Set(entries.map(({ owner }) => owner)).size;
      return (
        ids.size === shown.length &&
        shown.length + grouped.hidden.instances === entries.length &&
        grouped.shown.length + grouped.hidden.owners === everybody &&
        grouped.shown.length <= owners &&
        shown.length <= instances &&
        JSON.stringify(backwards) === JSON.stringify(grouped)
      );
    }),
  );
});

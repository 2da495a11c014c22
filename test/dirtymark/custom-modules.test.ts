import { test } from "tap";
import { applyFilters, type CustomFilter, type ModuleEvent, tellAuditors } from "../../lib/dirtymark/custom-modules.ts";
import type { HostEvent, Level } from "../../lib/host-events/event.ts";
import { type Mark, newMark } from "../../lib/marks/mark.ts";

const name = { accountId: "111122223333", region: "eu-west-1", instanceId: "i-0123456789abcdef0" };

const event: HostEvent = {
  ...{ ...name, name: "ssh", source: "host", id: undefined, at: 0, principal: "ada", address: undefined },
};

const marked = (level: Level, annotations = {}) => ({ is: "marked", level, annotations }) as const;
const judged = { event, judgement: marked("high", { old: "1" }) };

const filtersOf = (calls: readonly ((given: ModuleEvent) => unknown)[]): readonly CustomFilter[] =>
  calls.map((filter, index) => ({ path: `f${index}.mjs`, filter }));

const fail = () => {
  throw new Error("no\nway");
};

interface Case {
  readonly name: string;
  readonly filters: readonly ((given: ModuleEvent) => unknown)[];
  readonly want: object;
  readonly said?: readonly string[];
}

const cases: readonly Case[] = [
  { name: "no filter changes nothing", filters: [], want: marked("high", { old: "1" }) },
  { name: "no answer changes nothing", filters: [() => undefined], want: marked("high", { old: "1" }) },
  { name: "a level is set", filters: [() => ({ level: "low" })], want: marked("low", { old: "1" }) },
  {
    name: "notes are added and changed",
    filters: [async () => ({ annotate: { a: "b", old: "2" } })],
    want: marked("high", { a: "b", old: "2" }),
  },
  {
    name: "a later one sees what an earlier one has set, and may set it again",
    filters: [
      () => ({ level: "low", annotate: { a: "1" } }),
      ({ level, annotations, instanceId }) => ({ annotate: { a: `${level} ${annotations.a} ${instanceId}` } }),
    ],
    want: marked("low", { old: "1", a: "low 1 i-0123456789abcdef0" }),
  },
  {
    name: "a drop ends it",
    filters: [() => ({ drop: true }), fail],
    want: { is: "dropped", by: "filter", rule: "f0.mjs" },
  },
  {
    name: "a copy is all that can be changed",
    filters: [
      (given) => {
        Object.assign(given, { instanceId: "i-9bb89e2b", level: "low" });
        Object.assign(given.annotations, { old: "2" });
      },
    ],
    want: marked("high", { old: "1" }),
  },
  {
    name: "one that throws marks as the gravest, and no later one is asked",
    filters: [() => ({ level: "low", annotate: { a: "b" } }), fail, () => ({ drop: true })],
    want: marked("critical", { old: "1", a: "b" }),
    said: ['module "f1.mjs": no way'],
  },
  {
    name: "one that rejects marks as the gravest",
    filters: [() => Promise.reject(new Error("later"))],
    want: marked("critical", { old: "1" }),
    said: ['module "f0.mjs": later'],
  },
  {
    name: "one that answers nonsense marks as the gravest",
    filters: [() => ({ drop: "yes" })],
    want: marked("critical", { old: "1" }),
    said: ['module "f0.mjs": its "drop" is not true or false'],
  },
];

for (const { name: rule, filters, want, said = [] } of cases) {
  test(rule, async (t) => {
    const told: string[] = [];
    const answer = await applyFilters({ filters: filtersOf(filters) }, judged, { warn: (line) => told.push(line) });
    t.strictSame(answer, want);
    t.strictSame(told, said);
    t.equal(event.instanceId, name.instanceId);
  });
}

test("a filter that fails for every event is told of once, until it has answered again", async (t) => {
  const told: string[] = [];
  let fails = true;
  const filters = filtersOf([() => (fails ? fail() : undefined)]);
  const apply = () => applyFilters({ filters }, judged, { warn: (line) => told.push(line) });
  for (let event = 0; event < 5; event += 1) await apply();
  t.equal(told.length, 1);
  fails = false;
  await apply();
  fails = true;
  await apply();
  t.equal(told.length, 2);
});

test("every auditor is told of a mark, in a copy, whatever another does", async (t) => {
  const [marks, told]: [Mark[], string[]] = [[], []];
  const auditors = [
    { path: "a0.mjs", audited: fail },
    {
      path: "a1.mjs",
      audited: (mark: Mark) => {
        marks.push(structuredClone(mark));
        Object.assign(mark, { accountId: "changed" });
      },
    },
    { path: "a2.mjs", audited: async (mark: Mark) => marks.push(mark) },
  ];
  const mark = newMark(name);
  await tellAuditors({ auditors }, mark, { warn: (line) => told.push(line) });
  t.strictSame(marks, [mark, mark]);
  t.equal(mark.accountId, name.accountId);
  t.strictSame(told, ['module "a0.mjs": no way']);
});

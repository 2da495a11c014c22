import { test } from "tap";
import { type Acting, type Acts, actOnAccount, type Plan } from "../../lib/act/act-on-account.ts";
import type { PlannedAction } from "../../lib/act/action.ts";
import { alwaysOpen } from "../../lib/act/calendar.ts";
import type { Exemption } from "../../lib/act/exemptions.ts";
import type { ActionKind } from "../../lib/act/kind.ts";
import { pause } from "../../lib/act/pause.ts";
import { addExemption } from "../../lib/act/stored-exemptions.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import { days, hours, minutes, seconds } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { anAction } from "../support/an-intent.ts";

const start = Date.UTC(2026, 2, 1, 12);
const account = { program: "keycheck", accountId: "123456789012" } as const;

const disable = (subject: string, action: Partial<PlannedAction> = {}): PlannedAction =>
  anAction({
    ...{ kind: "disable", class: "reversible", subject, names: [subject], cap: "disables" },
    telling: { deliveredAt: start - days(20), atLeast: days(14) },
    ...action,
  });

const anExemption = (names: string): Exemption => ({ names, reason: "r", owner: "o", until: start + days(9) });

interface Run {
  readonly actions?: readonly PlannedAction[];
  readonly plan?: Partial<Plan>;
  readonly acting?: Partial<Omit<Acting, "circumstances">>;
  readonly circumstances?: Partial<Acting["circumstances"]>;
  readonly kind?: Partial<ActionKind>;
}

function openPlace() {
  const clock = { now: start };
  const store = openMemoryStore({ now: () => clock.now });
  const done: string[] = [];
  const act = ({ actions = [disable("ada")], plan, acting, circumstances, kind }: Run = {}) => {
    const doing: ActionKind = {
      name: "disable",
      stand: async () => ({ is: "due", before: {} }),
      async write({ action }) {
        done.push(action.subject);
        return {};
      },
      confirm: async () => ({ is: "done", after: {} }),
      ...kind,
    };
    return actOnAccount({
      ...{ ...account, store, who: "tester", holder: { token: "a", host: "test", pid: 1 } },
      ...{ clock: () => clock.now, clockOffset: () => 0, leaseLength: seconds(10), stop: new AbortController().signal },
      circumstances: {
        ...{ mode: "commit", actOnAccounts: [account.accountId], calendar: undefined, exemptions: [] },
        ...{ ownLegs: new Set(), protected: [], maxEvidenceAge: hours(24), overridePlan: undefined },
        ...circumstances,
      },
      kinds: () => new Map([["disable", doing]]),
      plan: async () => ({
        ...{ actions, coverage: wholeCoverage, fleet: { subjects: 100, due: 1 }, limits: { disables: 9 } },
        ...plan,
      }),
      ...acting,
    });
  };
  return { clock, store, done, act };
}

const refusalsOf = (acts: Acts | undefined) => acts?.refusals.map(({ action, gate }) => `${action.subject} ${gate}`);

test("an exemption given while the account was scanned counts, beside those of the settings", async (t) => {
  const { store, act, done } = openPlace();
  await addExemption(store, "keycheck", anExemption("ada"));
  const acts = await act({
    actions: ["ada", "bob", "eve"].map((subject) => disable(subject)),
    circumstances: { exemptions: [anExemption("bob")] },
  });
  t.strictSame([refusalsOf(acts), done], [["ada exempt", "bob exempt"], ["eve"]]);
});

type Place = ReturnType<typeof openPlace>;

interface Change {
  readonly name: string;
  /** While the first action is carried out. */
  readonly happens: (place: Place) => Promise<unknown>;
  readonly gate: string;
}

const changes: readonly Change[] = [
  {
    name: "an exemption is given",
    happens: ({ store }) => addExemption(store, "keycheck", anExemption("B*")),
    gate: "exempt",
  },
  {
    name: "the kill switch is pulled",
    happens: ({ store }) => pause(store, { program: undefined }, { reason: "r", by: "b", at: start, until: undefined }),
    gate: "paused",
  },
  {
    name: "the calendar closes",
    async happens({ clock }) {
      clock.now += minutes(30);
    },
    gate: "calendar",
  },
];

for (const { name, happens, gate } of changes) {
  test(`between two actions ${name}: the second one is not begun`, async (t) => {
    const place = openPlace();
    const acts = await place.act({
      actions: [disable("ada"), disable("bob")],
      circumstances: { calendar: { ...alwaysOpen, hours: { from: 0, to: 12 * 60 + 15 } } },
      kind: {
        async write({ action }) {
          place.done.push(action.subject);
          await happens(place);
          return {};
        },
      },
      acting: { leaseLength: hours(1) },
    });
    t.strictSame([refusalsOf(acts), place.done], [[`bob ${gate}`], ["ada"]]);
  });
}

test("a clock that AWS contradicts disables nothing, and neither does one that goes wrong meanwhile", async (t) => {
  const place = openPlace();
  const offset = { now: -days(15) };
  const acting = { clockOffset: () => offset.now };
  t.strictSame(refusalsOf(await place.act({ acting })), ["ada clock"]);
  offset.now = 0;
  const acts = await place.act({
    actions: [disable("ada"), disable("bob")],
    acting,
    kind: {
      async write({ action }) {
        place.done.push(action.subject);
        offset.now = days(1);
        return {};
      },
    },
  });
  t.strictSame([refusalsOf(acts), place.done], [["bob clock"], ["ada"]]);
});

const untold = disable("ada", { telling: { deliveredAt: undefined, atLeast: days(14) } });

test("a sudden rise stays in doubt, though an earlier gate has refused what would be done about it", async (t) => {
  const { act } = openPlace();
  const due = (count: number) => ({ plan: { fleet: { subjects: 100, due: count } } });
  await act({ ...due(5), actions: [] });
  t.strictSame(refusalsOf(await act({ ...due(45), actions: [untold] })), ["ada told"]);
  t.strictSame(refusalsOf(await act({ ...due(45), actions: [], circumstances: { mode: "notify" } })), []);
  const doubted = await act(due(45));
  t.strictSame(refusalsOf(doubted), ["ada fleet"]);
  const overridePlan = doubted?.planHash;
  t.strictSame(refusalsOf(await act({ ...due(45), circumstances: { overridePlan } })), [], "until somebody means it");
  t.strictSame(refusalsOf(await act({ ...due(45), actions: [disable("bob")] })), [], "and from then on");
});

test("what is refused in every run, just before it is done, does not keep others from their turn", async (t) => {
  const { act, done } = openPlace();
  const acts = await act({
    actions: ["ada", "bob", "eve"].map((subject) => disable(subject)),
    plan: { limits: { disables: 1 } },
    kind: {
      stand: async ({ subject }) =>
        subject === "ada" ? { is: "refused", gate: "told", says: "somebody else's" } : { is: "due", before: {} },
    },
  });
  t.strictSame([done, refusalsOf(acts)], [["bob"], ["eve cap", "ada told"]]);
  t.match(acts, { planned: 3, permitted: 2, outcomes: [{ action: { subject: "bob" } }] });
});

test("a plan is told whether the lease is held", async (t) => {
  const { act } = openPlace();
  let isHeld: boolean | undefined;
  await act({
    acting: {
      async plan(_journal, lease) {
        isHeld = lease.isHeld();
        return { actions: [], coverage: wholeCoverage, fleet: { subjects: 0, due: 0 }, limits: {} };
      },
    },
  });
  t.equal(isHeld, true);
});

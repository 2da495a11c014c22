import fc from "fast-check";
import { test } from "tap";
import { actionId, type PlannedAction } from "../../lib/act/action.ts";
import { alwaysOpen } from "../../lib/act/calendar.ts";
import { decide, isPermit, judge, type Permit } from "../../lib/act/decide.ts";
import type { GateContext } from "../../lib/act/gates.ts";
import { matchesGlob } from "../../lib/core/glob.ts";
import { minutes } from "../../lib/core/time.ts";
import { anAction, anOpenContext } from "../support/an-intent.ts";
import { anExemption, aPause, hostileScenes, type Scene, soundScenes } from "./hostile-plans.ts";

const allowedBy = (gate: { readonly mode: GateContext["mode"] }) => anOpenContext(gate);
const subjectsOf = (permits: readonly Permit[]) => permits.map(({ action }) => action.subject);

const notice = (subject: string, action: Partial<PlannedAction> = {}) =>
  anAction({ subject, cap: "notices", ...action });

test("a cap lets those through who were never told, then the others in their order", async (t) => {
  const actions = [
    notice("a"),
    notice("b", { isFirst: true }),
    notice("c"),
    notice("d", { isFirst: true }),
    notice("e"),
  ];
  const { permits, refusals } = decide(actions, anOpenContext({ caps: { notices: { limit: 4, spent: 1 } } }));
  t.strictSame(subjectsOf(permits), ["b", "d", "a"]);
  t.strictSame(
    refusals.map(({ action, gate, says }) => [action.subject, gate, says]),
    ["c", "e"].map((subject) => [subject, "cap", 'cap "notices" allows 4 in 24 h: 1 spent, 3 granted in this run']),
  );
});

test("what is refused takes no place under a cap, nor does what has another", async (t) => {
  const actions = [notice("exempt", { names: ["eve"] }), notice("a", { cap: "tickets" }), notice("b"), notice("c")];
  const { permits } = decide(
    actions,
    anOpenContext({
      exemptions: [{ ...anExemption, names: "eve" }],
      caps: { notices: { limit: 1, spent: 0 }, tickets: { limit: 1, spent: 0 } },
    }),
  );
  t.strictSame(subjectsOf(permits), ["a", "b"]);
});

test("what no cap binds takes no place under the one it names", async (t) => {
  const undo = anAction({ class: "restoring", subject: "undo", cap: "notices", isFirst: true });
  const { permits } = decide([undo, notice("a")], anOpenContext({ caps: { notices: { limit: 1, spent: 0 } } }));
  t.strictSame(subjectsOf(permits), ["undo", "a"]);
});

test("only gates that bind its class are asked about an action", async (t) => {
  const mark = anAction({ class: "mark", kind: "mark", names: [], evidenceAt: 0, cap: "unheard-of" });
  const context = anOpenContext({ coverage: { missing: [], missingTotal: 7, subjectsMissing: true } });
  t.equal(decide([mark], context).permits.length, 1);
  t.strictSame(
    decide([{ ...mark, class: "notice" }], context).refusals.map(({ gate }) => gate),
    ["exempt"],
  );
});

test("a refusal never shows a whole access key id", async (t) => {
  const { refusals } = decide(
    [anAction({ names: ["AKIAIOSFODNN7EXAMPLE"], class: "reversible" })],
    anOpenContext({ protected: ["AKIAIOSFODNN7EXAMPLE"] }),
  );
  t.equal(refusals[0]?.says, 'protected has "...AMPLE"');
});

test("nothing planned is nothing decided", async (t) => {
  t.strictSame(decide([], anOpenContext()), { permits: [], spares: [], refusals: [] });
});

test("what its cap alone refuses is spare, in the order in which it is due", async (t) => {
  const names = (permits: readonly Permit[]) => permits.map(({ action }) => action.subject);
  const due = ["a", "b", "c", "d", "e"].map((subject) =>
    anAction({ subject, cap: "notices", isFirst: subject === "e" }),
  );
  const stale = anAction({ subject: "stale", cap: "notices", evidenceAt: 0 });
  const unlimited = anAction({ subject: "unlimited", class: "reversible" });
  const { permits, spares, refusals } = decide(
    [...due, stale, unlimited],
    anOpenContext({ caps: { notices: { limit: 3, spent: 1 } } }),
  );
  t.strictSame(
    [names(permits), names(spares)],
    [
      ["e", "a"],
      ["b", "c", "d"],
    ],
  );
  t.equal(refusals.length, 5);
});

test("only what decide made is a permit at run time, too", async (t) => {
  const [permit] = decide([anAction()], allowedBy({ mode: "commit" })).permits;
  if (permit === undefined) return t.fail("no permit");
  t.ok(isPermit(permit));
  const copies = [{ ...permit }, structuredClone(permit), Object.create(permit), JSON.parse(JSON.stringify(permit))];
  for (const copy of copies) t.notOk(isPermit(copy));
});

test("gates that are judged by alone allow, and permit nothing", async (t) => {
  const { allowed, refusals } = judge([anAction()], allowedBy({ mode: "observe" }), []);
  t.strictSame([allowed, refusals], [[anAction()], []]);
  for (const action of allowed) t.notOk(isPermit(Object.assign(Object.create(null), { action })));
});

/** What must hold of whatever is permitted, said once more and the other way round. */
const safe: Readonly<Record<string, (action: PlannedAction, context: GateContext) => boolean>> = {
  "never in observe": (_action, { mode }) => mode !== "observe",
  "a change only in commit": ({ class: actionClass }, { mode }) => actionClass === "notice" || mode === "commit",
  "only in the account that STS answers and act_on_accounts names": ({ accountId }, context) =>
    accountId === context.accountId && context.actOnAccounts.includes(accountId),
  "never on incomplete evidence": (action, { coverage }) => !isJudged(action) || coverage.missingTotal === 0,
  "never on evidence that is stale or of no time": (action, { now, maxEvidenceAge }) =>
    !isJudged(action) || (now - action.evidenceAt <= maxEvidenceAge && action.evidenceAt - now <= minutes(1)),
  "never on an exempt subject": (action, { exemptions, now }) =>
    !isJudged(action) ||
    !exemptions.some(({ names, until }) => now < until && action.names.some((name) => matchesGlob(names, name))),
  "never on a protected subject": (action, { protected: globs }) =>
    !isHarmful(action) || !globs.some((glob) => action.names.some((name) => matchesGlob(glob, name))),
  "never on our own leg": (action, { ownLegs }) => !isHarmful(action) || !action.legs.some((leg) => ownLegs.has(leg)),
  "never while paused, unless a person restores": (action, { pause, now }) =>
    action.class === "restoring" || pause === undefined || (pause.until ?? Number.POSITIVE_INFINITY) <= now,
  "never in a closed calendar": (action, { calendar }) => !isJudged(action) || (calendar?.freeze.length ?? 0) === 0,
  "never before its time, unless a person restores": (action, { now }) =>
    action.class === "restoring" || now >= action.notBefore,
  "never the most of a fleet, unless that very plan is meant": (action, { fleet, planHash, overridePlan }) =>
    !isHarmful(action) || overridePlan === planHash || fleet.subjects < 20 || fleet.due <= fleet.subjects / 2,
  "never irreversibly on whom nobody told": ({ class: actionClass, telling }, { now }) =>
    actionClass !== "irreversible" || now - (telling?.deliveredAt ?? Number.NaN) >= (telling?.atLeast ?? Number.NaN),
  "never harmfully by a clock gone wrong": (action, { clockOffset = 0 }) =>
    !isHarmful(action) || (clockOffset >= -minutes(5) && clockOffset <= minutes(5)),
  "never harmfully where a canary was missed": (action, { canary }) =>
    !isHarmful(action) ||
    canary === undefined ||
    (canary.seen.length > 0 && canary.wanted.every((place) => canary.seen.includes(place))),
  "never harmfully without a cap": (action, { caps }) => !isHarmful(action) || Object.hasOwn(caps, action.cap ?? ""),
};

const isHarmful = ({ class: actionClass }: PlannedAction): boolean => /reversible/.test(actionClass);
const isJudged = (action: PlannedAction): boolean => action.class === "notice" || isHarmful(action);

const runs = { numRuns: 1000 };

test("whatever is planned and judged by, a permit is safe", async (t) => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(hostileScenes, ({ actions, context }) => {
      const { permits, refusals } = decide(actions, context);
      for (const { action } of permits) {
        seen.set(action.class, (seen.get(action.class) ?? 0) + 1);
        for (const [name, holds] of Object.entries(safe))
          if (!holds(action, context)) throw new Error(`${name}: ${action.class} ${action.subject}`);
      }
      return permits.length + refusals.length === actions.length;
    }),
    runs,
  );
  for (const actionClass of ["notice", "mark", "reversible", "irreversible", "restoring"])
    t.ok((seen.get(actionClass) ?? 0) > 20, `permits of class ${actionClass} were seen`);
});

const isCapped = (action: PlannedAction): boolean => action.cap !== undefined && isJudged(action);

/** By cap. */
function countPermits(actions: readonly PlannedAction[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { cap = "" } of actions.filter(isCapped)) counts.set(cap, (counts.get(cap) ?? 0) + 1);
  return counts;
}

test("whatever is planned and spent, no cap is exceeded", async (t) => {
  let full = 0;
  fc.assert(
    fc.property(hostileScenes, ({ actions, context }) => {
      const counts = countPermits(decide(actions, context).permits.map(({ action }) => action));
      return [...counts].every(([cap, count]) => {
        const { limit = 0, spent = 0 } = context.caps[cap] ?? {};
        full += count + spent === limit ? 1 : 0;
        return spent >= 0 && count + spent <= limit;
      });
    }),
    runs,
  );
  t.ok(full > 20, "caps were reached");
});

type Danger = (scene: Scene, index: number) => Scene;

const within =
  (change: (context: GateContext) => Partial<GateContext>): Danger =>
  ({ actions, context }) => ({ actions, context: { ...context, ...change(context) } });

const onSome =
  (change: (action: PlannedAction, context: GateContext) => Partial<PlannedAction>): Danger =>
  ({ actions, context }, index) => ({
    context,
    actions: actions.map((action, at) => (at % 2 === index % 2 ? { ...action, ...change(action, context) } : action)),
  });

const eachCap = (context: GateContext, change: (cap: { limit: number; spent: number }) => object) => ({
  caps: Object.fromEntries(Object.entries(context.caps).map(([name, cap]) => [name, { ...cap, ...change(cap) }])),
});

const dangers: Readonly<Record<string, Danger>> = {
  "a lower mode": within(({ mode }) => ({ mode: mode === "commit" ? "notify" : "observe" })),
  "an account taken from act_on_accounts": within(({ actOnAccounts }) => ({ actOnAccounts: actOnAccounts.slice(1) })),
  "a pause": within(() => ({ pause: aPause })),
  "a freeze": within(() => ({ calendar: { ...alwaysOpen, freeze: [{ first: "0000-01-01", last: "9999-12-31" }] } })),
  "an exemption": within(({ exemptions }) => ({ exemptions: [...exemptions, anExemption] })),
  "an exemption that lasts longer": within(({ exemptions }) => ({
    exemptions: exemptions.map((one) => ({ ...one, until: one.until + 1 })),
  })),
  "an own leg": within(({ ownLegs }) => ({ ownLegs: new Set([...ownLegs, "leg-2", "leg-3"]) })),
  "a leg more": onSome(({ legs }) => ({ legs: [...legs, "leg-1"] })),
  "a name more": onSome(({ names }) => (names.length === 0 ? {} : { names: [...names, "ada", "bob", "svc-1"] })),
  "a protected name": within((context) => ({ protected: [...context.protected, "?ob"] })),
  "something missing": within(({ coverage }) => ({
    coverage: { ...coverage, missingTotal: coverage.missingTotal + 1 },
  })),
  "older evidence": onSome(({ evidenceAt }) => ({ evidenceAt: evidenceAt - minutes(40) })),
  "a stricter evidence age": within(({ maxEvidenceAge }) => ({ maxEvidenceAge: maxEvidenceAge / 4 })),
  "a clock gone wrong": within(() => ({ clockOffset: -minutes(6) })),
  "a canary missed": within(() => ({ canary: { wanted: ["a"], seen: [] } })),
  "more due": within(({ fleet }) => ({ fleet: { ...fleet, due: fleet.due + 25 } })),
  "fewer due before": within(({ fleet }) => ({ fleet: { ...fleet, shareBefore: 0 } })),
  "no override": within(() => ({ overridePlan: undefined })),
  "a later time to act": onSome(({ notBefore }) => ({ notBefore: notBefore + 40 * minutes(1440) })),
  "nobody told": onSome(({ telling }) =>
    telling === undefined ? {} : { telling: { ...telling, deliveredAt: undefined } },
  ),
  "longer to have been told": onSome(({ telling }) =>
    telling === undefined ? {} : { telling: { ...telling, atLeast: telling.atLeast * 10 } },
  ),
  "lower caps": within((context) => eachCap(context, ({ limit }) => ({ limit: Math.max(0, limit - 2) }))),
  "more spent": within((context) => eachCap(context, ({ spent }) => ({ spent: spent + 2 }))),
};

interface Comparison {
  readonly added: readonly PlannedAction[];
  readonly removed: readonly PlannedAction[];
}

function compare(scene: Scene, worse: Scene): Comparison {
  const permitted = ({ actions, context }: Scene) => decide(actions, context).permits.map(({ action }) => action);
  const [one, other] = [permitted(scene), permitted(worse)];
  const [before, after] = [one, other].map((actions) => new Set(actions.map(actionId)));
  return {
    added: other.filter((action) => !before?.has(actionId(action))),
    removed: one.filter((action) => !after?.has(actionId(action))),
  };
}

const ample = (context: GateContext): GateContext => ({
  ...context,
  ...eachCap(context, ({ limit }) => ({ limit: limit + 100 })),
});

for (const [name, danger] of Object.entries(dangers)) {
  test(`${name} never adds a permit`, async (t) => {
    let bites = 0;
    fc.assert(
      fc.property(soundScenes, fc.nat({ max: 1 }), (scene, index) => {
        const roomy = { ...scene, context: ample(scene.context) };
        return compare(roomy, danger(roomy, index)).added.length === 0;
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(soundScenes, fc.nat({ max: 1 }), (scene, index) => {
        const { added, removed } = compare(scene, danger(scene, index));
        bites += removed.length;
        // Where a cap is short, the next in line may take the place of who is refused now; nobody else, and no more.
        const [gained, lost] = [countPermits(added), countPermits(removed)];
        return added.every(isCapped) && [...gained].every(([cap, count]) => count <= (lost.get(cap) ?? 0));
      }),
      { numRuns: 350 },
    );
    t.ok(bites > 0, "it took permits away");
  });
}

import fc from "fast-check";
import { test } from "tap";
import { actionId } from "../../lib/act/action.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { subjectOf } from "../../lib/keycheck/key-subjects.ts";
import {
  type Ladder,
  newLadder,
  noteDisabled,
  noteNotice,
  restartLadder,
  type Stage,
} from "../../lib/keycheck/ladder.ts";
import { type Candidate, type KeyAction, planActions } from "../../lib/keycheck/plan.ts";
import { aCandidate, aPlanning, aTicket } from "../support/key-ladders.ts";
import { aListedKey, now } from "../support/keycheck-records.ts";

type Changes = Partial<Omit<Candidate, "ladder">> & { readonly ladder?: Partial<Ladder> };

const candidateOf = ({ ladder = {}, ...changes }: Changes): Candidate => {
  const candidate = aCandidate(changes);
  return { ...candidate, ladder: { ...candidate.ladder, ...ladder } };
};

const off = aListedKey({ active: false, createdAt: now - days(200) });
const byUs = { at: now - hours(1), id: "keycheck/123456789012/disable/ada/1" };
const failed = (retryAt: number) => ({ count: 1, retryAt });

const sayKinds = (actions: readonly KeyAction[]) => actions.map(({ kind, occasion }) => `${kind} ${occasion}`);

interface Case {
  readonly name: string;
  readonly candidate?: Changes;
  readonly planning?: Parameters<typeof aPlanning>[0];
  readonly want: readonly string[];
}

const notices: readonly Case[] = [
  { name: "a key that is new to it: told and ticketed", want: ["disable 1", "ticket 0", "notice 1-1"] },
  { name: "an expiring key, too, but not disabled", candidate: expiring(), want: ["ticket 0", "notice 1-1"] },
  { name: "a key of no stage is left in peace", candidate: { ...young(), stage: undefined }, want: [] },
  { name: "a millisecond before notify_every nothing is said", candidate: spoken(days(1) - 1), want: [] },
  { name: "from notify_every on the next one", candidate: spoken(days(1)), want: ["notice 1-5"] },
  { name: "a channel whose clock is ahead is not told at once", candidate: spoken(-minutes(5)), want: [] },
  {
    name: "before its next try a notice that failed waits",
    candidate: spoken(days(2), { failures: { notice: failed(now + 1) } }),
    want: [],
  },
  {
    name: "then it is tried again under its own name",
    candidate: spoken(days(2), { failures: { notice: failed(now) } }),
    want: ["notice 1-5"],
  },
  { name: "a leak is news at once", candidate: spoken(0, {}, "quarantined"), want: ["notice 1-quarantined"] },
  { name: "and once", candidate: spoken(0, { said: ["quarantined"] }, "quarantined"), want: [] },
  {
    name: "then as often as anything else",
    candidate: spoken(days(1), { said: ["quarantined"] }, "quarantined"),
    want: ["notice 1-5"],
  },
  {
    name: "that it could not be disabled is news",
    candidate: spoken(0, { failures: { disable: failed(now + 1) } }),
    want: ["notice 1-disable_failed"],
  },
  {
    name: "and once",
    candidate: spoken(0, { failures: { disable: failed(now + 1) }, said: ["disable_failed"] }),
    want: [],
  },
  {
    name: "news waits, too, where notices fail",
    candidate: spoken(0, { failures: { notice: failed(now + 1) } }, "quarantined"),
    want: [],
  },
  { name: "that it was disabled is news", candidate: gone({ disabled: byUs }), want: ["notice 1-disabled"] },
  { name: "and once", candidate: gone({ disabled: byUs, said: ["disabled"] }), want: [] },
  {
    name: "nothing is said of an Inactive key",
    candidate: { key: off, stage: "expired", ladder: quietNow() },
    want: [],
  },
  {
    name: "nor of an Inactive key whose user is under quarantine",
    candidate: { key: off, stage: "quarantined", ladder: quietNow({ failures: { disable: failed(0) } }) },
    want: [],
  },
  {
    name: "nor, where it was disabled and is gone, that it was disabled",
    candidate: gone({ disabled: byUs, endedAt: now }),
    want: [],
  },
  {
    name: "a key that was disabled, and Active by an older look, is not said to have expired",
    candidate: spoken(days(9), { disabled: byUs, said: ["disabled"] }),
    want: [],
  },
  {
    name: "a key that a person switched off, and Active by an older look, is left in peace",
    candidate: spoken(days(9), { endedAt: now, failures: { disable: failed(0) } }, "quarantined"),
    want: [],
  },
  {
    name: "in another round it begins anew",
    candidate: spoken(days(1), { round: 3, notices: 0 }),
    want: ["notice 3-1"],
  },
];

function quietNow(ladder: Partial<Ladder> = {}): Partial<Ladder> {
  return { notices: 4, lastNoticeAt: now - days(9), ...ladder };
}
function expiring(): Changes {
  return { key: aListedKey({ createdAt: now - days(170) }), stage: "expiring" };
}
function young(): Changes {
  return { key: aListedKey({ createdAt: now - days(9) }) };
}
function spoken(ago: number, ladder: Partial<Ladder> = {}, stage: Stage = "expired"): Changes {
  const said = { notices: 4, lastNoticeAt: now - ago, ...ladder };
  return { ...young(), stage, ladder: said };
}
function gone(ladder: Partial<Ladder>): Changes {
  return {
    key: off,
    stage: undefined,
    mayDisable: false,
    ladder: { notices: 1, lastNoticeAt: now - days(9), ...ladder },
  };
}

for (const { name, candidate = {}, want } of notices) {
  test(`notices: ${name}`, async (t) => {
    const quietTickets = want.some((one) => one.startsWith("ticket"));
    const planning = aPlanning({ settings: { createJira: quietTickets } });
    t.strictSame(sayKinds(planActions([candidateOf(candidate)], planning)), want);
  });
}

const told = { notices: 1, lastNoticeAt: now, deliveredAt: now - days(14), ticket: aTicket() };

const disables: readonly Case[] = [
  { name: "an expired key of whoever was told", want: ["disable 1"] },
  { name: "whoever was not told is for the gates to say", candidate: { ladder: quietNow() }, want: ["disable 1"] },
  { name: "not in mode notify", planning: { mode: "notify" }, want: [] },
  { name: "not where disable_key is false", planning: { settings: { disableKey: false } }, want: [] },
  { name: "not a kind that may not", candidate: { mayDisable: false }, want: [] },
  { name: "not an Inactive key", candidate: { key: off }, want: [] },
  { name: "not a millisecond before expire_age", candidate: aged(days(180) - 1), want: [] },
  { name: "from expire_age on", candidate: aged(days(180)), want: ["disable 1"] },
  { name: "by its kind's own expire_age", candidate: { ...aged(days(30)), expireAge: days(30) }, want: ["disable 1"] },
  {
    name: "a young key under quarantine is not disabled",
    candidate: { ...aged(days(9)), stage: "quarantined" },
    want: [],
  },
  { name: "an old one is", candidate: { stage: "quarantined" }, want: ["disable 1"] },
  {
    name: "one that failed waits",
    candidate: { ladder: { failures: { disable: failed(now + 1) }, said: ["disable_failed"] } },
    want: [],
  },
  {
    name: "and is tried again",
    candidate: { ladder: { failures: { disable: failed(now) }, said: ["disable_failed"] } },
    want: ["disable 1"],
  },
  { name: "one that was, and is Active by an older look", candidate: { ladder: { disabled: byUs } }, want: [] },
  {
    name: "one that a person switched off, and is Active by an older look",
    candidate: { ladder: { endedAt: now } },
    want: [],
  },
  { name: "once in a round", candidate: { ladder: { round: 7 } }, want: ["disable 7"] },
];

function aged(age: number): Changes {
  return { key: aListedKey({ createdAt: now - age }) };
}

for (const { name, candidate = {}, planning = {}, want } of disables) {
  test(`disable: ${name}`, async (t) => {
    const settings = { sendSlack: false, createJira: false, ...planning.settings };
    const candidates = [candidateOf({ ...candidate, ladder: { ...told, ...candidate.ladder } })];
    t.strictSame(sayKinds(planActions(candidates, aPlanning({ ...planning, settings }))), want);
  });
}

const keyOf = (id: string, age = days(200)) => aListedKey({ id: `AKIAEXAMPLEEXAM${id}`, createdAt: now - age });

interface Pick {
  readonly name: string;
  readonly keys: readonly Changes[];
  readonly want: readonly string[];
}

const picks: readonly Pick[] = [
  {
    name: "the key least in use",
    keys: [
      { key: keyOf("00001"), lastUsedAt: now - days(1) },
      { key: keyOf("00002"), lastUsedAt: now - days(9) },
    ],
    want: ["ada 00002"],
  },
  {
    name: "a key never used before all others",
    keys: [{ key: keyOf("00001"), lastUsedAt: now - days(900) }, { key: keyOf("00002") }],
    want: ["ada 00002"],
  },
  {
    name: "of equals the older one",
    keys: [{ key: keyOf("00001", days(200)) }, { key: keyOf("00002", days(300)) }],
    want: ["ada 00002"],
  },
  {
    name: "a key that its owner was told of before one that they were not",
    keys: [
      { key: keyOf("00001"), lastUsedAt: now - days(1) },
      { key: keyOf("00002"), ladder: { deliveredAt: undefined } },
    ],
    want: ["ada 00001"],
  },
  {
    name: "an exempt key last, or it would keep the other one on for ever",
    keys: [
      { key: keyOf("00001"), exempt: true },
      { key: keyOf("00002"), lastUsedAt: now - days(1), ladder: { deliveredAt: undefined } },
    ],
    want: ["ada 00002"],
  },
  {
    name: "the other one while the first one waits for its next try",
    keys: [
      { key: keyOf("00001"), ladder: { failures: { disable: failed(now + 1) } } },
      { key: keyOf("00002"), lastUsedAt: now - days(1) },
    ],
    want: ["ada 00002"],
  },
  {
    name: "one of each user",
    keys: [
      ...[{ key: keyOf("00001") }, { key: keyOf("00002") }],
      ...[
        { user: "Ada", key: keyOf("00003") },
        { user: "Ada", key: keyOf("00004") },
      ],
    ],
    want: ["ada 00001", "Ada 00003"],
  },
];

for (const { name, keys, want } of picks) {
  test(`of one user: ${name}`, async (t) => {
    const candidates = keys.map((key) => candidateOf({ ...key, ladder: { ...told, ...key.ladder } }));
    const settings = { sendSlack: false, createJira: false };
    for (const order of [candidates, candidates.toReversed()]) {
      const planned = planActions(order, aPlanning({ settings })).map(
        ({ detail }) => `${detail.user} ${detail.keyId.slice(-5)}`,
      );
      t.strictSame(planned.toSorted(), [...want].sort());
    }
  });
}

const done = aTicket({ isDone: true, opened: 2 });
const open = aTicket({ opened: 2 });

const tickets: readonly Case[] = [
  { name: "one for a key that has none", want: ["ticket 0"] },
  { name: "none for a key of no stage", candidate: { stage: undefined }, want: [] },
  { name: "none for an Inactive key", candidate: { key: off }, want: [] },
  { name: "none for a key that was disabled", candidate: { key: off, ladder: { disabled: byUs } }, want: [] },
  { name: "one that is open stands", candidate: { ladder: { ticket: open } }, want: [] },
  {
    name: "another stage is told to it",
    candidate: { stage: "quarantined", ladder: { ticket: open, round: 3 } },
    want: ["ticket-comment 2-3-quarantined"],
  },
  {
    name: "that the key was disabled is told to it",
    candidate: { key: off, stage: undefined, ladder: { ticket: open, disabled: byUs } },
    want: ["ticket-comment 2-1-disabled"],
  },
  {
    name: "and once",
    candidate: { key: off, stage: undefined, ladder: { ticket: { ...open, stage: "disabled" }, disabled: byUs } },
    want: [],
  },
  {
    name: "that a key is no longer due is not told",
    candidate: { stage: undefined, ladder: { ticket: open } },
    want: [],
  },
  { name: "closed when the key is gone", candidate: over({ ticket: open }), want: ["ticket-close 2-1"] },
  {
    name: "closed when a disabled key is gone",
    candidate: over({ ticket: open, disabled: byUs }),
    want: ["ticket-close 2-1"],
  },
  {
    name: "closed when a person has switched the key off, whatever an older look says",
    candidate: { ladder: { endedAt: now, ticket: open } },
    want: ["ticket-close 2-1"],
  },
  {
    name: "closed in another round where a person has opened it again",
    candidate: over({ ticket: open, round: 2 }),
    want: ["ticket-close 2-2"],
  },
  { name: "one that is done is not closed", candidate: over({ ticket: done }), want: [] },
  { name: "what never had one has none to close", candidate: over({}), want: [] },
  {
    name: "one done while the key is still old: opened again",
    candidate: { ladder: { ticket: done } },
    want: ["ticket-reopen 2"],
  },
  {
    name: "or followed by a new one, by setting",
    candidate: { ladder: { ticket: done } },
    planning: { settings: { jiraReopen: "new" } },
    want: ["ticket 2"],
  },
  {
    name: "one done once the key is disabled stays so",
    candidate: { key: off, ladder: { ticket: done, disabled: byUs } },
    want: [],
  },
  {
    name: "one done once the key is no longer due stays so",
    candidate: { stage: undefined, ladder: { ticket: done } },
    want: [],
  },
  {
    name: "what failed waits",
    candidate: over({ ticket: open, failures: { ticket: failed(now + 1) } }),
    want: [],
  },
  {
    name: "and is tried again",
    candidate: over({ ticket: open, failures: { ticket: failed(now) } }),
    want: ["ticket-close 2-1"],
  },
  { name: "none where create_jira is false", planning: { settings: { createJira: false } }, want: [] },
];

function over(ladder: Partial<Ladder>): Changes {
  return { key: off, stage: undefined, ladder: { endedAt: now, ...ladder } };
}

for (const { name, candidate = {}, planning = {}, want } of tickets) {
  test(`tickets: ${name}`, async (t) => {
    const settings = { sendSlack: false, disableKey: false, ...planning.settings };
    t.strictSame(sayKinds(planActions([candidateOf(candidate)], aPlanning({ settings }))), want);
  });
}

const planOne = (changes: Changes, kind: string) => {
  const found = planActions([candidateOf(changes)], aPlanning()).find((action) => action.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
};

test("a disable is complete: what it cuts off, when at the earliest, who must know of it", async (t) => {
  const key = aListedKey({ createdAt: now - days(200) });
  t.strictSame(planOne({ key, readAt: now - hours(1), ladder: { deliveredAt: now - days(2) } }, "disable"), {
    ...{ program: "keycheck", accountId: "123456789012", kind: "disable", class: "reversible", cap: "disables" },
    ...{ subject: subjectOf("ada", key), occasion: "1", names: ["ada", key.id], legs: [key.id] },
    reason: "the key has expired: created 2025-08-13T12:00:00Z",
    ...{ decidedBy: "expire_age", notBefore: key.createdAt + days(180), evidenceAt: now - hours(1) },
    telling: { deliveredAt: now - days(2), atLeast: days(14) },
    detail: {
      ...{ user: "ada", keyId: key.id, createdAt: key.createdAt, expiresAt: key.createdAt + days(180) },
      ...{ stage: "expired", disableAfter: days(14) },
    },
  });
});

test("a disable whose owner was not told says so", async (t) => {
  t.strictSame(planOne({}, "disable").telling, { deliveredAt: undefined, atLeast: days(14) });
});

test("a day that its owner was told is kept, where the time has been cut short since", async (t) => {
  const deliveredAt = now - days(2);
  const atLeast = (announcedAt: number) =>
    planOne({ ladder: { deliveredAt, announcedAt } }, "disable").telling?.atLeast;
  t.equal(atLeast(deliveredAt + days(20)), days(20));
  t.equal(atLeast(deliveredAt + days(19) + 1), days(19) + hours(1), "in whole hours");
  t.equal(atLeast(deliveredAt + days(14) - 1), days(14), "and gives way to a longer one");
});

test("a notice cuts nothing off, and says which one of the round it is", async (t) => {
  const first = planOne({}, "notice");
  t.match(first, { class: "notice", cap: "notices", isFirst: true, legs: [], notBefore: 0, detail: { sequence: 1 } });
  t.match(planOne(spoken(days(1)), "notice"), { isFirst: false, detail: { sequence: 5 } });
  const news = planOne(spoken(0, {}, "quarantined"), "notice");
  t.match(news, { decidedBy: "quarantine", detail: { stage: "quarantined" } });
  t.notOk("sequence" in news.detail);
});

test("whoever keeps their key for good is not told of a day to disable it", async (t) => {
  t.notOk("disableAfter" in planOne({ mayDisable: false }, "notice").detail);
});

test("tickets that are opened are capped, what follows up on them is not", async (t) => {
  t.match(planOne({}, "ticket"), { cap: "tickets", isFirst: true });
  t.match(planOne({ ladder: { ticket: done } }, "ticket-reopen"), { cap: "tickets", isFirst: false });
  const close = planOne(over({ ticket: open }), "ticket-close");
  t.equal(close.cap, undefined);
  t.match(close.detail, { ticket: open.key, stage: open.stage });
  t.notOk("ticket" in planOne({}, "ticket").detail);
});

test("no text of a plan shows a whole access key id", async (t) => {
  for (const { kind, subject, reason, occasion, detail } of planActions([candidateOf({})], aPlanning()))
    t.notOk(`${subject} ${reason} ${occasion}`.includes(detail.keyId), kind);
});

/** Whatever IAM lets be a name, and what an id is made of. */
const userNames = fc.string({ unit: fc.constantFrom(..."a1_+=,.@-A"), minLength: 1, maxLength: 4 });
const keyIds = fc
  .string({ unit: fc.constantFrom("A", "B", "2"), minLength: 11, maxLength: 11 })
  .chain((middle) => fc.constantFrom("SAME5", "OTHER").map((last) => `AKIA${middle}${last}`));
const stages: readonly Stage[] = ["expiring", "expired", "quarantined", "disabled", "disable_failed"];
const rounds = fc.integer({ min: 1, max: 12 });

const ladders: fc.Arbitrary<Partial<Ladder>> = fc.record(
  {
    ...{ round: rounds, notices: fc.integer({ min: 0, max: 12 }), said: fc.subarray([...stages]) },
    ...{ lastNoticeAt: fc.integer({ min: now - days(3), max: now }), deliveredAt: fc.constant(now - days(20)) },
    ticket: fc
      .record({ isDone: fc.boolean(), opened: rounds, stage: fc.constantFrom(...stages) })
      .map((ticket) => aTicket(ticket)),
    disabled: fc.constant(byUs),
    endedAt: fc.constant(now - hours(1)),
    failures: fc.constant({ disable: failed(now) }),
  },
  { requiredKeys: ["round", "notices", "said"] },
);

const candidates = fc
  .record({
    ...{ user: userNames, id: keyIds, active: fc.boolean(), age: fc.integer({ min: 0, max: days(400) }) },
    stage: fc.constantFrom<Stage | undefined>(undefined, "expiring", "expired", "quarantined"),
    ...{ mayDisable: fc.boolean(), exempt: fc.boolean(), ladder: ladders },
  })
  .map(({ user, id, active, age, ladder, ...rest }) =>
    candidateOf({ ...rest, user, key: { id, active, createdAt: now - age }, ladder }),
  );

const plannings = fc
  .record({ mode: fc.constantFrom("notify" as const, "commit" as const), jiraReopen: fc.constantFrom("reopen", "new") })
  .map(({ mode, jiraReopen }) =>
    aPlanning({ mode, settings: { jiraReopen: jiraReopen === "new" ? "new" : "reopen" } }),
  );

/** What makes a deed another one: everything that its id must tell apart. */
function meaningOf({ kind, detail }: KeyAction, { round, ticket }: Ladder): string {
  const { user, keyId, stage, sequence } = detail;
  const which: Readonly<Record<string, readonly unknown[]>> = {
    disable: [round],
    notice: [round, sequence ?? stage],
    ticket: [ticket?.opened ?? 0],
    "ticket-reopen": [ticket?.opened],
    "ticket-close": [ticket?.opened, round],
    "ticket-comment": [ticket?.opened, round, stage],
  };
  return JSON.stringify([kind, user, keyId, ...(which[kind] ?? ["?"])]);
}

test("two deeds that differ in key, user, round, number or stage never share an id", async (t) => {
  fc.assert(
    fc.property(fc.array(candidates, { maxLength: 30 }), plannings, (many, planning) => {
      const meanings = new Map<string, string>();
      for (const candidate of many) {
        for (const action of planActions([candidate], planning)) {
          const [id, meaning] = [actionId(action), meaningOf(action, candidate.ladder)];
          if ((meanings.get(id) ?? meaning) !== meaning) return false;
          meanings.set(id, meaning);
        }
      }
      return true;
    }),
    { numRuns: 300 },
  );
  t.pass();
});

const isOff = ({ key, ladder }: Candidate) =>
  !key.active || ladder.disabled !== undefined || ladder.endedAt !== undefined;

/** What may never be planned, said once more and the other way round. */
const never: Readonly<Record<string, (action: KeyAction, candidate: Candidate, mode: string) => boolean>> = {
  "a disable but in commit": ({ kind }, _candidate, mode) => kind === "disable" && mode !== "commit",
  "a disable of a kind that may not": ({ kind }, { mayDisable }) => kind === "disable" && !mayDisable,
  "a disable of a young key": ({ kind }, { key }) => kind === "disable" && now - key.createdAt < days(180),
  "a disable, reminder or new ticket of what is off": ({ kind, detail }, candidate) =>
    isOff(candidate) && (["disable", "ticket", "ticket-reopen"].includes(kind) || detail.sequence !== undefined),
  "news of what is off but of our own deed": ({ kind, detail }, candidate) =>
    kind === "notice" && isOff(candidate) && (detail.stage !== "disabled" || candidate.ladder.disabled === undefined),
  "a word on what has ended": ({ kind }, { ladder }) => ladder.endedAt !== undefined && kind === "notice",
  "a reminder before its time": ({ detail }, { ladder }) =>
    detail.sequence !== undefined && now - (ladder.lastNoticeAt ?? 0) < days(1),
  "news twice": ({ kind, detail }, { ladder }) =>
    kind === "notice" && detail.sequence === undefined && ladder.said.includes(detail.stage),
  "a second open ticket": ({ kind }, { ladder }) => kind === "ticket" && ladder.ticket?.isDone === false,
  "the end of a ticket whose key goes on": ({ kind }, { ladder }) =>
    kind === "ticket-close" && ladder.endedAt === undefined,
};

test("whatever is remembered, nothing is planned that must not be, nor two keys of one user disabled", async (t) => {
  const planned = new Set<string>();
  fc.assert(
    fc.property(fc.array(candidates, { maxLength: 12 }), plannings, (many, planning) => {
      const disabled = planActions(many, planning).filter(({ kind }) => kind === "disable");
      if (new Set(disabled.map(({ detail }) => detail.user)).size !== disabled.length) return false;
      return many.every((candidate) =>
        planActions([candidate], planning).every((action) => {
          planned.add(action.kind);
          return !Object.values(never).some((forbids) => forbids(action, candidate, planning.mode));
        }),
      );
    }),
    { numRuns: 1500 },
  );
  t.equal(planned.size, 6, "every kind was planned");
});

interface Moment {
  readonly after: number;
  readonly delivers: boolean;
  readonly switchesOn: boolean;
}

const moments: fc.Arbitrary<Moment> = fc.record({
  ...{ after: fc.integer({ min: minutes(1), max: days(2) }), delivers: fc.boolean() },
  switchesOn: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
});

interface Life {
  readonly ladder: Ladder;
  readonly active: boolean;
}

/** One run: what is planned comes about, a disable only where the gate `told` would let it. */
function live(
  { ladder, active }: Life,
  at: number,
  { delivers }: Moment,
): Life & { readonly done: readonly KeyAction[] } {
  const key = aListedKey({ active, createdAt: now - days(200) });
  const candidate = aCandidate({ key, stage: active ? "expired" : undefined, ladder });
  const planning = aPlanning({ now: at, settings: { createJira: false } });
  const done = planActions([candidate], planning).filter(
    ({ telling }) => telling === undefined || at - (telling.deliveredAt ?? at) >= telling.atLeast,
  );
  let after = ladder;
  for (const action of done) {
    const { stage, sequence } = action.detail;
    after =
      action.kind === "disable"
        ? noteDisabled(after, { at, id: actionId(action) })
        : noteNotice(after, { at, stage, sequence, person: delivers ? "U1" : undefined });
  }
  return { ladder: after, active: active && after.disabled === undefined, done };
}

test("over months of runs a key is reminded of once a day at most, and disabled after 14 days of knowing, once a round", async (t) => {
  let disables = 0;
  fc.assert(
    fc.property(fc.array(moments, { minLength: 30, maxLength: 90 }), (history) => {
      let life: Life = { ladder: newLadder("ada", aListedKey({ createdAt: now - days(200) })), active: true };
      let at = now;
      let [toldAt, remindedAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const ids = new Set<string>();
      for (const moment of history) {
        at += moment.after;
        if (!life.active && moment.switchesOn) {
          life = { ladder: restartLadder(life.ladder, at), active: true };
          [toldAt, remindedAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
        }
        const { done, ...next } = live(life, at, moment);
        for (const action of done) {
          const id = actionId(action);
          if (ids.has(id)) return false;
          ids.add(id);
          if (action.kind === "disable") {
            disables += 1;
            if (at - toldAt < days(14)) return false;
          } else if (action.detail.sequence !== undefined) {
            if (at - remindedAt < days(1)) return false;
            remindedAt = at;
            if (moment.delivers && toldAt < 0) toldAt = at;
          }
        }
        life = next;
      }
      return true;
    }),
    { numRuns: 200 },
  );
  t.ok(disables > 200, `${disables} disables`);
});

import { test } from "tap";
import { hours } from "../../lib/core/time.ts";
import { newLadder, noteNotice } from "../../lib/keycheck/ladder.ts";
import { mapPings, notePings, type OwnedKey } from "../../lib/keycheck/last-pings.ts";

const now = Date.UTC(2026, 2, 1, 12);
const first = Date.UTC(2026, 1, 26, 7, 30, 59);
const last = Date.UTC(2026, 1, 28, 7, 31);

const owned = (user: string, id: string, active = true): OwnedKey => ({ user, key: { id, active, createdAt: 1 } });
const ada = owned("ada", "AKIAEXAMPLEEXAMPLADA1");
const bob = owned("bob", "AKIAEXAMPLEEXAMPLBOB1");
const off = owned("off", "AKIAEXAMPLEEXAMPLOFF1", false);
const known = new Map([ada, bob, off].map((one) => [one.key.id, one]));

const item = (members: Readonly<Record<string, string>>) => new Map(Object.entries(members));
const ping = ({ key }: OwnedKey, written: string) => item({ iam_access_key_id: key.id, last_pinged_time: written });
const says = "2026-02-28 07:31:00";

const cases: readonly {
  readonly name: string;
  readonly items: readonly ReadonlyMap<string, string>[];
  readonly want: Partial<ReturnType<typeof mapPings>>;
}[] = [
  { name: "an empty table", items: [], want: { mapped: [], unmapped: [] } },
  {
    name: "one message: its first is its last",
    items: [ping(ada, says)],
    want: { mapped: [{ ...ada, pings: { first: last, last } }], unmapped: [] },
  },
  {
    name: "an item for each message, in any order, and several keys",
    items: [ping(ada, says), ping(bob, says), ping(ada, "2026-02-26 07:30:59"), ping(ada, "2026-02-27 07:31:00")],
    want: {
      mapped: [
        { ...ada, pings: { first, last } },
        { ...bob, pings: { first: last, last } },
      ],
    },
  },
  {
    name: "a key of another account, or one that is gone",
    items: [ping(owned("eve", "AKIAEXAMPLEEXAMPLEVE1"), says)],
    want: { unmapped: [{ what: "key ...LEVE1", because: "no user of the account is remembered to have it" }] },
  },
  {
    name: "a key that is off, whose ladder would count as a rotation",
    items: [ping(off, says)],
    want: { mapped: [], unmapped: [{ what: "key ...LOFF1", because: "it is Inactive" }] },
  },
  {
    name: "items that are none of the original's",
    items: [item({ LockID: "x" }), item({ iam_access_key_id: ada.key.id })],
    want: {
      mapped: [],
      unmapped: [
        { what: "an item", because: "it has no iam_access_key_id" },
        { what: "key ...LADA1", because: "it has no last_pinged_time" },
      ],
    },
  },
  {
    name: "the clock of a zone ahead of UTC by no more than there is",
    items: [ping(ada, "2026-03-02 02:00:00")],
    want: { mapped: [{ ...ada, pings: { first: now + hours(14), last: now + hours(14) } }] },
  },
  {
    name: "a time yet to come in every zone",
    items: [ping(ada, "2026-03-02 02:00:01")],
    want: {
      mapped: [],
      unmapped: [{ what: "key ...LADA1", because: 'its last_pinged_time "2026-03-02 02:00:01" is yet to come' }],
    },
  },
  ...["2026-02-30 07:31:00", "2026-02-28T07:31:00", "2026-02-28", "28/02/2026 07:31:00", "1709105460", ""].map(
    (written) => ({
      name: `"${written}" is no time`,
      items: [ping(ada, written)],
      want: {
        mapped: [],
        unmapped: [{ what: "key ...LADA1", because: `its last_pinged_time "${written}" is no time` }],
      },
    }),
  ),
];

for (const { name, items, want } of cases)
  test(`last pings: ${name}`, async (t) =>
    t.strictSame(mapPings(items, known, now), { mapped: [], unmapped: [], ...want }));

const fresh = newLadder(ada.user, ada.key);

test("a ping starts no clock to act: nothing is delivered, and nobody told", async (t) => {
  t.strictSame(notePings(fresh, { first, last }), { ...fresh, firstNoticeAt: first, lastNoticeAt: last });
});

test("what was noted of a ping, or after it, is kept", async (t) => {
  const once = notePings(fresh, { first, last });
  t.strictSame(notePings(once, { first, last }), once);
  t.strictSame(notePings(once, { first: first + 1, last: last - 1 }), once);
  t.has(notePings(once, { first: first - 1, last: last + 1 }), { firstNoticeAt: first - 1, lastNoticeAt: last + 1 });
  const told = noteNotice(fresh, { at: last, sequence: 1, stage: "expired", person: "U1", saysItStays: false });
  const { deliveredAt, notices, person } = notePings(told, { first, last: first });
  t.strictSame({ deliveredAt, notices, person }, { deliveredAt: last, notices: 1, person: "U1" });
});

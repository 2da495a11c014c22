import { test } from "tap";
import { importRows } from "../../lib/dirtycount/import.ts";
import { mapRows } from "../../lib/dirtycount/skunky-rows.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { mergeEvents } from "../../lib/marks/merge-events.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { aMarkedEvent, now, someInstance } from "../support/marks.ts";

const { accountId, region, instanceId } = someInstance;

const aRow = (said: Readonly<Record<string, string | undefined>> = {}): ReadonlyMap<string, string> => {
  const at = said.marked_dirty ?? `${now - 1000}`;
  const row = {
    ...{
      hash: `${accountId}::${region}::${instanceId}::${at}`,
      instance_id: instanceId,
      account_id: accountId,
      region,
    },
    ...{ skunk_level: "high", marked_dirty: at, ttl: "1" },
    identity: JSON.stringify({ event: "ssh", user: "ada", bastion_user_ip: "192.0.2.7" }),
    ...said,
  };
  return new Map(Object.entries(row).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])));
};

const bare = { instance_id: undefined, account_id: undefined, region: undefined, marked_dirty: undefined };

const mapped: readonly {
  readonly name: string;
  readonly row: Readonly<Record<string, string | undefined>>;
  readonly want: object;
}[] = [
  {
    name: "a row as the original writes it",
    row: {},
    want: {
      ...{ level: "high", isVerified: false },
      event: { ...someInstance, name: "ssh", source: "host", at: now - 1000, principal: "ada", address: "192.0.2.7" },
    },
  },
  {
    name: "only its hash",
    row: { ...bare, hash: `${accountId}::${region}::${instanceId}::${now - 5}` },
    want: { event: { at: now - 5 } },
  },
  { name: "of this very moment", row: { marked_dirty: `${now}` }, want: { event: { at: now } } },
  {
    name: "its time as an instant",
    row: { marked_dirty: "2026-03-01T11:00:00Z" },
    want: { event: { at: now - 3_600_000 } },
  },
  { name: "a level in capitals", row: { skunk_level: "CRITICAL" }, want: { level: "critical" } },
  { name: "a level of its owner's own: as for a login", row: { skunk_level: "smelly" }, want: { level: "high" } },
  {
    name: "the same for another event",
    row: { skunk_level: undefined, identity: '{"event":"sudo","username":"eve"}' },
    want: { level: "critical", event: { name: "sudo", principal: "eve", address: undefined } },
  },
  { name: "no identity", row: { identity: undefined }, want: { event: { name: "ssh", principal: undefined } } },
  { name: "an identity that is none", row: { identity: '"x' }, want: { event: { name: "ssh" } } },
  {
    name: "hostile texts in it",
    row: { identity: JSON.stringify({ event: "x".repeat(300), user: "a\u0007b", bastion_user_ip: 7 }) },
    want: { event: { name: "ssh", principal: undefined, address: undefined } },
  },
];

for (const { name, row, want } of mapped) {
  test(`taken over: ${name}`, async (t) => {
    const { events, unmapped } = mapRows([aRow(row)], now);
    t.strictSame(unmapped, []);
    t.match(events, [want]);
  });
}

for (const { name, row, want } of [
  { name: "no account", row: { account_id: "acme" }, want: "it names no account" },
  { name: "no region", row: { region: "Europe" }, want: "it names no region" },
  { name: "no instance", row: { instance_id: "mi-0123456789abcdef0" }, want: "it names no instance" },
  { name: "nothing at all", row: { ...bare, hash: undefined }, want: "it names no account" },
  { name: "no time", row: { marked_dirty: "yesterday" }, want: "neither marked_dirty nor its hash has the time" },
  {
    name: "a time of nothing",
    row: { marked_dirty: "000000000000" },
    want: "neither marked_dirty nor its hash has the time",
  },
  { name: "a time to come", row: { marked_dirty: `${now + 1}` }, want: "its time is yet to come" },
]) {
  test(`not taken over: ${name}`, async (t) => {
    const { events, unmapped } = mapRows([aRow(row)], now);
    t.strictSame([events, unmapped.map(({ because }) => because)], [[], [want]]);
    t.match(unmapped[0]?.what, /^row "/);
  });
}

test("rows come to marks that nobody proved, beside what is known; done again nothing changes", async (t) => {
  const store = openMemoryStore({ now: () => now });
  const marks = openMarks(store, accountId, () => now);
  await marks.update({ region, instanceId }, (mark) => mergeEvents(mark, [aMarkedEvent({ messageId: "own" })]));
  const rows = [
    ...Array.from({ length: 50 }, (_, at) => aRow({ marked_dirty: `${now - 1000 - at}` })),
    ...[aRow({ instance_id: "i-00000002" }), aRow({ region: "nowhere" })],
  ];
  const request = { store, rows, clock: () => now };
  const dry = await importRows({ ...request, isDry: true });
  t.equal((await marks.find({ region, instanceId }))?.unverified, undefined);
  const done = await importRows({ ...request, isDry: false });
  t.strictSame(done, dry);
  t.match(done, {
    ...{ instances: 2, unmapped: [{ because: "it names no region" }] },
    news: [
      { id: `${region}/${instanceId}`, events: 50 },
      { id: `${region}/i-00000002`, events: 1 },
    ],
  });
  const after = await marks.find({ region, instanceId });
  t.match(after, { verified: { count: 1 }, unverified: { count: 50, firstAt: now - 1049, sources: ["host"] } });
  t.strictSame((await importRows({ ...request, isDry: false })).news, []);
  t.strictSame(await marks.find({ region, instanceId }), after);
  const later = [...rows, aRow({ marked_dirty: `${now - 1}` })];
  t.match((await importRows({ ...request, rows: later, isDry: false })).news, [{ events: 1 }]);
  t.equal((await marks.find({ region, instanceId }))?.unverified?.count, 51);
});

test("rows that are days apart to the second are events of their own", async (t) => {
  const store = openMemoryStore({ now: () => now });
  // Their last eight digits are the same.
  const rows = [now, now - 100_000_000].map((at) => aRow({ marked_dirty: `${at}` }));
  await importRows({ store, rows, clock: () => now, isDry: false });
  t.equal((await openMarks(store, accountId, () => now).find({ region, instanceId }))?.unverified?.count, 2);
});

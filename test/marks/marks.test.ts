import { type Test, test } from "tap";
import { days } from "../../lib/core/time.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { mergeEvents } from "../../lib/marks/merge-events.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { aMark, aMarkedEvent, aTally, now, someInstance } from "../support/marks.ts";

interface Clock {
  now: number;
}

const stores: readonly { readonly name: string; readonly open: (t: Test, clock: Clock) => Promise<Store> }[] = [
  { name: "memory", open: async (_t, clock) => openMemoryStore({ now: () => clock.now }) },
  {
    name: "embedded",
    async open(t, clock) {
      const store = await openEmbeddedStore({ directory: t.testdir({}), now: () => clock.now });
      t.teardown(() => store.close());
      return store;
    },
  },
];

const { accountId, region, instanceId } = someInstance;
const name = { region, instanceId };

for (const { name: storeName, open } of stores) {
  const prepare = async (t: Test) => {
    const clock = { now };
    const store = await open(t, clock);
    return { clock, store, marks: openMarks(store, accountId, () => clock.now) };
  };

  test(`${storeName}: of events that come at once none is lost`, async (t) => {
    const { marks } = await prepare(t);
    const events = Array.from({ length: 20 }, (_, at) => aMarkedEvent({ messageId: `m${at}` }));
    await Promise.all(events.map((event) => marks.update(name, (mark) => mergeEvents(mark, [event]))));
    t.equal((await marks.find(name))?.verified?.count, 20);
  });

  test(`${storeName}: marks are listed by region, then id, of one account alone`, async (t) => {
    const { marks, store } = await prepare(t);
    const names = [
      ["eu-west-1", "i-00000002"],
      ["us-east-1", "i-00000001"],
      ["eu-west-1", "i-00000001"],
      ["eu-west-10", "i-00000001"],
    ] as const;
    for (const [region, instanceId] of names)
      await marks.update({ region, instanceId }, (mark) => ({ ...mark, verified: aTally() }));
    await openMarks(store, "999999999999", () => now).update(name, (mark) => mark);
    const listed = async (of?: string) => {
      const found: string[] = [];
      for await (const { region, instanceId } of marks.list(of)) found.push(`${region}/${instanceId}`);
      return found;
    };
    t.strictSame(await listed(), [
      ...["eu-west-1/i-00000001", "eu-west-1/i-00000002", "eu-west-10/i-00000001", "us-east-1/i-00000001"],
    ]);
    t.strictSame(await listed("eu-west-1"), ["eu-west-1/i-00000001", "eu-west-1/i-00000002"]);
    t.strictSame(await listed("eu-west-3"), []);
  });

  test(`${storeName}: a change makes nothing where there is nothing, and keeps others' changes`, async (t) => {
    const { marks } = await prepare(t);
    t.equal(await marks.change(name, (mark) => ({ ...mark, endedAt: now })), undefined);
    t.equal(await marks.find(name), undefined);
    await marks.update(name, (mark) => ({ ...mark, verified: aTally() }));
    await Promise.all([
      marks.change(name, (mark) => ({ ...mark, missingSince: now })),
      marks.update(name, (mark) => mergeEvents(mark, [aMarkedEvent({ messageId: "m9", event: { at: now - 9 } })])),
      marks.change(name, (mark) => ({ ...mark, untaggable: "tag_limit" })),
    ]);
    const { verified, untaggable } = (await marks.find(name)) ?? {};
    t.equal(verified?.count, 2);
    t.ok(untaggable === undefined || untaggable === "tag_limit");
  });

  test(`${storeName}: what leaves a mark as it is writes nothing`, async (t) => {
    const { marks, store } = await prepare(t);
    await marks.update(name, () => aMark());
    const version = async () => (await store.get(`dirty.marks#${accountId}`, `${region}/${instanceId}`))?.version;
    const before = await version();
    t.strictSame(await marks.change(name, (mark) => mark), aMark());
    t.equal(await version(), before);
  });

  test(`${storeName}: a mark is removed as it was looked at, and not one that was touched since`, async (t) => {
    const { marks } = await prepare(t);
    t.equal(await marks.remove(aMark()), true, "there is none");
    const seen = await marks.update(name, () => aMark());
    await marks.update(name, (mark) => mergeEvents(mark, [aMarkedEvent({ messageId: "m9" })]));
    t.equal(await marks.remove(seen), false);
    const again = await marks.find(name);
    t.equal(again && (await marks.remove(again)), true);
    t.equal(await marks.find(name), undefined);
  });

  test(`${storeName}: a mark stays until its instance ends, and then for thirty days`, async (t) => {
    const { marks, clock } = await prepare(t);
    await marks.update(name, () => aMark());
    clock.now += days(400);
    t.ok(await marks.find(name));
    await marks.change(name, (mark) => ({ ...mark, endedAt: clock.now }));
    clock.now += days(30) - 1;
    t.ok(await marks.find(name));
    clock.now += 1;
    t.equal(await marks.find(name), undefined);
    await marks.update(name, (mark) => ({ ...mark, verified: aTally(), endedAt: clock.now }));
    clock.now += days(30);
    t.equal(await marks.find(name), undefined, "also one that is written anew");
  });

  test(`${storeName}: a record of another form is none`, async (t) => {
    const { marks, store } = await prepare(t);
    await store.create(`dirty.marks#${accountId}`, `${region}/${instanceId}`, { shape: 2, verified: {} });
    t.equal(await marks.find(name), undefined);
    t.equal(await marks.change(name, (mark) => mark), undefined);
    for await (const mark of marks.list()) t.fail(JSON.stringify(mark));
    t.match(await marks.update(name, (mark) => mark), { shape: 1, messages: [] });
  });
}

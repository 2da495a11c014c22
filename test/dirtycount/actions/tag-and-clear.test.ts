import { test } from "tap";
import { journalOf } from "../../../lib/act/entry.ts";
import { hours, minutes, seconds } from "../../../lib/core/time.ts";
import { mergeEvents } from "../../../lib/marks/merge-events.ts";
import type { Store } from "../../../lib/state/store.ts";
import { dyingStore, openMarkActing } from "../../support/mark-acting.ts";
import { aMarkedEvent, now } from "../../support/marks.ts";
import { anInstance } from "../../support/tagaudit-records.ts";

const region = "eu-west-1";
const skunked = { dirty: "skunked", owner: "ada" };
const account = { program: "dirtycount", accountId: "123456789012" };

const touch = ({ marks }: ReturnType<typeof openMarkActing>, event: { readonly at: number }) =>
  marks.update({ region, instanceId: "i-1" }, (mark) => mergeEvents(mark, [aMarkedEvent({ messageId: "m9", event })]));

const lost = (): never => {
  throw Object.assign(new Error("socket hang up"), { name: "ECONNRESET", code: "ECONNRESET" });
};
const denied = (): never => {
  throw Object.assign(new Error("no"), { name: "UnauthorizedOperation" });
};

test("instances of a region are tagged in one call, and journaled as one", async (t) => {
  const place = openMarkActing();
  for (const id of ["i-1", "i-2", "i-3"]) await place.put(id);
  t.match((await place.run(await place.planTags())).outcomes, [/^tag applied: /]);
  t.strictSame(place.world.called, ["CreateTags i-1,i-2,i-3"]);
  t.strictSame(await place.planTags(), []);
});

test("what became tagged, was cleared or is gone since the scan is left alone", async (t) => {
  const place = openMarkActing();
  for (const id of ["i-1", "i-2", "i-3", "i-4"]) await place.put(id);
  const planned = await place.planTags();
  await place.put("i-1", skunked);
  const cleared = await place.markOf("i-2");
  if (cleared !== undefined) await place.marks.remove(cleared);
  place.world.instances.delete("i-3");
  await place.run(planned);
  t.strictSame(place.world.called, ["CreateTags i-4"]);
  t.match((await place.run(planned)).outcomes, ["tag unneeded: every recorded instance has the tag"]);
});

test("one that can't have it stands alone, is named, and the others are tagged", async (t) => {
  const place = openMarkActing();
  for (const id of ["i-1", "i-2", "i-3", "i-4"]) await place.put(id);
  place.world.full.add("i-2");
  const planned = await place.planTags();
  place.world.beforeWrite = () => {
    place.world.instances.delete("i-3");
  };
  t.match((await place.run(planned)).outcomes, [/^tag applied/]);
  t.strictSame(
    await Promise.all(["i-1", "i-2", "i-3", "i-4"].map(async (id) => (await place.markOf(id))?.untaggable)),
    [undefined, "tag_limit", "not_found", undefined],
  );
  t.strictSame(["i-1", "i-2", "i-4"].map(place.tagOf), ["skunked", undefined, "skunked"]);
});

test("an answer that is lost, and the tag put: a look says so", async (t) => {
  const place = openMarkActing();
  await place.put("i-1");
  place.world.afterWrite = lost;
  t.match((await place.run(await place.planTags())).outcomes, [/^tag applied/]);
  t.equal(place.world.called.length, 1);
});

test("what is refused has failed, is promised to dirtymark once, and is tried again under the same id", async (t) => {
  const place = openMarkActing();
  await place.put("i-1");
  place.world.beforeWrite = denied;
  const planned = await place.planTags();
  t.match((await place.run(planned)).outcomes, [/^tag failed: ec2:CreateTags: no/]);
  await place.run(planned);
  place.clock.now += hours(1);
  await place.run(await place.planTags());
  t.strictSame(await place.promised(), ["i-1"]);
  place.world.beforeWrite = () => undefined;
  t.match((await place.run(await place.planTags())).outcomes, [/^tag applied/]);
});

test("a record and its tag go, for a reason, and other tags stay", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  t.match((await place.run(await place.planClear("i-1"))).outcomes, ["clear applied: rebuilt"]);
  t.equal(await place.markOf("i-1"), undefined);
  t.strictSame([...(place.world.instances.get("i-1")?.tags ?? [])], [["owner", "ada"]]);
});

for (const { name, tags, isGone, calls } of [
  { name: "without a tag", tags: {}, isGone: false, calls: [] },
  { name: "whose tag has another value", tags: { dirty: "mine" }, isGone: false, calls: [] },
  { name: "whose instance is gone", tags: skunked, isGone: true, calls: [] },
]) {
  test(`a record ${name} goes without a call`, async (t) => {
    const place = openMarkActing();
    await place.put("i-1", tags);
    if (isGone) place.world.instances.clear();
    t.match((await place.run(await place.planClear("i-1"))).outcomes, [/^clear applied/]);
    t.strictSame(place.world.called, calls);
    t.equal(await place.markOf("i-1"), undefined);
  });
}

test("the tag alone goes, and neither is nothing to do", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  const mark = await place.markOf("i-1");
  if (mark !== undefined) await place.marks.remove(mark);
  t.match((await place.run(await place.planClear("i-1"))).outcomes, [/^clear applied/]);
  t.equal(place.tagOf("i-1"), undefined);
  place.clock.now += 1;
  t.match((await place.run(await place.planClear("i-1"))).outcomes, [
    "clear unneeded: it has neither a record nor the tag",
  ]);
});

test("one that was touched again is not cleared by who has not seen that", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  const planned = await place.planClear("i-1");
  await touch(place, { at: now + 1 });
  t.match((await place.run(planned)).refusals, ["clear changed: a person has touched it again meanwhile"]);
  t.strictSame(place.world.called, []);
});

test("one that is touched while its tag goes keeps its record, and gets the tag back", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  const planned = await place.planClear("i-1");
  let touching: Promise<unknown> = Promise.resolve();
  place.world.afterWrite = () => {
    touching = touch(place, { at: now + 1 });
  };
  await place.run(planned);
  await touching;
  t.equal((await place.markOf("i-1"))?.verified?.count, 2);
  place.world.afterWrite = () => undefined;
  await place.run(await place.planTags());
  t.equal(place.tagOf("i-1"), "skunked");
});

test("the tag that it gets back is promised to dirtymark, for nobody else may put tags", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  const planned = await place.planClear("i-1");
  let touching: Promise<unknown> = Promise.resolve();
  place.world.afterWrite = () => {
    touching = touch(place, { at: now + 1 });
  };
  await place.run(planned);
  await touching;
  t.strictSame(await place.promised(), ["i-1"]);
});

test("an event of before the look that only comes after it is not cleared unseen", async (t) => {
  const early = openMarkActing();
  await early.put("i-1", skunked);
  const planned = await early.planClear("i-1");
  await touch(early, { at: now - hours(1) });
  t.match((await early.run(planned)).refusals, [/^clear changed: /]);
  t.strictSame(early.world.called, []);
  const late = openMarkActing();
  await late.put("i-1", skunked);
  let touching: Promise<unknown> = Promise.resolve();
  late.world.afterWrite = () => {
    touching = touch(late, { at: now - hours(1) });
  };
  await late.run(await late.planClear("i-1"));
  await touching;
  t.equal((await late.markOf("i-1"))?.verified?.count, 2);
});

test("what was promised of a cleared instance is taken back, also where another process is at the promise", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  await place.promise("i-1", "i-2");
  let isFirst = true;
  const through: Store = {
    ...place.store,
    async replace(...asked) {
      const [collection, id] = asked;
      if (collection === "dirty.tags_due" && isFirst) {
        isFirst = false;
        await place.store.replace(...asked);
        await place.store.remove(collection, id, asked[2].expectedVersion + 1);
        await place.promise("i-1");
        return "conflict";
      }
      return place.store.replace(...asked);
    },
  };
  await place.run(await place.planClear("i-1"), { through });
  t.strictSame(await place.promised(), ["i-1"], "what is promised meanwhile is of a new touch");
  const busy = openMarkActing();
  await busy.put("i-1", skunked);
  await busy.promise("i-1", "i-2", "i-3");
  let wasBusy = false;
  const contended: Store = {
    ...busy.store,
    async replace(collection, id, replacement) {
      if (collection === "dirty.tags_due" && !wasBusy) {
        wasBusy = true;
        const body = { ...replacement.body, instanceIds: ["i-1", "i-2"] };
        await busy.store.replace(collection, id, { ...replacement, body });
      }
      return busy.store.replace(collection, id, replacement);
    },
  };
  await busy.run(await busy.planClear("i-1"), { through: contended });
  t.strictSame(await busy.promised(), ["i-2"]);
});

test("what is promised of the same id in another region stays, and stands for no other promise", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  await place.due.add({ accountId: account.accountId, region: "us-east-1", instanceIds: ["i-1"] });
  await place.run(await place.planClear("i-1"));
  t.strictSame(await place.promised(), ["i-1"]);
  await place.put("i-1");
  place.world.beforeWrite = denied;
  await place.run(await place.planTags());
  t.strictSame(await place.promised(), ["i-1", "i-1"]);
});

test("one that was cleared and marked again is another record, however like the first", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  const planned = await place.planClear("i-1");
  const first = await place.markOf("i-1");
  if (first !== undefined) await place.marks.remove(first);
  await touch(place, { at: now + 1 });
  t.equal((await place.markOf("i-1"))?.verified?.count, first?.verified?.count);
  t.match((await place.run(planned)).refusals, [/^clear changed: /]);
});

test("nothing is put on or taken off what is on its way out, nor put on what has ended", async (t) => {
  const place = openMarkActing();
  for (const id of ["i-1", "i-2"]) await place.put(id);
  const planned = await place.planTags();
  const leave = (id: string, tags: Readonly<Record<string, string>>) =>
    place.world.instances.set(id, anInstance({ id, tags, state: "shutting-down" }));
  leave("i-1", {});
  await place.marks.change({ region, instanceId: "i-2" }, (mark) => ({ ...mark, endedAt: now }));
  t.match((await place.run(planned)).outcomes, [/^tag unneeded/]);
  leave("i-1", skunked);
  t.match((await place.run(await place.planClear("i-1"))).outcomes, [/^clear applied/]);
  t.strictSame(place.world.called, []);
});

test("a tagging that was cut short promises nothing of what a person has cleared since", async (t) => {
  const place = openMarkActing();
  await place.put("i-1");
  await place.put("i-2");
  const { dying, kill } = dyingStore(place.store, 999);
  place.world.beforeWrite = () => {
    kill();
    denied();
  };
  await place.run(await place.planTags(), { through: dying }).catch(() => undefined);
  place.world.beforeWrite = () => undefined;
  place.clock.now += seconds(15);
  t.match((await place.run(await place.planClear("i-1"), { token: "b" })).outcomes, [/^clear applied/]);
  place.clock.now += minutes(10);
  t.strictSame((await place.run([], { token: "c" })).unsettled, []);
  t.strictSame(await place.promised(), ["i-2"]);
});

test("a tagging that was cut short has put every tag that is still due", async (t) => {
  const place = openMarkActing();
  await place.put("i-1");
  await place.put("i-2");
  const { dying, kill } = dyingStore(place.store, 999);
  place.world.afterWrite = kill;
  await place.run(await place.planTags(), { through: dying }).catch(() => undefined);
  place.world.afterWrite = () => undefined;
  place.clock.now += seconds(15);
  await place.run(await place.planClear("i-1"), { token: "b" });
  place.clock.now += minutes(10);
  await place.run([], { token: "c" });
  const states: unknown[] = [];
  for await (const { body } of place.store.list(journalOf(account))) states.push(body.state);
  t.strictSame([states, await place.promised()], [["applied", "applied"], []]);
});

test("an answer that something else is missing says nothing of an instance", async (t) => {
  const place = openMarkActing();
  await place.put("i-1");
  place.world.beforeWrite = () => {
    throw Object.assign(new Error("no such role"), { name: "ResourceNotFoundException" });
  };
  t.match((await place.run(await place.planTags())).outcomes, [/^tag failed/]);
  t.notOk((await place.markOf("i-1"))?.untaggable);
});

test("where the tag may not be taken off, the record stays", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  place.world.beforeWrite = denied;
  t.match((await place.run(await place.planClear("i-1"))).outcomes, [/^clear failed: ec2:DeleteTags: no/]);
  t.ok(await place.markOf("i-1"));
});

test("neither has an undo, and each says why", async (t) => {
  const { clear } = await import("../../../lib/dirtycount/actions/clear.ts");
  const { tag } = await import("../../../lib/dirtycount/actions/tag.ts");
  // Neither looks at what it acts with before it acts.
  for (const kind of [tag, clear].map((make) => make({} as never))) {
    t.notOk("undo" in kind);
    t.type(kind.noUndo, "string");
  }
});

for (const { kind, want } of [
  { kind: "tag", want: { isRecorded: true, tag: "skunked" } },
  { kind: "clear", want: { isRecorded: false, tag: undefined } },
] as const) {
  test(`killed at any instant while it does ${kind}: one more run makes true what it left`, async (t) => {
    for (let deathAt = 0, hasEnded = false; !hasEnded; deathAt += 1) {
      const place = openMarkActing();
      await place.put("i-1", kind === "clear" ? skunked : {});
      const planned = kind === "clear" ? await place.planClear("i-1") : await place.planTags();
      const { dying, seen } = dyingStore(place.store, deathAt);
      await place.run(planned, { through: dying }).catch(() => undefined);
      hasEnded = !seen.isDead;
      const wasCalled = place.world.called.length > 0;
      place.clock.now += minutes(10);
      // A tag is planned anew in every run; a person's command is not, and what was begun of it ends.
      const next = kind === "tag" ? await place.planTags() : [];
      t.strictSame((await place.run(next, { token: "b" })).unsettled, [], `${deathAt}`);
      const found = { isRecorded: (await place.markOf("i-1")) !== undefined, tag: place.tagOf("i-1") };
      const untouched = { isRecorded: true, tag: "skunked" };
      t.strictSame(found, kind === "clear" && !wasCalled ? untouched : want, `${deathAt}`);
      t.ok(place.world.called.length <= 2, `${deathAt}: ${place.world.called}`);
      t.ok(deathAt < 60, "it comes to an end");
    }
  });
}

test("killed after the tag was taken off: the journal has the next run take the record away", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  const { dying, kill } = dyingStore(place.store, 999);
  place.world.afterWrite = kill;
  await place.run(await place.planClear("i-1"), { through: dying }).catch(() => undefined);
  t.ok(await place.markOf("i-1"));
  place.clock.now += minutes(10);
  t.strictSame((await place.run([], { token: "b" })).unsettled, []);
  t.equal(await place.markOf("i-1"), undefined);
  for await (const { body } of place.store.list(journalOf(account)))
    t.match(body, { state: "applied", wasInterrupted: true });
});

import { test } from "tap";
import { journalOf } from "../../../lib/act/entry.ts";
import { hours, minutes } from "../../../lib/core/time.ts";
import { mergeEvents } from "../../../lib/marks/merge-events.ts";
import { dyingStore, openMarkActing } from "../../support/mark-acting.ts";
import { aMarkedEvent, now } from "../../support/marks.ts";

const region = "eu-west-1";
const skunked = { dirty: "skunked", owner: "ada" };
const account = { program: "dirtycount", accountId: "123456789012" };

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
  const touch = () =>
    place.marks.update({ region, instanceId: "i-1" }, (mark) =>
      mergeEvents(mark, [aMarkedEvent({ messageId: "m9", event: { at: now + 1 } })]),
    );
  const planned = await place.planClear("i-1");
  await touch();
  t.match((await place.run(planned)).refusals, ["clear changed: a person has touched it again meanwhile"]);
  t.strictSame(place.world.called, []);
});

test("one that is touched while its tag goes keeps its record, and gets the tag back", async (t) => {
  const place = openMarkActing();
  await place.put("i-1", skunked);
  const planned = await place.planClear("i-1");
  let touching: Promise<unknown> = Promise.resolve();
  place.world.afterWrite = () => {
    touching = place.marks.update({ region, instanceId: "i-1" }, (mark) =>
      mergeEvents(mark, [aMarkedEvent({ messageId: "m9", event: { at: now + 1 } })]),
    );
  };
  await place.run(planned);
  await touching;
  t.equal((await place.markOf("i-1"))?.verified?.count, 2);
  place.world.afterWrite = () => undefined;
  await place.run(await place.planTags());
  t.equal(place.tagOf("i-1"), "skunked");
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

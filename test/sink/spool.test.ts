import { test } from "tap";
import type { Document } from "../../lib/core/document.ts";
import { days, type Millis, parseInstant } from "../../lib/core/time.ts";
import type { DocumentTotals } from "../../lib/sink/sink.ts";
import { openSpool, type SpoolOptions } from "../../lib/sink/spool.ts";
import { undeliveredFor } from "../../lib/sink/totals.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { idsIn } from "../contract/store.ts";

const start = parseInstant("2026-03-01T12:00:00Z") ?? Number.NaN;
const collection = "spool.tagaudit.waiting#123456789012";

const aDocument = (id: string, text = ""): Document => ({
  index: "aws-audits",
  id,
  body: { "@timestamp": start, doc_type: "aws_tag_violator", id, text },
});

const many = (count: number, prefix = "i-"): readonly Document[] =>
  Array.from({ length: count }, (_, at) => aDocument(`${prefix}${at}`));

/** A spool on a store of its own, with a clock that is set by hand. */
function open({ store, ...options }: Partial<SpoolOptions> & { readonly store?: Store } = {}) {
  const time = { now: start };
  const clock = () => time.now;
  const warnings: string[] = [];
  const kept = store ?? openMemoryStore({ now: clock });
  const open = () =>
    openSpool(kept, {
      ...{ program: "tagaudit", accountId: "123456789012", clock, warn: (message) => warnings.push(message) },
      ...options,
    });
  return { spool: open(), reopen: open, store: kept, warnings, pass: (span: Millis) => (time.now += span) };
}

/** A target with what it holds, by id; it is out of order until told otherwise. */
function openTarget() {
  const target = {
    held: new Map<string, Document>(),
    order: [] as string[],
    takes: Number.POSITIVE_INFINITY,
    refuses: "",
    async write(documents: readonly Document[]): Promise<DocumentTotals> {
      const taken = documents.slice(0, target.takes);
      const rejected = taken.filter(({ id }) => id === target.refuses).map((document) => ({ document, reason: "no" }));
      const wanted = taken.filter(({ id }) => id !== target.refuses);
      const fresh = wanted.filter(({ id }) => !target.held.has(id));
      for (const document of fresh) target.held.set(document.id, document);
      target.order.push(...fresh.map(({ id }) => id));
      const counts = { stored: fresh.length, duplicates: wanted.length - fresh.length, rejected };
      return { ...undeliveredFor("down", documents.slice(taken.length)), ...counts };
    },
  };
  return target;
}

const nothing = { stored: 0, duplicates: 0, rejected: 0, waiting: 0, dropped: 0, reason: undefined };

test("without anything that waits nothing is written", async (t) => {
  const { spool, warnings } = open();
  t.strictSame(await spool.deliverWaiting(() => t.fail("written") as never), nothing);
  t.strictSame(await spool.keep([]), { kept: 0, dropped: 0 });
  t.strictSame(await spool.keepRejected([]), { kept: 0, dropped: 0 });
  t.strictSame(warnings, []);
});

test("what is kept is delivered by the next run, unchanged, in the order it was kept in, once", async (t) => {
  const { spool, reopen, store, pass } = open();
  const hostile = aDocument("zoë 😀\n", 'a "quote", a lone \ud800 surrogate, \u0000 and \u2028');
  t.strictSame(await spool.keep([...many(2500), hostile]), { kept: 2501, dropped: 0 });
  pass(1);
  await reopen().keep(many(2, "later-"));
  const target = openTarget();
  t.strictSame(await reopen().deliverWaiting(target.write), { ...nothing, stored: 2503 });
  t.strictSame(target.order, [...many(2500).map(({ id }) => id), hostile.id, "later-0", "later-1"]);
  t.strictSame(target.held.get(hostile.id), hostile);
  t.strictSame(await idsIn(store, collection), []);
  t.strictSame(await reopen().deliverWaiting(target.write), nothing);
});

test("each account and program has its own", async (t) => {
  const { spool, store } = open();
  await spool.keep(many(1));
  for (const other of [{ accountId: "123456789013" }, { program: "dirtycount" }])
    t.strictSame(await open({ store, ...other }).spool.deliverWaiting(openTarget().write), nothing);
});

test("a document that is larger than any record comes back whole", async (t) => {
  const { spool } = open();
  // Of letters that can't be compressed to less than two records.
  let state = 1;
  const letters = Array.from({ length: 1_200_000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(32 + (state % 95));
  });
  const large = aDocument("rollup", letters.join(""));
  await spool.keep([aDocument("before"), large, aDocument("after")]);
  const target = openTarget();
  t.match(await spool.deliverWaiting(target.write), { stored: 3 });
  t.ok(target.held.get("rollup")?.body.text === large.body.text);
  t.strictSame(target.order, ["before", "rollup", "after"]);
});

test("a target that is down keeps everything waiting, and is asked once", async (t) => {
  const { spool, store } = open();
  await spool.keep(many(3000));
  const before = await idsIn(store, collection);
  const target = { ...openTarget(), calls: 0 };
  const write = async (documents: readonly Document[]) => {
    target.calls += 1;
    return undeliveredFor("down", documents);
  };
  t.strictSame(await spool.deliverWaiting(write), { ...nothing, waiting: 3000, reason: "down" });
  t.equal(target.calls, 1);
  t.strictSame(await idsIn(store, collection), before);
});

test("of a batch that was taken in part only the rest waits", async (t) => {
  const { spool } = open();
  await spool.keep(many(10));
  const target = openTarget();
  target.takes = 4;
  target.refuses = "i-1";
  t.strictSame(await spool.deliverWaiting(target.write), {
    ...nothing,
    ...{ stored: 3, rejected: 1, waiting: 6, reason: "down" },
  });
  target.takes = Number.POSITIVE_INFINITY;
  t.strictSame(await spool.deliverWaiting(target.write), { ...nothing, stored: 6 });
});

test("a crash between delivery and removal: delivered again, and found there", async (t) => {
  const { spool, reopen, store } = open();
  await spool.keep(many(5));
  const target = openTarget();
  const dying: Store = { ...store, remove: () => Promise.reject(new Error("killed")) };
  await t.rejects(open({ store: dying }).spool.deliverWaiting(target.write), { message: "killed" });
  t.strictSame(await reopen().deliverWaiting(target.write), { ...nothing, duplicates: 5 });
  t.equal(target.held.size, 5);
  t.strictSame(await idsIn(store, collection), []);
});

test("a crash before all of a batch is kept leaves nothing to be delivered by halves", async (t) => {
  const { reopen, store } = open();
  for (const survived of [0, 1]) {
    let left = survived;
    const create: Store["create"] = (...record) =>
      left-- > 0 ? store.create(...record) : Promise.reject(new Error("killed"));
    await t.rejects(open({ store: { ...store, create } }).spool.keep(many(3)), { message: "killed" });
    t.strictSame(await reopen().deliverWaiting(openTarget().write), nothing);
  }
});

test("two processes that deliver at once store everything once", async (t) => {
  const { reopen, spool, warnings } = open();
  await spool.keep(many(4000));
  const target = openTarget();
  const delivered = await Promise.all([reopen(), reopen()].map((one) => one.deliverWaiting(target.write)));
  t.equal(target.held.size, 4000);
  t.equal(
    delivered.reduce((sum, { stored }) => sum + stored, 0),
    4000,
  );
  t.equal(
    delivered.reduce((sum, { dropped }) => sum + dropped, 0),
    0,
  );
  t.strictSame(warnings, []);
});

test("what another process delivers meanwhile is not lost", async (t) => {
  const { spool, reopen, store, warnings } = open();
  await spool.keep(many(2));
  const target = openTarget();
  let isFirst = true;
  const get: Store["get"] = async (...record) => {
    if (isFirst) {
      isFirst = false;
      t.match(await reopen().deliverWaiting(target.write), { stored: 2 });
    }
    return store.get(...record);
  };
  const late = open({ store: { ...store, get } });
  t.strictSame(await late.spool.deliverWaiting(target.write), nothing);
  t.strictSame([...warnings, ...late.warnings], []);
});

const ages = [
  { name: "after 30 days to the millisecond it is still delivered", age: days(30), want: { stored: 2, dropped: 0 } },
  { name: "a millisecond later it is lost, and counted", age: days(30) + 1, want: { stored: 0, dropped: 2 } },
] as const;

for (const { name, age, want } of ages) {
  test(name, async (t) => {
    const { spool, warnings, pass, store } = open();
    await spool.keep(many(2));
    pass(age);
    t.match(await spool.deliverWaiting(openTarget().write), { ...want, waiting: 0 });
    t.strictSame(warnings, want.dropped === 0 ? [] : ["2 documents were lost: undelivered for 30 days, or unreadable"]);
    t.strictSame(await idsIn(store, collection), []);
  });
}

test("what can't be read is lost and counted, and the rest is delivered", async (t) => {
  const { spool, store, pass, warnings } = open();
  await spool.keep(many(2, "torn-"));
  const [piece = ""] = await idsIn(store, collection, { prefix: "piece/" });
  const { version = 0 } = (await store.get(collection, piece)) ?? {};
  await store.replace(collection, piece, { body: { text: "!" }, expectedVersion: version });
  pass(1);
  await spool.keep(many(1));
  t.match(await spool.deliverWaiting(openTarget().write), { stored: 1, dropped: 2, waiting: 0 });
  t.match(warnings, [/^2 documents were lost/]);
});

const room = { items: 3, bytes: 1_000_000 };
const limits = [
  { name: "as many documents as there may be", limits: { waiting: room, rejected: room }, add: 3, want: 3 },
  { name: "one more than there may be", limits: { waiting: room, rejected: room }, add: 4, want: 0 },
  { name: "no room in bytes", limits: { waiting: { items: 9, bytes: 20 }, rejected: room }, add: 1, want: 0 },
] as const;

for (const { name, limits: given, add, want } of limits) {
  test(`a bound of the spool: ${name}`, async (t) => {
    const { spool, warnings } = open({ limits: given });
    t.strictSame(await spool.keep(many(add)), { kept: want, dropped: add - want });
    t.equal(warnings.length, add === want ? 0 : 1);
    for (const warning of warnings)
      t.match(warning, /^(1 document was|4 documents were) lost, for which the spool has no room$/);
    t.match(await spool.deliverWaiting(openTarget().write), { stored: want });
  });
}

test("what waits already counts", async (t) => {
  const { spool, reopen } = open({ limits: { waiting: room, rejected: room } });
  await spool.keep(many(2));
  t.strictSame(await reopen().keep(many(2, "more-")), { kept: 0, dropped: 2 });
  t.strictSame(await reopen().keep(many(1, "one-")), { kept: 1, dropped: 0 });
});

test("what is refused for good is kept with its reason, said, and never delivered", async (t) => {
  const { spool, reopen, warnings, pass } = open();
  const target = openTarget();
  target.refuses = "i-1";
  await spool.keep(many(3));
  pass(5);
  t.strictSame(await spool.deliverWaiting(target.write), { ...nothing, stored: 2, rejected: 1 });
  t.strictSame(warnings, ['1 document was refused for good, such as "i-1": no']);
  t.strictSame(await reopen().deliverWaiting(target.write), nothing);
  const kept = [];
  for await (const one of reopen().listRejected()) kept.push(one);
  t.strictSame(kept, [{ document: aDocument("i-1"), reason: "no", at: start + 5 }]);
});

test("rejects have their own bound", async (t) => {
  const { spool, warnings } = open({ limits: { waiting: room, rejected: { items: 1, bytes: 1000 } } });
  const reject = (document: Document) => ({ document, reason: "no" });
  t.strictSame(await spool.keepRejected(many(1).map(reject)), { kept: 1, dropped: 0 });
  t.strictSame(await spool.keepRejected(many(2).map(reject)), { kept: 0, dropped: 2 });
  t.equal(warnings.at(-1), '2 documents were refused for good, such as "i-0": no; 2 of them found no room to be kept');
});

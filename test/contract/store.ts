import assert from "node:assert/strict";
import fc from "fast-check";
import { type Test, test } from "tap";
import type { JsonObject } from "../../lib/core/json.ts";
import type { Millis } from "../../lib/core/time.ts";
import type { StoreClock } from "../../lib/state/record.ts";
import type { Range, Store } from "../../lib/state/store.ts";
import { increment } from "../support/increment.ts";

/** Each call opens the same records, as another process would. */
export type OpenStore = (t: Test, clock?: StoreClock) => Promise<Store>;

/** What a list has read, as far as most tests look at it. */
export async function idsIn(store: Store, collection: string, range?: Range): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.list(collection, range)) ids.push(id);
  return ids;
}

const countOf = <Item>(items: readonly Item[], wanted: Item): number => items.filter((item) => item === wanted).length;

async function versionOf(store: Store, collection: string, id: string): Promise<number> {
  const found = await store.get(collection, id);
  if (found === undefined) throw new Error(`"${id}" is not there`);
  return found.version;
}

/** Beyond any server's own clock: it must not delete what expires by the test's. */
const future: Millis = 4_102_444_800_000;

const bodies: readonly JsonObject[] = [
  {},
  { null: null, true: true, zero: 0, text: "", list: [], nested: { a: [{ b: [1, [2]] }] } },
  { numbers: [-0.5, 1e300, 5e-324, 2 ** 53 - 1, future] },
  { text: "zoë 東京 😀 \u0000\u001f\u007f\u2028 \"quoted\" \\ 'x'", 'a key: {"$x"}': 1, __proto: 1, "": 2 },
  { half: "a lone \ud800 surrogate" },
  { large: "€".repeat(100_000) },
];

/** What holds for every store; called once by each implementation's own test. */
export function testStore(kind: string, open: OpenStore): void {
  let tests = 0;
  const testIn = (name: string, run: (t: Test, collection: string) => Promise<unknown>) => {
    tests += 1;
    const collection = `contract.${tests}#123456789012`;
    test(`${kind}: ${name}`, async (t) => {
      await run(t, collection);
    });
  };

  testIn("what is not there can't be read, replaced or removed", async (t, c) => {
    const store = await open(t);
    t.equal(await store.get(c, "a"), undefined);
    t.equal(await store.replace(c, "a", { body: {}, expectedVersion: 1 }), "conflict");
    t.equal(await store.remove(c, "a", 1), "conflict");
    t.strictSame(await idsIn(store, c), []);
  });

  testIn("what is created is there for everybody, unchanged", async (t, c) => {
    const [store, other] = [await open(t), await open(t)];
    for (const [at, body] of bodies.entries()) {
      t.equal(await store.create(c, `${at}`, body), "created");
      const found = await other.get(c, `${at}`);
      t.strictSame(found?.body, body);
      t.equal(found?.id, `${at}`);
      t.ok(Number.isSafeInteger(found?.version), "the version");
    }
  });

  testIn("what is there can't be created again", async (t, c) => {
    const [store, other] = [await open(t), await open(t)];
    await store.create(c, "a", { by: "first" });
    t.equal(await other.create(c, "a", { by: "second" }), "exists");
    t.strictSame((await store.get(c, "a"))?.body, { by: "first" });
  });

  testIn("a replacement fits one version and adds one to it", async (t, c) => {
    const [store, other] = [await open(t), await open(t)];
    await store.create(c, "a", { n: 1, gone: true });
    const version = await versionOf(store, c, "a");
    t.equal(await store.replace(c, "a", { body: { n: 2 }, expectedVersion: version }), "replaced");
    t.strictSame(await other.get(c, "a"), { id: "a", version: version + 1, body: { n: 2 } });
    for (const expectedVersion of [version, version + 2])
      t.equal(await other.replace(c, "a", { body: { n: 3 }, expectedVersion }), "conflict");
    t.strictSame((await store.get(c, "a"))?.body, { n: 2 });
  });

  testIn("a removal fits one version", async (t, c) => {
    const [store, other] = [await open(t), await open(t)];
    await store.create(c, "a", {});
    const version = await versionOf(store, c, "a");
    t.equal(await other.remove(c, "a", version + 1), "conflict");
    t.equal(await other.remove(c, "a", version), "removed");
    t.equal(await store.get(c, "a"), undefined);
    t.equal(await store.remove(c, "a", version), "conflict");
  });

  testIn("no version of a removed record fits one made anew", async (t, c) => {
    const store = await open(t);
    await store.create(c, "a", { n: 1 });
    const version = await versionOf(store, c, "a");
    await store.remove(c, "a", version);
    await store.create(c, "a", { n: 2 });
    for (const expectedVersion of [version, version + 1, 1])
      t.equal(await store.replace(c, "a", { body: { n: 3 }, expectedVersion }), "conflict");
    t.equal(await store.remove(c, "a", version), "conflict");
    t.strictSame((await store.get(c, "a"))?.body, { n: 2 });
  });

  testIn("one of any number of racing creations wins", async (t, c) => {
    const stores = [await open(t), await open(t)];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => stores.map((store, by) => store.create(c, "a", { at, by }))).flat(),
    );
    t.equal(countOf(answers, "created"), 1);
    t.equal(countOf(answers, "exists"), answers.length - 1);
  });

  testIn("racing replacements lose nothing", async (t, c) => {
    const stores = [await open(t), await open(t)];
    await stores[0]?.create(c, "a", { n: 0 });
    await Promise.all(stores.flatMap((store) => Array.from({ length: 4 }, () => increment(store, c, "a"))));
    t.strictSame((await stores[0]?.get(c, "a"))?.body, { n: 8 });
  });

  testIn("one of any number of racing removals wins", async (t, c) => {
    const stores = [await open(t), await open(t)];
    await stores[0]?.create(c, "a", {});
    const version = await versionOf(await open(t), c, "a");
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stores.map((store) => store.remove(c, "a", version))).flat(),
    );
    t.equal(countOf(answers, "removed"), 1);
  });

  testIn("what a caller does with its object later changes nothing", async (t, c) => {
    const store = await open(t);
    const body = { list: [1] };
    const created = store.create(c, "a", body);
    body.list.push(2);
    await created;
    const found = await store.get<{ list: number[] }>(c, "a");
    t.strictSame(found?.body, { list: [1] });
    found?.body.list.push(3);
    t.strictSame((await store.get(c, "a"))?.body, { list: [1] });
  });

  testIn("a record is gone from the millisecond on in which it expires", async (t, c) => {
    let now: Millis = future + 1;
    const store = await open(t, { now: () => now });
    const expiresAt = now + 5;
    await store.create(c, "a", { by: "first" }, { expiresAt });
    await store.create(c, "b", {});
    const version = await versionOf(store, c, "a");
    now = expiresAt - 1;
    t.strictSame(await idsIn(store, c), ["a", "b"]);
    t.equal(await store.create(c, "a", {}), "exists");
    now = expiresAt;
    t.equal(await store.get(c, "a"), undefined);
    t.strictSame(await idsIn(store, c), ["b"]);
    t.equal(await store.replace(c, "a", { body: {}, expectedVersion: version }), "conflict");
    t.equal(await store.remove(c, "a", version), "conflict");
    t.equal(await store.create(c, "a", { by: "second" }), "created");
    t.strictSame((await store.get(c, "a"))?.body, { by: "second" });
    t.equal(await store.replace(c, "a", { body: {}, expectedVersion: version }), "conflict", "of the expired one");
  });

  testIn("a replacement says anew how long a record is kept", async (t, c) => {
    let now: Millis = future;
    const store = await open(t, { now: () => now });
    for (const id of ["longer", "for good"]) await store.create(c, id, {}, { expiresAt: now + 1 });
    await store.create(c, "shorter", {});
    const replace = async (id: string, expiresAt?: Millis) =>
      store.replace(c, id, { body: {}, expectedVersion: await versionOf(store, c, id), expiresAt });
    await replace("longer", now + 10);
    await replace("shorter", now + 5);
    await replace("for good");
    now += 9;
    t.strictSame(await idsIn(store, c), ["for good", "longer"]);
    now += 1;
    t.strictSame(await idsIn(store, c), ["for good"]);
  });

  testIn("ids are listed by their bytes, and each collection by itself", async (t, c) => {
    const store = await open(t);
    const ordered = ["\u0001", " ", "A", "B", "a", "a\u0000", "a/b=c,+@-_.", "a😀", "b", "é", "東", "\ufffd", "😀"];
    for (const id of [...ordered].reverse()) await store.create(c, id, { id });
    for (const neighbour of [`${c}0`, c.slice(0, -1), `${c}\u0001`]) await store.create(neighbour, "other", {});
    t.strictSame(await idsIn(store, c), ordered);
    for (const id of ordered) t.strictSame((await store.get(c, id))?.body, { id });
  });

  testIn("a range takes what begins with its prefix, from its first id on", async (t, c) => {
    const store = await open(t);
    for (const id of ["a", "a/1", "a/2", "a/2/x", "a0", "b", "b\u{10ffff}z", "c"]) await store.create(c, id, {});
    const ranges: readonly { readonly range: Range; readonly want: readonly string[] }[] = [
      { range: { prefix: "a/" }, want: ["a/1", "a/2", "a/2/x"] },
      { range: { prefix: "a/2" }, want: ["a/2", "a/2/x"] },
      { range: { prefix: "b" }, want: ["b", "b\u{10ffff}z"] },
      { range: { prefix: "d" }, want: [] },
      { range: { from: "a0" }, want: ["a0", "b", "b\u{10ffff}z", "c"] },
      { range: { from: "a00" }, want: ["b", "b\u{10ffff}z", "c"] },
      { range: { from: "d" }, want: [] },
      { range: { prefix: "a/", from: "a/2" }, want: ["a/2", "a/2/x"] },
      { range: { prefix: "a/", from: "a" }, want: ["a/1", "a/2", "a/2/x"] },
      { range: { prefix: "a/", from: "a0" }, want: [] },
      { range: { prefix: "", from: "" }, want: ["a", "a/1", "a/2", "a/2/x", "a0", "b", "b\u{10ffff}z", "c"] },
    ];
    for (const { range, want } of ranges) t.strictSame(await idsIn(store, c, range), want, JSON.stringify(range));
  });

  testIn("a long list comes whole, whoever leaves another early", async (t, c) => {
    const store = await open(t);
    const ids = Array.from({ length: 110 }, (_, at) => `${at}`.padStart(3, "0"));
    // More than one page: DynamoDB's end at 1 MB.
    const padding = "x".repeat(10_000);
    await Promise.all(ids.map((id) => store.create(c, id, { padding })));
    for await (const { id } of store.list(c)) if (id === "104") break;
    t.strictSame(await idsIn(store, c), ids);
    t.strictSame(await idsIn(store, c, { prefix: "0", from: "015" }), ids.slice(15, 100));
  });

  testIn("what stays is listed once, whatever else happens meanwhile", async (t, c) => {
    const [store, other] = [await open(t), await open(t)];
    const ids = Array.from({ length: 110 }, (_, at) => `k${1000 + at}`);
    await Promise.all(ids.map((id) => store.create(c, id, {})));
    const isRemoved = (id: string) => id.endsWith("7");
    const seen: string[] = [];
    for await (const { id, version } of store.list(c)) {
      seen.push(id);
      if (id === "k1050") await Promise.all(ids.filter(isRemoved).map(async (gone) => remove(other, c, gone)));
      if (id === "k1080") await Promise.all(["k0", "k1095x", "z"].map((fresh) => other.create(c, fresh, {})));
      if (id === "k1102") await other.replace(c, id, { body: { n: 2 }, expectedVersion: version });
    }
    const kept = ids.filter((id) => !isRemoved(id));
    t.strictSame(
      seen.filter((id) => kept.includes(id)),
      kept,
    );
  });

  testIn("names and bodies have the same limits everywhere", async (t, c) => {
    const store = await open(t);
    const room = 1900 - Buffer.byteLength(c);
    const long = "c".repeat(1900 - 1024);
    const large = (size: number): JsonObject => ({ x: "x".repeat(size - '{"x":""}'.length) });
    t.equal(await store.create(c, "é".repeat(512), {}), "created");
    t.equal(await store.create(long, "i".repeat(1024), {}), "created");
    t.strictSame(await idsIn(store, long), ["i".repeat(1024)]);
    t.equal(await store.create(c, "large", large(400_000)), "created");
    t.ok(room > 1024);
    const refused = [
      [c, "", {}, /an id can't be empty/],
      ["", "a", {}, /a collection needs a name/],
      ["a\0b", "a", {}, /a collection needs valid Unicode without NUL/],
      ["a\ud800", "a", {}, /a collection needs valid Unicode/],
      [c, "a\udc00", {}, /an id needs valid Unicode/],
      [c, `x${"é".repeat(512)}`, {}, /the id has 1025 bytes, 1024 are the most/],
      [`${long}c`, "i".repeat(1024), {}, /collection and id have 1901 bytes, 1900 are the most/],
      [c, "larger", large(400_001), /can't store "larger" in ".*": its body has 400001 bytes, 400000 are the most/],
    ] as const;
    for (const [collection, id, body, message] of refused) {
      await t.rejects(store.create(collection, id, body), { name: "OpsError", message });
      await t.rejects(store.replace(collection, id, { body, expectedVersion: 1 }), { name: "OpsError", message });
      if (message.source.includes("body")) continue;
      await t.rejects(store.get(collection, id), { name: "OpsError", message });
      await t.rejects(store.remove(collection, id, 1), { name: "OpsError", message });
    }
    await t.rejects(idsIn(store, ""), { name: "OpsError", message: /can't list "": a collection needs a name/ });
    await t.rejects(idsIn(store, c, { prefix: "\ud83d" }), { message: /a range needs valid Unicode/ });
    await t.rejects(idsIn(store, c, { from: "\ud83d" }), { message: /a range needs valid Unicode/ });
  });

  testIn("any sequence of changes answers as a list of versions would", async (t, c) => {
    let runs = 0;
    const follows = fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      runs += 1;
      await followSteps((clock) => open(t, clock), `${c}/${runs}`, steps);
    });
    await t.resolves(fc.assert(follows, { numRuns: 15 }));
  });

  testIn("close ends it, and twice does no harm", async (t, c) => {
    const [store, other] = [await open(t), await open(t)];
    const creating = store.create(c, "a", {});
    await store.close();
    t.equal(await creating, "created");
    await store.close();
    t.strictSame(await idsIn(other, c), ["a"]);
    t.equal(await other.create(c, "b", {}), "created");
  });
}

async function remove(store: Store, collection: string, id: string): Promise<void> {
  await store.remove(collection, id, await versionOf(store, collection, id));
}

const step = fc.record({
  change: fc.constantFrom("create", "replace", "remove", "wait"),
  id: fc.constantFrom("a", "b"),
  /** With a version that an earlier step saw. */
  isStale: fc.boolean(),
  lifetime: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Expected {
  readonly version: number;
  readonly body: JsonObject;
  readonly expiresAt: Millis | undefined;
}

/** Holds each answer against a plain map of what should be there. */
async function followSteps(open: (clock: StoreClock) => Promise<Store>, collection: string, steps: readonly Step[]) {
  let now: Millis = future;
  const store = await open({ now: () => now });
  const expected = new Map<string, Expected>();
  const seen = new Map<string, number>();
  for (const [at, { change, id, isStale, lifetime }] of steps.entries()) {
    if (change === "wait") now += 1;
    for (const [known, { expiresAt }] of expected) if (expiresAt === now) expected.delete(known);
    const current = expected.get(id);
    const expectedVersion = (isStale ? seen.get(id) : current?.version) ?? 7;
    const fits = current?.version === expectedVersion;
    const expiresAt = lifetime === undefined ? undefined : now + lifetime;
    const body = { at };
    if (change === "create") {
      const created = await store.create(collection, id, body, { expiresAt });
      assert.equal(created, current === undefined ? "created" : "exists");
      if (created === "created") expected.set(id, { version: await versionOf(store, collection, id), body, expiresAt });
    } else if (change === "replace") {
      const replaced = await store.replace(collection, id, { body, expectedVersion, expiresAt });
      assert.equal(replaced, fits ? "replaced" : "conflict");
      if (fits) expected.set(id, { version: expectedVersion + 1, body, expiresAt });
    } else if (change === "remove") {
      assert.equal(await store.remove(collection, id, expectedVersion), fits ? "removed" : "conflict");
      if (fits) expected.delete(id);
    }
    if (current !== undefined && at % 2 === 0) seen.set(id, current.version);
  }
  const listed: unknown[] = [];
  for await (const record of store.list(collection)) listed.push(record);
  const wanted = [...expected].map(([id, { version, body }]) => ({ id, version, body }));
  assert.deepEqual(
    listed,
    wanted.sort((left, right) => (left.id < right.id ? -1 : 1)),
  );
}

import { test } from "tap";
import { openDueBook } from "../../lib/marks/tags-due.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";

const due = { accountId: "123456789012", region: "eu-west-1", instanceIds: ["i-1", "i-2"] };

async function read(store: Store, accountId?: string) {
  const found: string[] = [];
  for await (const one of openDueBook(store, () => "x").list(accountId))
    found.push(`${one.accountId} ${one.region} ${one.instanceIds.join()}`);
  return found;
}

for (const { name, open } of [
  { name: "memory", open: async () => openMemoryStore() },
  { name: "embedded", open: (directory: string) => openEmbeddedStore({ directory }) },
]) {
  test(`${name}: what is promised is kept by account and region until it is settled`, async (t) => {
    const store = await open(t.testdir({}));
    t.teardown(() => store.close());
    let next = 0;
    const book = openDueBook(store, () => `id${next++}`);
    const first = await book.add(due);
    await book.add({ ...due, region: "ap-south-1", instanceIds: ["i-3"] });
    await book.add({ ...due, accountId: "210987654321", instanceIds: ["i-4"] });
    t.strictSame(await read(store), [
      ...["123456789012 ap-south-1 i-3", "123456789012 eu-west-1 i-1,i-2", "210987654321 eu-west-1 i-4"],
    ]);
    t.strictSame(await read(store, "210987654321"), ["210987654321 eu-west-1 i-4"]);
    await book.settle(first, ["i-2"]);
    t.strictSame((await read(store, due.accountId))[1], "123456789012 eu-west-1 i-2");
    await book.settle(first, []);
    t.equal((await read(store, due.accountId)).length, 2, "another process has settled it otherwise");
  });
}

test("a promise whose id is taken gets another, and takes nothing from the first", async (t) => {
  const store = openMemoryStore();
  const ids = ["same", "same", "other"];
  const { add } = openDueBook(store, () => ids.shift() ?? "");
  const [first, second] = [await add(due), await add({ ...due, instanceIds: ["i-9"] })];
  t.not(first.id, second.id);
  t.equal((await read(store)).length, 2);
});

test("all that is settled is gone", async (t) => {
  const store = openMemoryStore();
  const book = openDueBook(store, () => "id");
  await book.settle(await book.add(due), []);
  t.strictSame(await read(store), []);
});

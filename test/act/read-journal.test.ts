import { test } from "tap";
import { listAccounts, noteAccount } from "../../lib/act/accounts.ts";
import { asBody, type JournalEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import { findEntry, listEntries, listOpenEntries, listOpenSubjects } from "../../lib/act/read-journal.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import { anAction } from "../support/an-intent.ts";

const account = { program: "keycheck", accountId: "123456789012" } as const;
const idOf = (subject: string) => `keycheck/123456789012/notice/${subject}/1`;

const anEntry = (subject: string): JournalEntry => ({
  ...{
    action: anAction({ subject }),
    state: "applied",
    attempt: 1,
    intendedAt: 1,
    before: {},
    who: "arn",
    planHash: "p",
  },
  lease: { holder: { token: "t", host: "h", pid: 1 }, until: 2 },
});

async function filled(): Promise<Store> {
  const store = openMemoryStore();
  for (const subject of ["ada", "bob"]) await store.create(journalOf(account), idOf(subject), asBody(anEntry(subject)));
  await store.create(openOf(account), idOf("bob"), {});
  // Its process died between its row and its entry.
  await store.create(openOf(account), idOf("cyd"), {});
  return store;
}

async function subjects(entries: AsyncIterable<JournalEntry>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { action } of entries) found.push(action.subject);
  return found;
}

test("a journal is listed by account, whole or as far as it is open", async (t) => {
  const store = await filled();
  t.strictSame(await subjects(listEntries(store, account)), ["ada", "bob"]);
  t.strictSame(await subjects(listOpenEntries(store, account)), ["bob"]);
  t.strictSame(await subjects(listEntries(store, { ...account, accountId: "999999999999" })), []);
});

test("what is open is told by its subject and kind, with an entry or without", async (t) => {
  const store = await filled();
  await store.create(openOf(account), "no id", {});
  t.strictSame([...(await listOpenSubjects(store, account, ["notice", "stop"]))], ["bob", "cyd"]);
  t.strictSame([...(await listOpenSubjects(store, account, ["stop"]))], []);
});

test("an entry is found by its id, which names its account", async (t) => {
  const store = await filled();
  t.strictSame((await findEntry(store, idOf("ada")))?.action, anAction({ subject: "ada" }));
  for (const id of [idOf("cyd"), "keycheck/999999999999/notice/ada/1", "ada", ""])
    t.equal(await findEntry(store, id), undefined, id);
});

test("an account is noted once by a process, however often it acts there", async (t) => {
  const store = openMemoryStore();
  let asked = 0;
  const counting: Store = {
    ...store,
    create(...request) {
      asked += 1;
      return store.create(...request);
    },
  };
  for (let times = 0; times < 3; times += 1) {
    await noteAccount(counting, account);
    await noteAccount(counting, { ...account, accountId: "210987654321" });
  }
  t.equal(asked, 2);
  // Another process's store.
  await noteAccount(store, account);
  t.strictSame(await listAccounts(store, "keycheck"), ["123456789012", "210987654321"]);
  t.strictSame(await listAccounts(store, "tagaudit"), []);
});

test("an account whose note failed is noted the next time", async (t) => {
  const store = openMemoryStore();
  const failing: Store = { ...store, create: async () => Promise.reject(new Error("no disk")) };
  const healing: Store = { ...failing };
  await t.rejects(noteAccount(healing, account), /no disk/);
  Object.assign(healing, store);
  await noteAccount(healing, account);
  t.strictSame(await listAccounts(store, "keycheck"), ["123456789012"]);
});

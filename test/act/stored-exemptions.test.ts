import { test } from "tap";
import { findExemption } from "../../lib/act/exemptions.ts";
import { addExemption, listExemptions, removeExemption } from "../../lib/act/stored-exemptions.ts";
import { days } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";

const start = Date.UTC(2026, 2, 1, 12);
const anExemption = (names: string) => ({ names, reason: "a vendor's", owner: "grace", until: start + days(30) });

function openStore() {
  let now = start;
  return { store: openMemoryStore({ now: () => now }), pass: (time: number) => (now += time) };
}

test("what was added is listed in the order of its globs, for its program alone", async (t) => {
  const { store } = openStore();
  for (const names of ["eve", "*", "svc-?", "AKIAEXAMPLEEXAM3X7QZ", "a=b,c+d@e.f_g"])
    await addExemption(store, "keycheck", anExemption(names));
  const listed = await listExemptions(store, "keycheck");
  t.strictSame(
    listed,
    ["*", "AKIAEXAMPLEEXAM3X7QZ", "a=b,c+d@e.f_g", "eve", "svc-?"].map((names) => ({
      id: names,
      ...anExemption(names),
    })),
  );
  t.strictSame(await listExemptions(store, "tagaudit"), []);
});

test("a second one for the same names takes the first one's place, its end included", async (t) => {
  const { store, pass } = openStore();
  await addExemption(store, "keycheck", anExemption("eve"));
  const longer = { ...anExemption("eve"), reason: "another", owner: "ada", until: start + days(60) };
  await addExemption(store, "keycheck", longer);
  pass(days(59));
  t.strictSame(await listExemptions(store, "keycheck"), [{ id: "eve", ...longer }]);
  await addExemption(store, "keycheck", { ...longer, until: start + days(59) + 1 });
  pass(1);
  t.strictSame(await listExemptions(store, "keycheck"), []);
});

test("it ends by itself, and is then no exemption by any clock", async (t) => {
  const { store, pass } = openStore();
  await addExemption(store, "keycheck", anExemption("eve"));
  pass(days(30) - 1);
  const listed = await listExemptions(store, "keycheck");
  t.ok(findExemption(listed, ["eve"], start + days(30) - 1));
  t.notOk(findExemption(listed, ["eve"], start + days(30)), "a list that is read too early does not outlive it");
  pass(1);
  t.strictSame(await listExemptions(store, "keycheck"), []);
});

test("removed is the one named, and no other that its glob would match", async (t) => {
  const { store } = openStore();
  await addExemption(store, "keycheck", anExemption("*"));
  await addExemption(store, "keycheck", anExemption("eve"));
  t.equal(await removeExemption(store, "keycheck", "*"), true);
  t.strictSame(
    (await listExemptions(store, "keycheck")).map(({ id }) => id),
    ["eve"],
  );
  t.equal(await removeExemption(store, "keycheck", "*"), false);
  t.equal(await removeExemption(store, "tagaudit", "eve"), false);
});

test("two people at once leave one of their two, whole", async (t) => {
  const { store } = openStore();
  const [hers, his] = [anExemption("eve"), { ...anExemption("eve"), reason: "his", owner: "linus", until: start + 9 }];
  await Promise.all([addExemption(store, "keycheck", hers), addExemption(store, "keycheck", his)]);
  const [left, ...others] = await listExemptions(store, "keycheck");
  t.strictSame(others, []);
  t.strictSame(left, { id: "eve", ...(left?.owner === "grace" ? hers : his) });
});

test("one that is removed while another is added in its place is removed or stays, and nobody waits for ever", async (t) => {
  const { store } = openStore();
  await addExemption(store, "keycheck", anExemption("eve"));
  const [, removed] = await Promise.all([
    addExemption(store, "keycheck", { ...anExemption("eve"), reason: "new" }),
    removeExemption(store, "keycheck", "eve"),
  ]);
  const left = await listExemptions(store, "keycheck");
  t.equal(removed, true);
  t.ok(left.length === 0 || left[0]?.reason === "new");
});

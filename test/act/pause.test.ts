import { test } from "tap";
import { findPause, pause, resume } from "../../lib/act/pause.ts";
import { hours } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";

const start = Date.UTC(2026, 2, 1, 12);
const everything = { program: undefined } as const;
const keycheck = { program: "keycheck" } as const;
const aPause = { reason: "an incident", by: "grace", at: start, until: undefined } as const;

function openStore() {
  let now = start;
  return { store: openMemoryStore({ now: () => now }), pass: (time: number) => (now += time) };
}

const cases = [
  { name: "nothing is paused that nobody has paused", scopes: [], program: "keycheck", want: false },
  { name: "all programs at once", scopes: [everything], program: "keycheck", want: true },
  { name: "one program", scopes: [keycheck], program: "keycheck", want: true },
  { name: "not another one with it", scopes: [keycheck], program: "tagaudit", want: false },
  { name: "one that all of them include", scopes: [everything, keycheck], program: "tagaudit", want: true },
] as const;

for (const { name, scopes, program, want } of cases) {
  test(name, async (t) => {
    const { store } = openStore();
    for (const scope of scopes) await pause(store, scope, aPause);
    t.strictSame(await findPause(store, program), want ? aPause : undefined);
  });
}

test("a pause ends at its time, and not before", async (t) => {
  const { store, pass } = openStore();
  const until = start + hours(1);
  await pause(store, keycheck, { ...aPause, until });
  pass(hours(1) - 1);
  t.strictSame(await findPause(store, "keycheck"), { ...aPause, until });
  pass(1);
  t.equal(await findPause(store, "keycheck"), undefined);
});

test("paused again, it is paused for the later reason and time", async (t) => {
  const { store, pass } = openStore();
  await pause(store, keycheck, { ...aPause, until: start + hours(1) });
  await pause(store, keycheck, { ...aPause, reason: "a freeze", by: "ada" });
  pass(hours(2));
  t.strictSame(await findPause(store, "keycheck"), { ...aPause, reason: "a freeze", by: "ada" });
  await pause(store, keycheck, { ...aPause, until: start + hours(3) });
  pass(hours(1));
  t.equal(await findPause(store, "keycheck"), undefined);
});

test("resumed is what was paused, and no more than that", async (t) => {
  const { store } = openStore();
  await pause(store, everything, aPause);
  await pause(store, keycheck, aPause);
  t.equal(await resume(store, keycheck), true);
  t.strictSame(await findPause(store, "keycheck"), aPause, "all programs are still paused");
  t.equal(await resume(store, keycheck), false, "nothing was left to resume");
  t.equal(await resume(store, everything), true);
  t.equal(await findPause(store, "keycheck"), undefined);
});

test("a pause that is over was none to resume", async (t) => {
  const { store, pass } = openStore();
  await pause(store, keycheck, { ...aPause, until: start + 1 });
  pass(1);
  t.equal(await resume(store, keycheck), false);
  await pause(store, keycheck, aPause);
  t.strictSame(await findPause(store, "keycheck"), aPause);
});

/** Another person is always a moment faster, as often as said. */
function contended(store: Store, meddle: (round: number) => Promise<unknown>, rounds: number): Store {
  let round = 0;
  return {
    ...store,
    async get(collection, id) {
      const found = await store.get<never>(collection, id);
      round += 1;
      if (round <= rounds) await meddle(round);
      return found;
    },
  };
}

test("whoever else pauses or resumes meanwhile, the kill switch is pulled in the end", async (t) => {
  const { store } = openStore();
  await pause(store, keycheck, aPause);
  const meddle = (round: number) =>
    round % 2 === 0 ? resume(store, keycheck) : pause(store, keycheck, { ...aPause, by: `person ${round}` });
  await pause(contended(store, meddle, 4), keycheck, { ...aPause, by: "ada" });
  t.match(await findPause(store, "keycheck"), { by: "ada" });
});

test("whoever else pauses meanwhile, it is resumed in the end", async (t) => {
  const { store } = openStore();
  await pause(store, keycheck, aPause);
  const meddle = (round: number) => pause(store, keycheck, { ...aPause, by: `person ${round}` });
  t.equal(await resume(contended(store, meddle, 3), keycheck), true);
  t.equal(await findPause(store, "keycheck"), undefined);
});

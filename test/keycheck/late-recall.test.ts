import { test } from "tap";
import { openLateRecall } from "../../lib/keycheck/late-recall.ts";
import type { UserMemory } from "../../lib/keycheck/memory.ts";
import type { Recall } from "../../lib/keycheck/recall.ts";
import { aListedUser, now } from "../support/keycheck-records.ts";

const aMemory = (name: string): UserMemory => ({
  ...aListedUser({ name }),
  ...{ keys: [], listedAt: now, sighting: undefined },
});

/** A recall of which nothing but what it was told is of interest. */
function openPad() {
  const pad = { opened: 0, names: [] as string[], settled: 0 };
  const recall: Recall = {
    async *read() {},
    remember: ({ name }) => pad.names.push(name),
    forget: () => undefined,
    async settle() {
      pad.settled += 1;
    },
  };
  const open = async () => {
    pad.opened += 1;
    return recall;
  };
  return { pad, open };
}

const cases = [
  { name: "nobody", users: 0, want: { opened: 0, names: 0, settled: 0 } },
  { name: "as many as are few", users: 3, want: { opened: 0, names: 0, settled: 0 } },
  { name: "one more: all of them are remembered, once", users: 4, want: { opened: 1, names: 4, settled: 1 } },
  { name: "many", users: 9, want: { opened: 1, names: 9, settled: 1 } },
];

for (const { name, users, want } of cases) {
  for (const isSlow of [false, true]) {
    test(`${name}${isSlow ? ", the state opening meanwhile" : ""}`, async (t) => {
      const { pad, open } = openPad();
      const late = openLateRecall({ fewest: 3, open });
      const names = Array.from({ length: users }, (_, index) => `user-${index}`);
      for (const user of names) {
        late.remember(aMemory(user));
        if (isSlow) await null;
      }
      await late.settle();
      t.strictSame({ ...pad, names: pad.names.toSorted() }, { ...want, names: want.names === 0 ? [] : names });
    });
  }
}

test("nothing was remembered before, and where no state can be opened nothing is", async (t) => {
  const late = openLateRecall({ fewest: 0, open: async () => undefined });
  t.equal((await late.read().next()).done, true);
  late.forget("gone");
  for (const name of ["ada", "bob"]) late.remember(aMemory(name));
  await late.settle();
  late.remember(aMemory("eve"));
  await t.resolves(late.settle());
});

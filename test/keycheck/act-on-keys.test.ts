import { test } from "tap";
import { followAll } from "../../lib/keycheck/act-on-keys.ts";
import type { Ladder } from "../../lib/keycheck/ladder.ts";
import { type Ladders, openLadders } from "../../lib/keycheck/ladders.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { aLadder } from "../support/key-ladders.ts";
import { now } from "../support/keycheck-records.ts";

const end = (ladder: Ladder): Ladder => (ladder.endedAt === undefined ? { ...ladder, endedAt: now } : ladder);
const ladder = aLadder();

async function remember(): Promise<Ladders> {
  const ladders = openLadders(openMemoryStore({ now: () => now }), "123456789012", () => now);
  await ladders.update(ladder, (one) => one);
  return ladders;
}

test("what has come of a ladder is kept, beside what another process has written since it was read", async (t) => {
  const ladders = await remember();
  const contended: Ladders = {
    ...ladders,
    async load() {
      const loaded = await ladders.load();
      await ladders.update(ladder, (one) => ({ ...one, notices: 7 }));
      return loaded;
    },
  };
  const followed = await followAll(contended, { isHeld: () => true }, end);
  t.match(followed.get(ladder.keyId), { notices: 7, endedAt: now });
  t.match(await ladders.find(ladder.keyId), { notices: 7, endedAt: now });
});

test("whoever has lost the lease keeps nothing, and goes on with what they see", async (t) => {
  const ladders = await remember();
  const followed = await followAll(ladders, { isHeld: () => false }, end);
  t.match(followed.get(ladder.keyId), { endedAt: now });
  t.strictSame(await ladders.find(ladder.keyId), ladder);
});

test("what is as it was is not written", async (t) => {
  const ladders = await remember();
  const update = async (): Promise<never> => t.fail("written") as never;
  const followed = await followAll({ ...ladders, update }, { isHeld: () => true }, (one) => one);
  t.strictSame([...followed.values()], [ladder]);
});

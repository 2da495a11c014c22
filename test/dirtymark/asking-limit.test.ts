import { test } from "tap";
import { openAskingLimit } from "../../lib/dirtymark/asking-limit.ts";

test("so often and no more, until the time is over", async (t) => {
  let now = 0;
  const mayAsk = openAskingLimit({ most: 2, within: 100, clock: () => now });
  t.strictSame([mayAsk("a"), mayAsk("a"), mayAsk("a"), mayAsk("b")], [true, true, false, true]);
  now = 99;
  t.equal(mayAsk("a"), false);
  now = 100;
  t.strictSame([mayAsk("a"), mayAsk("a"), mayAsk("a")], [true, true, false]);
});

test("among very many names only those whose time is over are forgotten", async (t) => {
  let now = 0;
  const mayAsk = openAskingLimit({ most: 1, within: 100, clock: () => now });
  for (let name = 0; name < 9_999; name += 1) mayAsk(`old ${name}`);
  now = 50;
  mayAsk("young");
  now = 100;
  t.equal(mayAsk("another"), true);
  t.equal(mayAsk("young"), false);
  t.equal(mayAsk("old 0"), true);
});

import { test } from "tap";
import { callsBetween, noCalls } from "../../lib/core/call-counts.ts";

test("the calls of one round are those since its start", async (t) => {
  const after = { calls: 7, throttles: 2, retries: 3 };
  t.strictSame(callsBetween(noCalls(), after), after);
  t.strictSame(callsBetween({ calls: 5, throttles: 2, retries: 1 }, after), { calls: 2, throttles: 0, retries: 2 });
});

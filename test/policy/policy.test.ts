import { test } from "tap";
import { endOf, spanOf, textAt } from "../../lib/policy/policy.ts";

test("a span is a stretch of text", async (t) => {
  const node = { offset: 2, length: 3, type: "string" };
  t.strictSame(spanOf(node), { offset: 2, length: 3 });
  t.equal(textAt("0123456", node), "234");
  t.equal(endOf(node), 5);
});

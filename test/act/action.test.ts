import { test } from "tap";
import { actionId } from "../../lib/act/action.ts";

test("an action's id names program and account first, and is the same whoever plans it", async (t) => {
  const name = {
    program: "keycheck",
    accountId: "123456789012",
    kind: "notice",
    subject: "ada/K9XYZ",
    occasion: "1-2",
  };
  t.equal(actionId(name), "keycheck/123456789012/notice/ada/K9XYZ/1-2");
  t.equal(actionId({ ...name }), actionId(name));
});

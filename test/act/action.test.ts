import { test } from "tap";
import { actionId, actionName } from "../../lib/act/action.ts";

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

test("an id gives back what it was made of, a subject with slashes as well", async (t) => {
  const name = { program: "tagaudit", accountId: "123456789012", kind: "stop", occasion: "1" };
  for (const subject of ["ada", "ada/K9XYZ", "eu-west-1/i-1/a"])
    t.strictSame(actionName(actionId({ ...name, subject })), { ...name, subject });
  for (const id of ["", "a/b/c/d", "a/b/c//e", "a/b/c/d/", "/b/c/d/e"]) t.equal(actionName(id), undefined, id);
});

import { test } from "tap";
import { failureCodeOf, messageOf, OpsError } from "../../lib/core/errors.ts";

test("a message is one line, whatever was thrown", async (t) => {
  t.equal(messageOf(new Error("two\n  lines ")), "two lines");
  t.equal(messageOf("text"), "text");
  t.equal(messageOf(undefined), "undefined");
  t.equal(messageOf("x".repeat(1000)).length, 1000);
  t.equal(messageOf("x".repeat(1001)), `${"x".repeat(1000)}...`);
});

test("only a classified failure has a code of its own", async (t) => {
  const cause = new Error("socket");
  const failure = new OpsError("denied", "iam:ListUsers: no", { cause });
  t.equal(failureCodeOf(failure), "denied");
  t.equal(failure.cause, cause);
  t.equal(failureCodeOf(cause), "other");
});

import { test } from "tap";
import { findValues, isBlank } from "../../lib/tagaudit/find-values.ts";

const tags = new Map([
  ["Owner", "ada"],
  ["owner", "bob"],
  ["OWNER", "cyd"],
  ["project", "x"],
]);

const cases = [
  { name: "exactly so", key: "owner", keyCase: "exact", want: ["bob"] },
  { name: "exactly so, and not there", key: "oWner", keyCase: "exact", want: [] },
  { name: "in any letter case, its own spelling first", key: "owner", keyCase: "lower", want: ["bob", "ada", "cyd"] },
  { name: "in a letter case that none has", key: "oWNER", keyCase: "lower", want: ["ada", "bob", "cyd"] },
  { name: "not there", key: "team", keyCase: "lower", want: [] },
] as const;

for (const { name, key, keyCase, want } of cases)
  test(name, async (t) => t.strictSame(findValues(tags, key, keyCase), want));

test("blank is what has nothing to read", async (t) => {
  for (const value of ["", " ", "\t\n"]) t.ok(isBlank(value), JSON.stringify(value));
  t.notOk(isBlank(" a "));
});

import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { kindRules } from "../../lib/keycheck/kind-rules.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";

const nothing = {
  ...{ users: undefined, paths: undefined, groups: undefined, tag: undefined },
  ...{ expireAge: undefined, warnBefore: undefined, unusedAge: undefined, disableAfter: undefined, disable: undefined },
};

const right = [
  { name: "no rules", written: [], want: [] },
  {
    name: "one glob, or several",
    written: [
      { kind: "human", user: "*@acme.example" },
      { kind: "human", user: ["ada", "a=b,c"] },
    ],
    want: [
      { ...nothing, kind: "human", users: ["*@acme.example"] },
      { ...nothing, kind: "human", users: ["ada", "a=b,c"] },
    ],
  },
  {
    name: "every condition, every age",
    written: [
      {
        ...{ kind: "machine", user: "ci-*", path: ["/", "/ci/*"], group: "robots", tag: "kind=ci*" },
        ...{ expire_age: "90d", warn_before: 10, unused_age: "4w", disable_after: "0d", disable: true },
      },
    ],
    want: [
      {
        ...{ kind: "machine", users: ["ci-*"], paths: ["/", "/ci/*"], groups: ["robots"] },
        tag: { key: "kind", value: "ci*" },
        ...{ expireAge: days(90), warnBefore: days(10), unusedAge: days(28), disableAfter: 0, disable: true },
      },
    ],
  },
  {
    name: "a tag of any value, and a word for false",
    written: [{ kind: "human", tag: "slack", disable: "no" }],
    want: [{ ...nothing, kind: "human", tag: { key: "slack", value: undefined }, disable: false }],
  },
  {
    name: "any path at all",
    written: [{ kind: "human", path: "*" }],
    want: [{ ...nothing, kind: "human", paths: ["*"] }],
  },
] as const;

for (const { name, written, want } of right)
  test(`reads ${name}`, async (t) => t.strictSame(parseValue(kindRules, written), { ok: true, value: want }));

const aPath = "a path such as /people/ or a glob such as /people/*";
const aUser = "a user's name or a glob of it";
const anAge = "a duration of at least 1d, such as 90d, 36h or 15m; a bare number means days";

const wrong = [
  { name: "a map", written: { kind: "human" }, want: ["  not a list of rules"] },
  { name: "no kind", written: [{ user: "ada" }], want: ["0.kind  no value given, expected one of human, machine"] },
  {
    name: "another kind",
    written: [{ kind: "robot", user: "x" }],
    want: [`0.kind  "robot" is not one of human, machine`],
  },
  {
    name: "a rule for whomever",
    written: [{ kind: "human", disable: true }],
    want: ["0  not a rule that says whom it means by user, path, group or tag"],
  },
  {
    name: "a member of another name",
    written: [
      { kind: "human", user: "ada" },
      { kind: "human", users: ["ada"], user: "ada" },
    ],
    want: ["1.users  no such key"],
  },
  { name: "no globs", written: [{ kind: "human", user: [] }], want: [`0.user  not ${aUser}, or a list of such`] },
  {
    name: "a name with a slash",
    written: [{ kind: "human", user: ["ada", "people/bob"] }],
    want: [`0.user.1  "people/bob" is not ${aUser}`],
  },
  {
    name: "a path that would match nothing",
    written: [{ kind: "human", path: "/people" }],
    want: [`0.path  "/people" is not ${aPath}, or a list of such`],
  },
  {
    name: "a path without its first slash",
    written: [{ kind: "human", path: ["people/"] }],
    want: [`0.path.0  "people/" is not ${aPath}`],
  },
  {
    name: "a tag without a key",
    written: [{ kind: "human", tag: "=x" }],
    want: [`0.tag  "=x" is not a tag, key or key=value`],
  },
  {
    name: "no age",
    written: [{ kind: "human", user: "*", expire_age: "0d" }],
    want: [`0.expire_age  "0d" is not ${anAge}`],
  },
  {
    name: "what is neither yes nor no",
    written: [{ kind: "human", user: "*", disable: "maybe" }],
    want: [`0.disable  "maybe" is not true or false (yes or no, on or off, 1 or 0)`],
  },
] as const;

for (const { name, written, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const parsed = parseValue(kindRules, written);
    const said = parsed.ok ? [] : parsed.wrong.map(({ path, says }) => `${path.map(String).join(".")}  ${says}`);
    t.strictSame(said, want);
  });
}

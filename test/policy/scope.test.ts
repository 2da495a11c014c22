import { test } from "tap";
import { parseJsonTree } from "../../lib/policy/json-tree.ts";
import { scopeOf } from "../../lib/policy/scope.ts";

function scope(value: object | string, version = "2012-10-17"): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const tree = parseJsonTree(text);
  return tree.ok ? scopeOf(tree.root, { version, text }) : "no tree";
}

const equal = {
  Bool: { "aws:SecureTransport": "true" },
  StringLike: { "aws:username": ["a", "b"], "s3:prefix": "x" },
};
const same = [
  {
    name: "Sid, Action and NotAction are no part of it",
    one: { Sid: "a", Action: "*" },
    other: { NotAction: ["a:b"] },
  },
  { name: "a string is a list of one", one: { Resource: "*" }, other: { Resource: ["*"] } },
  { name: "lists are sets", one: { Resource: ["a", "b", "a"] }, other: { Resource: ["b", "a"] } },
  { name: "members in any order", one: { Effect: "Allow", Resource: "*" }, other: { Resource: "*", Effect: "Allow" } },
  {
    name: "conditions in any order",
    one: { Condition: equal },
    other: { Condition: { StringLike: { "s3:prefix": ["x"], "aws:username": ["b", "a"] }, Bool: equal.Bool } },
  },
];

for (const { name, one, other } of same)
  test(`the same: ${name}`, async (t) => {
    t.equal(scope(one), scope(other));
  });

const different = [
  { name: "another resource", one: { Resource: "a" }, other: { Resource: "A" } },
  { name: "Resource and NotResource", one: { Resource: "a" }, other: { NotResource: "a" } },
  { name: "one resource more", one: { Resource: ["a"] }, other: { Resource: ["a", "b"] } },
  { name: "a condition", one: { Resource: "a" }, other: { Resource: "a", Condition: equal } },
  { name: "an empty string", one: { Condition: { S: { a: "" } } }, other: { Condition: { S: { a: [] } } } },
  { name: "true is no text", one: { Condition: { S: { a: true } } }, other: { Condition: { S: { a: "true" } } } },
  {
    name: "numbers that JavaScript can't tell apart",
    one: '{"Condition":{"N":{"a":9007199254740992}}}',
    other: '{"Condition":{"N":{"a":9007199254740993}}}',
  },
  { name: "a list is no object", one: { Condition: { S: { a: "b" } } }, other: { Condition: { S: [["a", ["b"]]] } } },
  { name: "lists in lists", one: { Principal: [["a"], ["b"]] }, other: { Principal: ["a", "b"] } },
  { name: "a Sid inside of something else", one: { Condition: { Sid: { a: "b" } } }, other: { Condition: {} } },
];

for (const { name, one, other } of different)
  test(`not the same: ${name}`, async (t) => {
    t.not(scope(one), scope(other));
  });

test("the version counts: by that of 2008 variables are plain text", async (t) => {
  t.not(scope({ Resource: "a" }), scope({ Resource: "a" }, "2008-10-17"));
});

import { test } from "tap";
import { parseJsonTree } from "../../lib/policy/json-tree.ts";
import { parseStatement } from "../../lib/policy/parse-statement.ts";
import { textAt } from "../../lib/policy/policy.ts";

function parse(text: string) {
  const tree = parseJsonTree(text);
  if (!tree.ok) throw new Error(text);
  const said: string[] = [];
  const place = { policy: "p", index: 2, version: "2012-10-17", text };
  const statement = parseStatement(tree.root, place, ({ offset }, says) => said.push(`${offset} ${says}`));
  return { statement, said };
}

const base = { Effect: "Allow", Action: "s3:Get*", Resource: "*" };
const { Effect, Action, Resource } = base;

const good = [
  {
    name: "just what must be",
    value: base,
    want: { sid: undefined, effect: "Allow", element: "Action", patterns: ["s3:Get*"] },
  },
  { name: "a list", value: { ...base, Sid: "a", Action: ["*", "a:b"] }, want: { sid: "a", patterns: ["*", "a:b"] } },
  {
    name: "NotAction",
    value: { Effect: "Deny", NotAction: "*:?", Resource },
    want: { effect: "Deny", element: "NotAction" },
  },
  { name: "NotResource", value: { Effect, Action, NotResource: ["a"] }, want: { hasNotResource: true } },
  { name: "a principal needs no resource", value: { Effect, Action, Principal: "*" }, want: { hasNotResource: false } },
  { name: "who is no principal neither", value: { Effect, Action, NotPrincipal: {} }, want: { hasNotResource: false } },
  {
    name: "an empty Sid, an empty resource and a Condition",
    value: { ...base, Sid: "", Resource: "", Condition: {} },
    want: { sid: "" },
  },
];

for (const { name, value, want } of good)
  test(`good: ${name}`, async (t) => {
    const { statement, said } = parse(JSON.stringify(value));
    t.strictSame(said, []);
    t.match(statement, { policy: "p", index: 2, ...want });
  });

test("the places of what is written", async (t) => {
  const text = ' { "Effect":"Deny","\\u0041ction" : ["a:\\u0062", "c:*" ],"Resource":"*"}';
  const { statement } = parse(text);
  if (statement === undefined) return t.fail("no statement");
  const { at, elementAt, patterns } = statement;
  t.equal(textAt(text, at), text.slice(1));
  t.equal(textAt(text, elementAt.key), '"\\u0041ction"');
  t.equal(textAt(text, elementAt.value), '["a:\\u0062", "c:*" ]');
  t.strictSame(
    elementAt.patterns.map((span) => textAt(text, span)),
    ['"a:\\u0062"', '"c:*"'],
  );
  t.strictSame([patterns, elementAt.isList], [["a:b", "c:*"], true]);
});

const noPattern = (written: string) =>
  `19 Action has "${written}": an action is written as in s3:GetObject, s3:Get* or *`;
const bad = [
  { name: "no object", value: [1], want: ["0 a statement is an object"] },
  {
    name: "nothing",
    value: {},
    want: [
      "0 Resource or NotResource is missing",
      "0 Effect is missing: it must be Allow or Deny",
      "0 Action or NotAction is missing",
    ],
  },
  {
    name: "another Effect",
    value: { ...base, Effect: "allow" },
    want: ['10 Effect is "allow": it must be Allow or Deny'],
  },
  {
    name: "an Effect that is a list",
    value: { ...base, Effect: ["Allow"] },
    want: ["10 Effect is a list: it must be Allow or Deny"],
  },
  {
    name: "both actions",
    value: { ...base, NotAction: "*" },
    want: ["52 NotAction beside Action: a statement has only one"],
  },
  {
    name: "both resources",
    value: { ...base, NotResource: "*" },
    want: ["52 NotResource beside Resource: a statement has only one"],
  },
  {
    name: "both principals",
    value: { ...base, Principal: "*", NotPrincipal: "*" },
    want: ["68 NotPrincipal beside Principal: a statement has only one"],
  },
  { name: "a Sid that is a number", value: { Sid: 1, ...base }, want: ["7 Sid is 1: it must be a string"] },
  { name: "no Resource", value: { Effect, Action }, want: ["0 Resource or NotResource is missing"] },
  {
    name: "a Resource that is none",
    value: { ...base, Resource: 1 },
    want: ["48 Resource must be a string or a list of strings"],
  },
  { name: "no resources", value: { ...base, Resource: [] }, want: ["48 Resource is empty"] },
  { name: "a Condition that is none", value: { ...base, Condition: "a" }, want: ["64 Condition must be an object"] },
  {
    name: "no actions",
    value: { Action: [], Effect, Resource },
    want: ["10 Action is empty: it names at least one action"],
  },
  {
    name: "actions that are none",
    value: { Action: ["a:b", 1], Effect, Resource },
    want: ["10 Action must be a string or a list of strings"],
  },
  {
    name: "a service alone",
    value: { Effect, Action: "s3" },
    want: ["0 Resource or NotResource is missing", noPattern("s3").replace("19", "27")],
  },
];

for (const { name, value, want } of bad)
  test(`bad: ${name}`, async (t) => {
    t.match(parse(JSON.stringify(value)).said, want);
    t.equal(parse(JSON.stringify(value)).said.length, want.length);
  });

for (const written of ["", " ", "s3", "s3:", ":Get", "a:b:c", "s3:Get Object", "*Get*", "s3 :Get"])
  test(`no pattern: "${written}"`, async (t) => {
    const text = `{"NotAction":["${written}"],"Effect":"Allow","Resource":"*"}`;
    t.strictSame(parse(text).said, [noPattern(written).replace("19 Action", "14 NotAction")]);
  });

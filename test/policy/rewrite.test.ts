import { test } from "tap";
import { writePatterns, writeStatements } from "../../lib/policy/rewrite.ts";
import { policyFrom } from "../support/policies.ts";

const [a, b, c] = ["a", "b", "c"].map((action) => `{"Effect":"Allow","Action":"s3:${action}","Resource":"*"}`);
const three = `{ "Version":"2012-10-17","Statement" : [ ${a} ,\n\t${b},\r\n ${c} ] }\n`;
const alone = `{"Version":"2012-10-17","Statement":${a}}`;

const statements = [
  {
    name: "other texts",
    text: three,
    texts: ["1", "2", "3"],
    want: three.replace(`${a}`, "1").replace(`${b}`, "2").replace(`${c}`, "3"),
  },
  {
    name: "the first goes",
    text: three,
    texts: [undefined, "2", "3"],
    want: '{ "Version":"2012-10-17","Statement" : [ 2,\r\n 3 ] }\n',
  },
  {
    name: "the one between goes",
    text: three,
    texts: ["1", undefined, "3"],
    want: '{ "Version":"2012-10-17","Statement" : [ 1,\r\n 3 ] }\n',
  },
  {
    name: "the last goes",
    text: three,
    texts: ["1", "2", undefined],
    want: '{ "Version":"2012-10-17","Statement" : [ 1 ,\n\t2 ] }\n',
  },
  {
    name: "one is left, in its list",
    text: three,
    texts: [undefined, undefined, "3"],
    want: '{ "Version":"2012-10-17","Statement" : [ 3 ] }\n',
  },
  { name: "none is left", text: three, texts: [undefined, undefined, undefined], want: undefined },
  { name: "a statement without a list", text: alone, texts: ["1"], want: '{"Version":"2012-10-17","Statement":1}' },
  { name: "nothing of it is left", text: alone, texts: [undefined], want: undefined },
];

for (const { name, text, texts, want } of statements)
  test(`statements: ${name}`, async (t) => {
    t.equal(writeStatements(policyFrom(text), texts), want);
  });

const patterns = [
  {
    name: "a list on one line",
    action: '"Action":["a:b", "a:c"],',
    patterns: ["a:x", "a:y", "a:z"],
    want: '"Action":["a:x", "a:y", "a:z"],',
  },
  {
    name: "a list with its spaces",
    action: '"Action" : [ "a:b","a:c"  ] ,',
    patterns: ["a:x", "a:y"],
    want: '"Action" : [ "a:x","a:y"  ] ,',
  },
  {
    name: "the comma may come late",
    action: '"Action":["a:b" , "a:c"],',
    patterns: ["a:x", "a:y"],
    want: '"Action":["a:x", "a:y"],',
  },
  {
    name: "a list in lines",
    action: '"Action":[\n\t\t"a:b",\n\t\t"a:c"\n\t],',
    patterns: ["a:x", "a:y"],
    want: '"Action":[\n\t\t"a:x",\n\t\t"a:y"\n\t],',
  },
  {
    name: "one in a list stays in it",
    action: '"Action":[ "a:b", "a:c" ],',
    patterns: ["a:c"],
    want: '"Action":[ "a:c" ],',
  },
  {
    name: "one line becomes two",
    action: '"Action":[\r\n "a:b"\r\n],',
    patterns: ["a:x", "a:y"],
    want: '"Action":[\r\n "a:x",\r\n "a:y"\r\n],',
  },
  {
    name: "one on a line becomes two, without spaces as elsewhere",
    action: '"Action":["a:b"],',
    patterns: ["a:x", "a:y"],
    want: '"Action":["a:x","a:y"],',
  },
  {
    name: "a space where there are others",
    action: '"Action": ["a:b"],',
    patterns: ["a:x", "a:y"],
    want: '"Action": ["a:x", "a:y"],',
  },
  { name: "a string stays one", action: '"Action":"a:b",', patterns: ["a:x"], want: '"Action":"a:x",' },
  {
    name: "a string becomes a list",
    action: '"Action":"a:b",',
    patterns: ["a:x", "a:y"],
    want: '"Action":["a:x","a:y"],',
  },
  {
    name: "a string on a line of its own becomes lines",
    action: '\n    "Action": "a:b",',
    patterns: ["a:x", "a:y"],
    want: '\n    "Action": [\n        "a:x",\n        "a:y"\n    ],',
  },
  {
    name: "with the line breaks there are",
    action: '\r\n\t"Action": "a:b",',
    patterns: ["a:x", "a:y"],
    want: '\r\n\t"Action": [\r\n\t\t"a:x",\r\n\t\t"a:y"\r\n\t],',
  },
  {
    name: "what it had keeps its escapes",
    action: '"\\u0041ction":["a:\\u0062","a:c"],',
    patterns: ["a:b", "a:d"],
    want: '"\\u0041ction":["a:\\u0062","a:d"],',
  },
  {
    name: "NotAction becomes Action",
    action: '"NotAction":"a:b",',
    patterns: ["a:x", "*"],
    want: '"Action":["a:x","*"],',
  },
];

for (const { name, action, patterns: now, want } of patterns)
  test(`patterns: ${name}`, async (t) => {
    const text = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",${action}"Resource":["*"]} ]}`;
    const policy = policyFrom(text);
    const [statement] = policy.statements;
    if (statement === undefined) return t.fail("no statement");
    t.equal(writePatterns(policy, statement, now), `{"Effect":"Allow",${want}"Resource":["*"]}`);
  });

test("a policy that begins in its first line has no step for lines", async (t) => {
  const text = '\n"Action":"a:b","Effect":"Allow","Resource":"*"}}';
  const policy = policyFrom(`{"Version":"2012-10-17","Statement":{${text}`);
  const [statement] = policy.statements;
  if (statement === undefined) return t.fail("no statement");
  const want = '{\n"Action":[\n"a:x",\n"a:y"\n],"Effect":"Allow","Resource":"*"}';
  t.equal(writePatterns(policy, statement, ["a:x", "a:y"]), want);
});

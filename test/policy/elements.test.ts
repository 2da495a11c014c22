import { test } from "tap";
import { readElements, stringsOf } from "../../lib/policy/elements.ts";
import { type JsonNode, parseJsonTree } from "../../lib/policy/json-tree.ts";

function nodeOf(text: string): JsonNode {
  const tree = parseJsonTree(text);
  if (!tree.ok) throw new Error(text);
  return tree.root;
}

const unknown = [
  { name: "all are known", text: '{"Sid":1,"Effect":2}', want: [] },
  { name: "an unknown one", text: '{"Sid":1,"Why":2}', want: ['9 "Why" is no element: there are Sid, Effect'] },
  { name: "other case", text: '{"effect":2}', want: ['1 "effect" is no element: write Effect'] },
  {
    name: "names of JavaScript's own",
    text: '{"__proto__":{}}',
    want: ['1 "__proto__" is no element: there are Sid, Effect'],
  },
  {
    name: "each of several",
    text: '{"a":1,"SID":2}',
    want: ['1 "a" is no element: there are Sid, Effect', '7 "SID" is no element: write Sid'],
  },
];

for (const { name, text, want } of unknown)
  test(`elements: ${name}`, async (t) => {
    const said: string[] = [];
    const elements = readElements(nodeOf(text), ["Sid", "Effect"], ({ offset }, says) =>
      said.push(`${offset} ${says}`),
    );
    t.strictSame(said, want);
    t.strictSame([...elements.keys()], Object.keys(JSON.parse(text)));
  });

const strings = [
  { text: '"a"', want: ["a"] },
  { text: '["a","\\u0062"]', want: ["a", "b"] },
  { text: "[]", want: [] },
  { text: '["a",1]', want: undefined },
  { text: '[["a"]]', want: undefined },
  { text: "{}", want: undefined },
  { text: "null", want: undefined },
];

for (const { text, want } of strings)
  test(`strings of ${text}`, async (t) => {
    t.strictSame(stringsOf(nodeOf(text)), want);
  });

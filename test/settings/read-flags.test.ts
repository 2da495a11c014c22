import { test } from "tap";
import { type ParsedArguments, readFlags, undashed } from "../../lib/settings/read-flags.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

const read = (parsed: Partial<ParsedArguments>, declarations = [houseSettings, doorSettings] as const) => {
  const { given, problems } = readFlags(declarations, { flags: {}, words: [], rest: [], ...parsed });
  return { given: given.map(({ raw, where, refusal }) => [where(), refusal ?? raw]), problems };
};

const given = [
  { name: "nothing", parsed: {}, want: [] },
  { name: "a value", parsed: { flags: { level: ["low"] } }, want: [["flag --level", "low"]] },
  {
    name: "a value that begins with a minus",
    parsed: { flags: { deadline: ["-5"] } },
    want: [["flag --deadline", "-5"]],
  },
  { name: "a minus as value", parsed: { flags: { level: ["-"] } }, want: [["flag --level", "-"]] },
  { name: "a toggle", parsed: { flags: { strict: [true] } }, want: [["flag --strict", true]] },
  { name: "a toggle turned off", parsed: { flags: { strict: [false] } }, want: [["flag --strict", false]] },
  {
    name: "a list given twice is joined",
    parsed: { flags: { ports: ["1,2", "3"] } },
    want: [["flag --ports", "1,2,3"]],
  },
  {
    name: "ours and the original's",
    parsed: { flags: { g: ["9"], "open-after": ["8m"] } },
    want: [
      ["flag --open-after", "8m"],
      ["flag -g", "9"],
    ],
  },
  {
    name: "words without a flag are the positional setting's items, commas and all",
    parsed: { words: ["a", "b,c"], rest: ["--d"] },
    want: [["argument", ["a", "b,c", "--d"]]],
  },
  {
    name: "no value",
    parsed: { flags: { level: [undefined] } },
    want: [["flag --level", "no value given, expected one of low, high"]],
  },
  {
    name: "no value, once of two times",
    parsed: { flags: { ports: ["1", undefined] } },
    want: [["flag --ports", "no value given, expected a list, each item a whole number from 1 to 65535"]],
  },
  {
    name: "a value given twice",
    parsed: { flags: { level: ["low", "low"] } },
    want: [["flag --level", "given 2 times, takes one value"]],
  },
  {
    name: "a toggle given twice",
    parsed: { flags: { strict: [true, false] } },
    want: [["flag --strict", "given 2 times, takes one value"]],
  },
  {
    name: "no- before what is no toggle",
    parsed: { flags: { level: [false] } },
    want: [["flag --level", "only what is true or false can be turned off by --no-"]],
  },
  {
    name: "a misspelled flag that was taken for a value",
    parsed: { flags: { level: ["--strickt"] } },
    want: [["flag --level", '"--strickt" looks like a flag, expected one of low, high']],
  },
  {
    name: "the same for a secret",
    parsed: { flags: { token: ["-t123"] } },
    want: [["flag --token", "[redacted] looks like a flag, expected a token"]],
  },
] as const;

for (const { name, parsed, want } of given)
  test(`reads: ${name}`, async (t) => t.strictSame(read(parsed), { given: want, problems: [] }));

const unknown = [
  { word: "--levl=low", want: "flag --levl: no such setting; did you mean --level?" },
  { word: "--levl=a\nb", want: "flag --levl: no such setting; did you mean --level?" },
  { word: "-level", want: "flag -level: no such setting; did you mean --level?" },
  { word: "-x", want: "flag -x: no such setting" },
  { word: "-5", want: "flag -5: no such setting" },
  { word: "--", want: "flag --: no such setting" },
] as const;

for (const { word, want } of unknown) {
  test(`refuses ${JSON.stringify(word)}`, async (t) => {
    t.strictSame(read({ words: [word] }), { given: [], problems: [want] });
    const reading = readFlags([doorSettings], { flags: {}, words: [word], rest: [] });
    t.ok(reading.isIncomplete, "what followed it may have been its value");
  });
}

test("known flags leave the reading complete", async (t) =>
  t.notOk(readFlags([doorSettings], { flags: { level: ["low"] }, words: ["a"], rest: [] }).isIncomplete));

test("a lone minus is a word", async (t) =>
  t.strictSame(read({ words: ["-"] }), { given: [["argument", ["-"]]], problems: [] }));

test("arguments are refused where none are taken", async (t) => {
  const { given: none, problems } = readFlags([houseSettings], { flags: {}, words: ["a"], rest: ["b"] });
  t.strictSame([none, problems], [[], ['argument "a": no argument is taken', 'argument "b": no argument is taken']]);
});

for (const [flag, want] of [
  ["--open-after", "open-after"],
  ["-g", "g"],
  ["--a--b", "a--b"],
] as const)
  test(`${flag} without its dashes`, async (t) => t.equal(undashed(flag), want));

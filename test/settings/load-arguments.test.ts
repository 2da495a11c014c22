import fc from "fast-check";
import { test } from "tap";
import { callSettings } from "../../lib/settings/call-settings.ts";
import { parseArguments } from "../../lib/settings/load-arguments.ts";
import { readFlags } from "../../lib/settings/read-flags.ts";
import { anyCharacter } from "../support/any-character.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

const declarations = [callSettings, houseSettings, doorSettings];

const cases = [
  { name: "nothing", argv: [], flags: {} },
  { name: "a value behind its flag", argv: ["--level", "low"], flags: { level: ["low"] } },
  { name: "a value joined to its flag", argv: ["--level=low"], flags: { level: ["low"] } },
  { name: "a value with an equals sign", argv: ["--level=a=b"], flags: { level: ["a=b"] } },
  { name: "a number stays text", argv: ["--deadline", "007", "8"], flags: { deadline: ["007"] }, words: ["8"] },
  { name: "a negative number", argv: ["--deadline", "-5"], flags: { deadline: ["-5"] } },
  { name: "a lone minus", argv: ["--level", "-"], flags: { level: ["-"] } },
  { name: "no value at the end", argv: ["--level"], flags: { level: [undefined] } },
  { name: "an empty value", argv: ["--level="], flags: { level: [undefined] } },
  { name: "an empty value before a word", argv: ["--level=", "a"], flags: { level: [undefined] }, words: ["a"] },
  { name: "no value before a flag", argv: ["--level", "--strict"], flags: { level: [undefined], strict: [true] } },
  {
    name: "one value, though more words follow",
    argv: ["--ports", "1", "a", "b"],
    flags: { ports: ["1"] },
    words: ["a", "b"],
  },
  { name: "a list given twice", argv: ["--ports", "1", "--ports=2,3"], flags: { ports: ["1", "2,3"] } },
  {
    name: "a value given twice, once missing",
    argv: ["--level", "--level", "low"],
    flags: { level: [undefined, "low"] },
  },
  { name: "no value given twice", argv: ["--level", "--level"], flags: { level: [undefined, undefined] } },
  { name: "a toggle takes no word", argv: ["--strict", "a"], flags: { strict: [true] }, words: ["a"] },
  { name: "a toggle turned off", argv: ["--no-strict"], flags: { strict: [false] } },
  { name: "a toggle given twice", argv: ["--strict", "--no-strict"], flags: { strict: [true, false] } },
  { name: "a toggle with any word keeps that word", argv: ["--strict=maybe"], flags: { strict: ["maybe"] } },
  { name: "a toggle joined to no", argv: ["--strict=no"], flags: { strict: ["no"] } },
  { name: "a toggle followed by false", argv: ["--strict", "false"], flags: { strict: [false] } },
  { name: "a negated value", argv: ["--no-level"], flags: { level: [false] } },
  { name: "an original flag of one letter", argv: ["-g", "9"], flags: { g: ["9"] } },
  { name: "its value joined to it", argv: ["-g9"], flags: { g: ["9"] } },
  { name: "a toggle of one letter", argv: ["-h"], flags: { h: [true] } },
  { name: "an unknown flag stays as written", argv: ["--levl=low"], words: ["--levl=low"] },
  {
    name: "an unknown flag does not take the next word from its place",
    argv: ["--levl", "low"],
    words: ["--levl", "low"],
  },
  { name: "an unknown flag as value stays visible", argv: ["--level", "--levl"], flags: { level: ["--levl"] } },
  { name: "an unknown negation", argv: ["--no-levl"], words: ["--no-levl"] },
  { name: "letters in a group", argv: ["-xyz"], words: ["-xyz"] },
  { name: "a flag that begins like ours", argv: ["--level-x", "1"], words: ["--level-x"] },
  { name: "a dotted flag", argv: ["--level.x=1"], words: ["--level.x"] },
  { name: "a flag in camel case", argv: ["--openAfter=1"], words: ["--openAfter=1"] },
  { name: "a prototype's name", argv: ["--__proto__=1", "--constructor"], words: ["--__proto__=1", "--constructor"] },
  {
    name: "what follows two dashes",
    argv: ["a", "--", "--level", "--strict=no"],
    words: ["a"],
    rest: ["--level", "--strict=no"],
  },
  {
    name: "a toggle's word behind two dashes is not the toggle's",
    argv: ["--strict", "--", "--strict=no"],
    flags: { strict: [true] },
    rest: ["--strict=no"],
  },
] as const;

for (const { name, argv, ...parsed } of cases) {
  test(name, async (t) =>
    t.strictSame(parseArguments(argv, declarations), { flags: {}, words: [], rest: [], ...parsed }),
  );
}

test("a letter that is no flag of ours, joined to one that is", async (t) => {
  const { flags, words } = parseArguments(["-gx", "-hx"], declarations);
  t.strictSame([flags, words], [{}, ["-gx", "-hx"]]);
});

test("no command line is too odd", async (t) => {
  const token = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 12 }),
    fc.constantFrom(
      "--",
      "-",
      "--level",
      "--level=",
      "--no-level",
      "--strict",
      "--strict=x",
      "-g",
      "-g1",
      "-h1",
      "--ports",
      "1,2",
    ),
    fc.string({ maxLength: 6 }).map((text) => `--${text}`),
    fc.string({ maxLength: 6 }).map((text) => `-${text}`),
  );
  const argvs = fc.array(token, { maxLength: 8 });
  const isRead = (argv: readonly string[]) => {
    const { given, problems } = readFlags(declarations, parseArguments(argv, declarations));
    // Whatever is given is either understood or refused; only `--` itself is neither.
    return argv.every((one) => one === "--") || given.length + problems.length > 0;
  };
  t.doesNotThrow(() => fc.assert(fc.property(argvs, isRead), { numRuns: 300 }));
});

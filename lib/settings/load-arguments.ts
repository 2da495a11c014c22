import { Parser } from "yargs/helpers";
import { type Declaration, settingsIn } from "./declare.ts";
import { type FlagValue, type ParsedArguments, undashed } from "./read-flags.ts";

/**
 * Takes a command line apart with yargs' parser. It reads much too kindly, so every flag is an array to it: a value that
 * is missing or given twice stays visible, and an unknown flag stays among the words, as written.
 */
export function parseArguments(argv: readonly string[], declarations: readonly Declaration[]): ParsedArguments {
  if (argv.length === 0) return nothing;
  const settings = settingsIn(declarations);
  const namesOf = (isToggle: boolean) =>
    settings
      .filter(({ kind }) => (kind.form === "toggle") === isToggle)
      .flatMap(({ names }) => names.flag.map(undashed));
  const toggles = namesOf(true);
  const valued = namesOf(false);
  const {
    _: words,
    "--": rest = [],
    ...flags
  } = Parser([...argv], {
    array: [...valued.map((key) => ({ key })), ...toggles.map((key) => ({ key, boolean: true }))],
    configuration,
  });
  const spelled = spelledToggles(argv, toggles);
  const given = [...valued, ...toggles].filter((name) => Object.hasOwn(flags, name));
  return {
    flags: Object.fromEntries(given.map((name) => [name, valuesOf(flags[name], spelled.get(name))])),
    words: [
      ...words.map(String),
      ...Object.keys(flags)
        .filter((key) => !given.includes(key))
        .map(dashed),
    ],
    rest: rest.map(String),
  };
}

/** Of a bare call: the parser's first run takes longer than reading all defaults. */
const nothing: ParsedArguments = { flags: {}, words: [], rest: [] };

const configuration = {
  "camel-case-expansion": false,
  "dot-notation": false,
  "flatten-duplicate-arrays": false,
  "greedy-arrays": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "populate--": true,
  "unknown-options-as-args": true,
};

const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

/** A flag given once holds its value, if it has one; given more often, an array like that for each time. */
function valuesOf(parsed: readonly FlagValue[] | readonly FlagValue[][], spelled: string | undefined): FlagValue[] {
  const times = isNested(parsed) ? parsed : [parsed];
  if (spelled !== undefined && times.length === 1) return [spelled];
  return times.map(([value]) => (value === "" ? undefined : value));
}

const isNested = (parsed: readonly FlagValue[] | readonly FlagValue[][]): parsed is readonly FlagValue[][] =>
  Array.isArray(parsed[0]);

/** Written with an equals sign, any word but `false` is true to yargs. */
function spelledToggles(argv: readonly string[], toggles: readonly string[]): ReadonlyMap<string, string> {
  const end = argv.indexOf("--");
  const matches = argv.slice(0, end === -1 ? argv.length : end).map((token) => /^--?([^=]+)=(.*)$/s.exec(token));
  return new Map(
    matches.flatMap((match) => {
      const [, name = "", word = ""] = match ?? [];
      return toggles.includes(name) ? [[name, word] as const] : [];
    }),
  );
}

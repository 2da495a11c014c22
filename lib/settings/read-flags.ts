import { type Declaration, type DeclaredSetting, settingsIn } from "./declare.ts";
import { quoteValue } from "./parse-value.ts";
import { type Given, type Reading, refuseUnknown } from "./reading.ts";

/** The command line, taken apart but not yet understood. */
export interface ParsedArguments {
  /** By flag without its dashes: the value of each time it was given, undefined where none followed. */
  readonly flags: Readonly<Record<string, readonly (string | boolean | undefined)[]>>;
  /** What belongs to no flag; flags that nobody declared are among them, as written. */
  readonly words: readonly string[];
  /** What followed `--`. */
  readonly rest: readonly string[];
}

/** Reads flags and positional arguments. */
export function readFlags(declarations: readonly Declaration[], { flags, words, rest }: ParsedArguments): Reading {
  const given: Given[] = [];
  const problems: string[] = [];
  for (const setting of settingsIn(declarations)) {
    for (const name of setting.names.flag) {
      const values = flags[undashed(name)] ?? [];
      const refusals = values.flatMap((value) => refuseValue({ setting, name, value }));
      if (values.length > 1 && setting.kind.form !== "list")
        refusals.push(`flag ${name}: given ${values.length} times, takes one value`);
      problems.push(...refusals);
      if (values.length > 0 && refusals.length === 0)
        given.push({
          setting,
          raw: setting.kind.form === "list" ? values.join(",") : values[0],
          where: () => `flag ${name}`,
        });
    }
  }
  const unknown = words.filter(isFlagLike).map((word) => word.replace(/=.*$/s, ""));
  problems.push(...unknown.map((name) => refuseUnknown({ where: `flag ${name}`, name, source: "flag", declarations })));
  const positional = readPositional(declarations, [...words.filter((word) => !isFlagLike(word)), ...rest]);
  return {
    source: "flag",
    given: [...given, ...positional.given],
    problems: [...problems, ...positional.problems],
    isIncomplete: unknown.length > 0,
  };
}

export const undashed = (flag: string): string => flag.replace(/^--?/, "");

const isFlagLike = (word: string): boolean => /^-./s.test(word);

interface FlagValue {
  readonly setting: DeclaredSetting;
  readonly name: string;
  readonly value: string | boolean | undefined;
}

function refuseValue({ setting: { kind }, name, value }: FlagValue): string[] {
  if (value === undefined) return [`flag ${name}: no value given, expected ${kind.expects}`];
  if (value === false && kind.form !== "toggle")
    return [`flag --no-${undashed(name)}: only what is true or false can be negated`];
  if (typeof value === "string" && isFlagLike(value) && !/^-\d/.test(value))
    return [`flag ${name}: ${quoteValue(value)} is a flag, expected ${kind.expects}`];
  return [];
}

function readPositional(
  declarations: readonly Declaration[],
  words: readonly string[],
): Pick<Reading, "given" | "problems"> {
  const setting = settingsIn(declarations).find(({ positional }) => positional);
  if (setting === undefined)
    return { given: [], problems: words.map((word) => `argument ${quoteValue(word)}: no argument is taken`) };
  return { given: words.length === 0 ? [] : [{ setting, raw: words, where: () => "argument" }], problems: [] };
}

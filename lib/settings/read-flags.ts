import { type Declaration, type DeclaredSetting, settingsIn } from "./declare.ts";
import { quoteValue, showValue } from "./parse-value.ts";
import { type Given, type Reading, refuseUnknown } from "./reading.ts";

export type FlagValue = string | boolean | undefined;

/** The command line, taken apart but not yet understood. */
export interface ParsedArguments {
  /** By flag without its dashes: the value of each time it was given, undefined where none followed. */
  readonly flags: Readonly<Record<string, readonly FlagValue[]>>;
  /** What belongs to no flag; flags that nobody declared are among them, as written. */
  readonly words: readonly string[];
  /** What followed `--`. */
  readonly rest: readonly string[];
}

/** Reads flags and positional arguments. */
export function readFlags(declarations: readonly Declaration[], { flags, words, rest }: ParsedArguments): Reading {
  const given = settingsIn(declarations).flatMap((setting) =>
    setting.names.flag.flatMap((name) => giveFlag({ setting, name, values: flags[undashed(name)] ?? [] })),
  );
  const unknown = words.filter(isFlagLike).map((word) => word.replace(/=.*$/s, ""));
  const refused = unknown.map((name) => refuseUnknown({ where: `flag ${name}`, name, source: "flag", declarations }));
  const positional = readPositional(declarations, [...words.filter((word) => !isFlagLike(word)), ...rest]);
  return {
    source: "flag",
    given: [...given, ...positional.given],
    problems: [...refused, ...positional.problems],
    isIncomplete: unknown.length > 0,
  };
}

export const undashed = (flag: string): string => flag.replace(/^--?/, "");

const isFlagLike = (word: string): boolean => /^-./s.test(word);

interface FlagValues {
  readonly setting: DeclaredSetting;
  readonly name: string;
  readonly values: readonly FlagValue[];
}

function giveFlag({ setting, name, values }: FlagValues): Given[] {
  if (values.length === 0) return [];
  const where = () => `flag ${name}`;
  const [refusal] = values.flatMap((value) => refuseValue(setting, value));
  if (refusal !== undefined) return [{ setting, raw: undefined, where, refusal }];
  if (setting.kind.form === "list") return [{ setting, raw: values.join(","), where }];
  if (values.length === 1) return [{ setting, raw: values[0], where }];
  return [{ setting, raw: undefined, where, refusal: `given ${values.length} times, takes one value` }];
}

function refuseValue({ kind, secret }: DeclaredSetting, value: FlagValue): string[] {
  if (value === undefined) return [`no value given, expected ${kind.expects}`];
  if (value === false && kind.form !== "toggle") return ["only what is true or false can be turned off by --no-"];
  if (typeof value === "string" && isFlagLike(value) && !/^-\d/.test(value))
    return [`${showValue(value, secret)} looks like a flag, expected ${kind.expects}`];
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

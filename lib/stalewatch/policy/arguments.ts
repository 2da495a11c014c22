import type { Argv } from "yargs";
import { type ColorChoice, colorChoices } from "./color.ts";

/** Options given several times gather, each with one value, so that a FILE can follow. */
export const takeSeveral = <Given>(yargs: Argv<Given>): Argv<Given> =>
  yargs.parserConfiguration({
    ...{ "duplicate-arguments-array": true, "greedy-arrays": false, "parse-positional-numbers": false },
  });

/** Of an option that has one value, the last one counts, as with all other commands. */
// No list of what was given is empty.
export const lastOf = <Value>(given: Value | readonly Value[]): Value => [given].flat().at(-1) as Value;

interface Files {
  readonly files: readonly string[];
}

/**
 * The arguments behind the command, which is `policy` and the `subcommand`. Declared to yargs they would be parsed a second time, as
 * options are, and a `-` be lost.
 */
export function takeFiles<Given>(yargs: Argv<Given>, subcommand: string, says: string): Argv<Given & Files> {
  const taken: unknown = takeSeveral(yargs)
    .usage(`$0 policy ${subcommand} [FILE...]\n\n${says}.\n\nFILE: ${files}`)
    .strict(false)
    .strictOptions()
    .middleware((given) => void Object.assign(given, { files: given._.slice(2).map(String) }));
  // Of what a middleware adds, yargs's types know nothing.
  return taken as Argv<Given & Files>;
}

const files = "identity policies as JSON, several are those of one role; - or none: standard input";

export const takeColor = <Given>(yargs: Argv<Given>) =>
  yargs.option("color", {
    ...{ choices: colorChoices, default: "auto" as ColorChoice, coerce: lastOf<ColorChoice> },
    describe: "auto: on a terminal, unless NO_COLOR is set; FORCE_COLOR has it elsewhere",
  });

const rewriteFormats = ["document", "diff", "json", "table"] as const;
export type RewriteFormat = (typeof rewriteFormats)[number];

export const takeRewriteFormat = <Given>(yargs: Argv<Given>) =>
  takeColor(yargs).option("format", {
    ...{ choices: rewriteFormats, default: "document" as RewriteFormat, coerce: lastOf<RewriteFormat> },
    describe: "document: the new text, of several files one object by their names",
  });

export const takeImmutableSid = <Given>(yargs: Argv<Given>) =>
  yargs.option("immutable-sid", {
    ...{ type: "string", requiresArg: true, default: "NOREPO", coerce: lastOf<string> },
    describe: "statements whose Sid begins so stay as they are",
  } as const);

/** An empty one, as of a variable that is not set, would leave no statement alone. */
export const refuseSid = ({ "immutable-sid": prefix }: { readonly "immutable-sid": string }): readonly string[] =>
  prefix === "" ? ['immutable-sid: "" is no beginning of a Sid: give one such as NOREPO'] : [];

export const expandFormats = ["text", "table", "json"] as const;

export interface ExpandOptions {
  readonly files: readonly string[];
  readonly action: readonly string[];
  readonly level: readonly string[];
  readonly format: (typeof expandFormats)[number];
}

export interface MinimiseOptions {
  readonly files: readonly string[];
  readonly within: readonly string[];
  readonly "immutable-sid": string;
  readonly format: RewriteFormat;
  readonly color: ColorChoice;
}

export const patternForms = ["minimal", "explicit"] as const;
export type PatternForm = (typeof patternForms)[number];

export interface SubtractOptions {
  readonly files: readonly string[];
  readonly remove: readonly string[];
  readonly "remove-from": readonly string[];
  readonly "immutable-sid": string;
  readonly "rewrite-not-action": boolean;
  readonly patterns: PatternForm;
  readonly format: RewriteFormat;
  readonly color: ColorChoice;
}

export const diffFormats = ["table", "json", "diff"] as const;

export interface DiffOptions {
  readonly before: string;
  readonly after: string;
  readonly "refuse-gain": boolean;
  readonly format: (typeof diffFormats)[number];
  readonly color: ColorChoice;
}

export const checkFormats = ["table", "json"] as const;

export interface CheckOptions {
  readonly files: readonly string[];
  readonly format: (typeof checkFormats)[number];
}

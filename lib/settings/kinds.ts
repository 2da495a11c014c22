import * as z from "zod/mini";
import { type Millis, parseInstant } from "../core/time.ts";
import { type DurationText, type DurationUnit, durationUnits, parseDuration } from "./duration.ts";
import type { Kind } from "./kind.ts";

interface DurationLimits {
  /** What a number without a unit counts; without it, such a number is refused. */
  readonly bare?: "seconds" | "minutes" | "hours" | "days";
  readonly min?: DurationText;
  readonly max?: DurationText;
}

/** Most settings of a run are not given, and what would check them is then never built. */
export function lazily<Value>(described: Omit<Kind<Value>, "schema">, build: () => z.ZodMiniType<Value>): Kind<Value> {
  let schema: z.ZodMiniType<Value> | undefined;
  return {
    ...described,
    get schema() {
      schema ??= build();
      return schema;
    },
  };
}

const bareUnits = { seconds: "s", minutes: "m", hours: "h", days: "d" } as const satisfies Record<string, DurationUnit>;

/** A length of time written `90d`, `36h`, `15m`; parsed to milliseconds. */
export function duration({ bare, min, max }: DurationLimits = {}): Kind<Millis> {
  const units = Object.keys(durationUnits).join("|");
  const least = min === undefined ? "" : ` of at least ${min}`;
  const most = max === undefined ? "" : ` of at most ${max}`;
  const limits = least !== "" && most !== "" ? ` from ${min} to ${max}` : least + most;
  const bareWords = bare === undefined ? "" : `; a bare number means ${bare}`;
  const expects = `a duration${limits}, such as 90d, 36h or 15m${bareWords}`;
  const suffix = bare === undefined ? "" : bareUnits[bare];
  const read = (raw: string | number): Millis =>
    parseDuration(/\d$/.test(`${raw}`) ? `${raw}${suffix}` : `${raw}`) ?? Number.NaN;
  const unit = bare === undefined ? {} : { bareUnit: bare };
  return lazily({ form: "text", placeholder: "DURATION", ...unit, expects, readDefault: read }, () => {
    const says = { error: expects };
    const text = z.string(says).check(z.regex(new RegExp(`^\\d+(${units})${bare === undefined ? "" : "?"}$`), says));
    const written = bare === undefined ? text : z.union([text, z.int(says).check(z.nonnegative(says))], says);
    const length = z
      .number(says)
      .check(z.gte(limitOf(min) ?? 0, says), z.lte(limitOf(max) ?? Number.MAX_SAFE_INTEGER, says));
    return z.pipe(z.pipe(written, z.transform(read)), length);
  });
}

const limitOf = (text: DurationText | undefined): Millis | undefined =>
  text === undefined ? undefined : parseDuration(text);

/** A whole number between two limits, both included. */
export function integer({ min, max }: { readonly min: number; readonly max?: number }): Kind<number> {
  const expects = max === undefined ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  return lazily({ form: "text", placeholder: "N", expects, readDefault: Number }, () => {
    const says = { error: expects };
    const limited = z.int(says).check(z.gte(min, says), z.lte(max ?? Number.MAX_SAFE_INTEGER, says));
    const text = z.pipe(z.string(says).check(z.regex(/^-?\d+$/, says)), z.transform(Number));
    return z.union([limited, z.pipe(text, limited)], says);
  });
}

/** A share in percent, written with or without the sign; parsed to the number before it. */
export function percent({ min = 0, max = 100 }: { readonly min?: number; readonly max?: number } = {}): Kind<number> {
  const expects = `a percentage from ${min} to ${max}, such as 5 or 5%`;
  const readDefault = (share: string) => Number(share.replace("%", ""));
  return lazily({ form: "text", placeholder: "PERCENT", expects, readDefault }, () => {
    const says = { error: expects };
    const limited = z.number(says).check(z.gte(min, says), z.lte(max, says));
    const text = z.pipe(z.string(says).check(z.regex(/^\d+(\.\d+)?%?$/, says)), z.transform(readDefault));
    return z.union([limited, z.pipe(text, limited)], says);
  });
}

interface ChoiceOptions<Word extends string> {
  /** Further spellings, in lower case, and what they stand for; with them every spelling counts in any letter case. */
  readonly also?: Readonly<Record<string, Word>>;
  readonly expects?: string;
}

/** One of a few words. */
export function choice<const Word extends string>(
  words: readonly [Word, ...Word[]],
  { also, expects = words.length === 1 ? words[0] : `one of ${words.join(", ")}` }: ChoiceOptions<Word> = {},
): Kind<Word> {
  // A default is one of the words themselves.
  const readDefault = (word: string) => word as Word;
  return lazily({ form: "text", placeholder: words.join("|"), expects, readDefault }, () => {
    const says = { error: expects };
    if (also === undefined) return z.enum(words, says);
    const meanings = new Map<string, Word>([...words.map((word) => [word, word] as const), ...Object.entries(also)]);
    const spelled = z.string(says).check(z.regex(anyCase([...meanings.keys()]), says));
    // The pattern admits only spellings that the map has.
    const meant = z.transform((word: string) => meanings.get(word.toLowerCase()) as Word);
    return z.pipe(z.union([z.enum(words, says), spelled], says), meant);
  });
}

interface TextOptions {
  readonly pattern: RegExp;
  readonly expects: string;
  readonly placeholder?: string;
}

/** Text that is not blank, or that matches a pattern. A number in YAML counts as the text it was written as. */
export function text({ pattern, expects, placeholder = "TEXT" }: TextOptions = notBlank): Kind<string> {
  const isValue = (raw: unknown): raw is string => typeof raw === "string" && pattern.test(raw);
  return lazily({ form: "text", placeholder, expects, isValue, readDefault: String }, () => {
    const says = { error: expects };
    const spelled = z.string(says).check(z.regex(pattern, says));
    const number = z.pipe(z.pipe(z.number(says), z.transform(String)), spelled);
    return z.union([spelled, number], says);
  });
}

export const notBlank = { pattern: /\S/, expects: "a text that is not blank" } as const satisfies TextOptions;

const toggleWords = { true: ["true", "yes", "on", "1"], false: ["false", "no", "off", "0"] } as const;

/** On or off. */
export function toggle(): Kind<boolean> {
  const expects = "true or false (yes or no, on or off, 1 or 0)";
  return lazily({ form: "toggle", placeholder: "", expects, readDefault: (word) => word === "true" }, () => {
    const says = { error: expects };
    const on = anyCase(toggleWords.true);
    const written = z.union(
      [
        z.boolean(says),
        z.literal([0, 1], says),
        z.string(says).check(z.regex(anyCase([...toggleWords.true, ...toggleWords.false]), says)),
      ],
      says,
    );
    return z.pipe(
      written,
      z.transform((word) => on.test(`${word}`)),
    );
  });
}

/** A day, meaning its midnight UTC, or an instant with its zone; parsed to epoch milliseconds. */
export function date(): Kind<Millis> {
  const expects = "a date such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z";
  return lazily({ form: "text", placeholder: "DATE", expects }, () => {
    const says = { error: expects };
    const written = z.string(says).check(z.regex(/^\d{4}-\d{2}-\d{2}(T\S+)?$/, says));
    const instant = z.transform((day: string) => parseInstant(day) ?? Number.NaN);
    return z.pipe(z.pipe(written, instant), z.number(says));
  });
}

/** Lists of maps and the like, which only the settings file can hold; the schema's own messages follow "is not". */
export const structured = <Value>(build: () => z.ZodMiniType<Value>, expects: string): Kind<Value> =>
  lazily({ form: "structured", placeholder: "", expects }, build);

/** Several values of one kind: separated by commas in a flag or variable, in the file also a YAML list. */
export function list<Item>(of: Kind<Item>): Kind<readonly Item[]> {
  const expects = `a list, each item ${of.expects}`;
  const { readDefault: readItem } = of;
  const readDefault = readItem && ((joined: string) => splitItems(joined).map(readItem));
  return lazily(
    { form: "list", placeholder: `${of.placeholder},...`, expects, ...(readDefault && { readDefault }) },
    () => {
      const says = { error: expects };
      const items = z.array(of.schema, says);
      const joined = z.pipe(
        z.union([z.string(says), z.number(says)], says),
        z.transform((raw: string | number): unknown[] => splitItems(raw)),
      );
      return z.union([z.pipe(joined, items), items], says);
    },
  );
}

export function splitItems(joined: string | number): string[] {
  const trimmed = String(joined).trim();
  return trimmed === "" ? [] : trimmed.split(",").map((item) => item.trim());
}

/** JSON Schema patterns know no flags, so each letter is spelled in both cases. */
function anyCase(words: readonly string[]): RegExp {
  const eitherCase = (letter: string) => `[${letter}${letter.toUpperCase()}]`;
  return new RegExp(`^(${words.map((word) => word.replace(/[a-z]/g, eitherCase)).join("|")})$`);
}

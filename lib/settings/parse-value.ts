import * as z from "zod/mini";
import type { Kind, Path } from "./kind.ts";
import { splitItems } from "./kinds.ts";

/** Where inside a value something is wrong, and what. */
export interface Wrong {
  readonly path: Path;
  readonly says: string;
}

export type ParsedValue<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly wrong: readonly Wrong[] };

/** Holds a value as a source gave it against its kind; a secret one is never shown in what is said about it. */
export function parseValue<Value>(kind: Kind<Value>, raw: unknown, secret?: boolean): ParsedValue<Value> {
  if (kind.isValue?.(raw)) return { ok: true, value: raw };
  const parsed = z.safeParse(kind.schema, raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const wrong = parsed.error.issues
    .flatMap(innermost)
    .flatMap((issue) => sayIssue(issue, valueAt(raw, issue.path), secret));
  // One value can break several rules of a kind, which are all said in the same words.
  const unlike = new Map(wrong.map((one) => [[...one.path, one.says].map(String).join("\n"), one]));
  return { ok: false, wrong: [...unlike.values()] };
}

type Issue = z.core.$ZodIssue;

/** Of a union's members the one that got furthest says best what is wrong, if there is just one. */
function innermost(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const [best, next] = issue.errors.filter((errors) => errors.some(isDeep)).sort((one, two) => one.length - two.length);
  if (best === undefined || best.length === next?.length) return [issue];
  return best.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

const isDeep = (issue: Issue): boolean => issue.path.length > 0 || issue.code === "unrecognized_keys";

/** The part of the given value an issue is about; a list given as text has its items there. */
function valueAt(raw: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return raw;
  if (typeof raw === "string" || typeof raw === "number") return valueAt(splitItems(raw), path);
  return valueAt(Object(raw)[step], rest);
}

function sayIssue(issue: Issue, value: unknown, secret: boolean | undefined): Wrong[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], says: "no such key" }));
  const words = wordsFor(issue);
  if (value === undefined || value === null) return [{ path, says: `no value given, expected ${words}` }];
  if (typeof value === "object") return [{ path, says: `not ${words}` }];
  return [{ path, says: `${showValue(value, secret)} is not ${words}` }];
}

const typeWords: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a map",
  string: "a text",
};

/** Schemas that brought no words of their own, as zod's bare `string()` in a structured setting. */
function wordsFor(issue: Issue): string {
  if (issue.message !== "Invalid input") return issue.message;
  if (issue.code === "invalid_type") return typeWords[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return `one of ${issue.values.join(", ")}`;
  return "as it should be";
}

export const showValue = (value: unknown, secret: boolean | undefined): string =>
  secret ? "[redacted]" : quoteValue(value);

const longest = 80;

/** A value as a problem shows it: on one line, in double quotes, cut when long. */
export function quoteValue(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}...` : text);
}

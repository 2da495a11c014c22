import { AwsError } from "../aws-error.ts";
import type { ParameterValue, RequestParameters } from "../parameters.ts";
import { readTexts, requireText } from "../parameters.ts";
import { invalidValue } from "./errors.ts";

export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** Of all filters of a call together. */
const mostValues = 200;

export function readFilters(parameters: RequestParameters): readonly Filter[] {
  const { Filter: given = [] } = parameters;
  const filters = (Array.isArray(given) ? given : []).filter(isRecord).map((filter) => ({
    name: requireText(filter, "Name"),
    values: readTexts(filter, "Value"),
  }));
  for (const { name, values } of filters)
    if (values.length === 0) throw invalidValue(`The filter '${name}' has no values.`);
  const count = filters.reduce((sum, { values }) => sum + values.length, 0);
  if (count <= mostValues) return filters;
  throw new AwsError(
    "FilterLimitExceeded",
    400,
    `The maximum number of filter values specified on a single call is ${mostValues}`,
  );
}

const isRecord = (value: ParameterValue): value is RequestParameters => typeof value === "object" && value !== null;

/** What a filter names outright: without wildcards, those few spare a walk through all. Sorted. */
export function plainValues(filters: readonly Filter[], name: string): readonly string[] | undefined {
  const values = filters.find((filter) => filter.name === name)?.values;
  return values === undefined || values.some(hasWildcard) ? undefined : [...new Set(values)].sort();
}

const hasWildcard = (value: string): boolean => /[*?\\]/.test(value);

/** What a filter of this name looks at: it keeps an item of which any text matches. Undefined: no such filter. */
export type FilterTable<Item> = (name: string) => ((item: Item) => readonly (string | undefined)[]) | undefined;

/** An item must match every filter, and of each any value. */
export function compileFilters<Item>(filters: readonly Filter[], table: FilterTable<Item>): (item: Item) => boolean {
  const tests = filters.map(({ name, values }) => {
    const read = table(name);
    if (read === undefined) throw invalidValue(`The filter '${name}' is invalid`);
    const matches = compileValues(values);
    return (item: Item): boolean => read(item).some((text) => text !== undefined && matches(text));
  });
  return (item) => tests.every((test) => test(item));
}

function compileValues(values: readonly string[]): (text: string) => boolean {
  const literal = new Set(values.filter((value) => !hasWildcard(value)));
  const patterns = values.filter((value) => !literal.has(value)).map(filterPattern);
  return (text) => literal.has(text) || patterns.some((pattern) => pattern.test(text));
}

/** `*` is any text, `?` any character, and a backslash takes the meaning off the next. */
export function filterPattern(value: string): RegExp {
  const parts = value.matchAll(/\\(.)|([*?])|([^\\*?]+|\\)/gs);
  const source = Array.from(parts, ([, escaped, wild, plain]) => {
    if (wild !== undefined) return wild === "*" ? ".*" : ".";
    return escapePattern(escaped ?? plain ?? "");
  });
  return new RegExp(`^${source.join("")}$`, "s");
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

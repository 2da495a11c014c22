import { validationError } from "./aws-error.ts";

export type ParameterValue = string | number | boolean | null | readonly ParameterValue[] | RequestParameters;

/** A request's parameters whatever its protocol: query sends every scalar as text, JSON as itself. */
export interface RequestParameters {
  readonly [name: string]: ParameterValue | undefined;
}

export function readText(parameters: RequestParameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object") throw validationError(`Value at '${memberName(name)}' must be a string`);
  return String(value);
}

export function requireText(parameters: RequestParameters, name: string): string {
  const text = readText(parameters, name);
  if (text === undefined) throw constraint("null", name, "Member must not be null");
  return text;
}

export function requireWord<Word extends string>(
  parameters: RequestParameters,
  name: string,
  words: readonly Word[],
): Word {
  const text = requireText(parameters, name);
  const word = words.find((one) => one === text);
  if (word === undefined)
    throw constraint(`'${text}'`, name, `Member must satisfy enum value set: [${words.join(", ")}]`);
  return word;
}

export function readFlag(parameters: RequestParameters, name: string): boolean {
  const text = readText(parameters, name);
  if (text === undefined || text === "false") return false;
  if (text === "true") return true;
  throw constraint(`'${text}'`, name, "Member must be a boolean");
}

export interface CountLimits {
  readonly fallback: number;
  readonly most: number;
}

export function readCount(parameters: RequestParameters, name: string, { fallback, most }: CountLimits): number {
  const text = readText(parameters, name);
  if (text === undefined) return fallback;
  const count = Number(text);
  if (!Number.isInteger(count)) throw constraint(`'${text}'`, name, "Member must be an integer");
  if (count < 1) throw constraint(`'${text}'`, name, "Member must have value greater than or equal to 1");
  if (count > most) throw constraint(`'${text}'`, name, `Member must have value less than or equal to ${most}`);
  return count;
}

export function readTexts(parameters: RequestParameters, name: string): readonly string[] {
  const value = parameters[name];
  if (value === undefined || value === null || value === "") return [];
  if (!Array.isArray(value)) throw constraint("", name, "Member must be a list");
  return value.map(String);
}

const constraint = (value: string, name: string, demand: string) =>
  validationError(
    `1 validation error detected: Value ${value} at '${memberName(name)}' failed to satisfy constraint: ${demand}`,
  );

const memberName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

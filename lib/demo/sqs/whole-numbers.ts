import type { Millis } from "../../core/time.ts";
import { seconds } from "../../core/time.ts";
import { type RequestParameters, readText } from "../parameters.ts";
import { invalidValue } from "./errors.ts";

export interface Bounds {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

export function readWholeNumber(
  parameters: RequestParameters,
  name: string,
  { fallback, least, most }: Bounds,
): number {
  const text = readText(parameters, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidValue(name, text, `Must be between ${least} and ${most}, if provided.`);
}

const longestVisibility = 43_200;

/** Undefined where the request says none. */
export function readVisibility(parameters: RequestParameters): Millis | undefined {
  const bounds = { fallback: -1, least: 0, most: longestVisibility };
  const said = readWholeNumber(parameters, "VisibilityTimeout", bounds);
  return said < 0 ? undefined : seconds(said);
}

import type { Answer, Call } from "../operation.ts";
import { type Listing, takePage } from "../paging.ts";
import { readText } from "../parameters.ts";
import { invalidValue } from "./errors.ts";

export interface PageLimits {
  readonly least: number;
  readonly most: number;
  /** Where none is asked for. */
  readonly fallback: number;
}

/** EC2's paging: only a missing NextToken ends the list; a page may be shorter than asked for. */
export function takeEc2Page<Item>(
  call: Call,
  listing: Listing<Item>,
  limits: PageLimits,
): { readonly items: readonly Item[]; readonly end: Answer } {
  const { items, next } = takePage(call, listing, {
    size: readSize(call, limits),
    marker: readText(call.parameters, "NextToken"),
    invalidMarker: () => invalidValue("Unable to parse pagination token"),
  });
  return { items, end: { nextToken: next } };
}

function readSize({ parameters }: Call, { least, most, fallback }: PageLimits): number {
  const text = readText(parameters, "MaxResults");
  if (text === undefined) return fallback;
  const refuse = (expecting: string) =>
    invalidValue(`Value ( ${text} ) for parameter maxResults is invalid. Expecting a value ${expecting}.`);
  const size = Number(text);
  if (!Number.isInteger(size) || size < least) throw refuse(`greater than or equal to ${least}`);
  if (size > most) throw refuse(`less than or equal to ${most}`);
  return size;
}

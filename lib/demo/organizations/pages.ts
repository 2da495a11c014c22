import { AwsError } from "../aws-error.ts";
import type { Answer, Call } from "../operation.ts";
import { type Listing, takePage } from "../paging.ts";
import { readCount, readText } from "../parameters.ts";

/** 20 a page at most, and a page may be empty while there is more: only a missing NextToken ends the list. */
export function takeOrganizationsPage<Item>(
  call: Call,
  listing: Listing<Item>,
): { readonly items: readonly Item[]; readonly end: Answer } {
  const { items, next } = takePage(call, listing, {
    size: readCount(call.parameters, "MaxResults", { fallback: 20, most: 20 }),
    marker: readText(call.parameters, "NextToken"),
    invalidMarker: () =>
      new AwsError("InvalidInputException", 400, "You specified an invalid value for the next token."),
  });
  return { items, end: { NextToken: next } };
}

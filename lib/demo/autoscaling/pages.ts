import { AwsError } from "../aws-error.ts";
import type { Answer, Call } from "../operation.ts";
import { type Listing, takePage } from "../paging.ts";
import { readCount, readText } from "../parameters.ts";

/** 50 a page unless asked otherwise; only a missing NextToken ends the list. */
export function takeAutoScalingPage<Item>(
  call: Call,
  listing: Listing<Item>,
  most: number,
): { readonly items: readonly Item[]; readonly end: Answer } {
  const { items, next } = takePage(call, listing, {
    size: readCount(call.parameters, "MaxRecords", { fallback: 50, most }),
    marker: readText(call.parameters, "NextToken"),
    invalidMarker: () => new AwsError("InvalidNextToken", 400, "The token was not valid."),
  });
  return { items, end: { NextToken: next } };
}

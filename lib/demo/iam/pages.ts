import { validationError } from "../aws-error.ts";
import type { Answer, Call } from "../operation.ts";
import { type Listing, takePage } from "../paging.ts";
import { readCount, readText } from "../parameters.ts";

/** IAM's paging: 100 a page unless asked otherwise, 1,000 at most, and never a promise that a page is full. */
export function takeIamPage<Item>(
  call: Call,
  listing: Listing<Item>,
): { readonly items: readonly Item[]; readonly end: Answer } {
  const { items, next } = takePage(call, listing, {
    size: readCount(call.parameters, "MaxItems", { fallback: 100, most: 1000 }),
    marker: readText(call.parameters, "Marker"),
    invalidMarker: () => validationError("Invalid Marker."),
  });
  return { items, end: { IsTruncated: next !== undefined, Marker: next } };
}

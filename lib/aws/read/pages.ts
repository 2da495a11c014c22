import { OpsError } from "../../core/errors.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; absent on the last one. */
  readonly next: string | undefined;
}

/**
 * All pages of a listing. A page may be short or empty and still not be the last: only the service's word that there is
 * no more ends the listing, and a marker that repeats is an error rather than a loop.
 */
export async function* allPages<Item>(
  action: string,
  fetchPage: (marker: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<readonly Item[]> {
  let marker: string | undefined;
  do {
    const page = await fetchPage(marker);
    yield page.items;
    if (page.next !== undefined && page.next === marker) {
      throw new OpsError("other", `${action}: paging does not advance past marker "${marker}"`);
    }
    marker = page.next;
  } while (marker !== undefined);
}

/** IAM's convention: `Marker` counts only while `IsTruncated` says so, and a truncated page without one is broken. */
export function nextMarker(action: string, page: { IsTruncated?: boolean | undefined; Marker?: string | undefined }) {
  if (page.IsTruncated !== true) return undefined;
  if (page.Marker === undefined || page.Marker === "") {
    throw new OpsError("other", `${action}: the answer is truncated and names no marker`);
  }
  return page.Marker;
}

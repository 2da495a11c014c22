import type { Call } from "./operation.ts";
import { hashText } from "./random.ts";

/** What is paged: items sorted by the text `orderOf` gives them. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly orderOf: (item: Item) => string;
  /** Which of them are answered; all if absent. */
  readonly keeps?: (item: Item) => boolean;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Present while there is more, even behind an empty page. */
  readonly next: string | undefined;
}

export interface PageRequest {
  readonly size: number;
  readonly marker: string | undefined;
  readonly invalidMarker: () => Error;
}

/**
 * A page starts after the last item of the one before, not at a count: what is added or removed between two calls moves
 * nobody across the border unseen.
 */
export function takePage<Item>(call: Call, listing: Listing<Item>, request: PageRequest): Page<Item> {
  const { items, orderOf } = listing;
  const start = request.marker === undefined ? firstPage : readMarker(call, request.marker);
  if (start === undefined) throw request.invalidMarker();
  const from = start.after === undefined ? 0 : firstBehind(items, orderOf, start.after);
  // One more than the page holds tells whether it is the last.
  const ahead = takeKept(listing, from, request.size + 1);
  const full = Math.min(request.size, ahead.length);
  const size = call.shortPages === undefined ? full : shorten(full, `${call.shortPages} ${call.action} ${start.hop}`);
  if (size === ahead.length) return { items: ahead, next: undefined };
  const page = ahead.slice(0, size);
  const last = page.at(-1);
  return { items: page, next: writeMarker(call, start.hop + 1, last === undefined ? start.after : orderOf(last)) };
}

function takeKept<Item>({ items, keeps }: Listing<Item>, from: number, count: number): readonly Item[] {
  if (keeps === undefined) return items.slice(from, from + count);
  const kept: Item[] = [];
  for (let index = from; index < items.length && kept.length < count; index += 1) {
    // The index lies inside the list.
    const item = items[index] as Item;
    if (keeps(item)) kept.push(item);
  }
  return kept;
}

interface Start {
  readonly hop: number;
  readonly after: string | undefined;
}

const firstPage: Start = { hop: 0, after: undefined };

function shorten(full: number, seed: string): number {
  const hash = hashText(seed);
  return hash % 3 === 0 ? full : (hash >>> 2) % (full + 1);
}

function firstBehind<Item>(items: readonly Item[], orderOf: (item: Item) => string, after: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // `middle` lies between two valid bounds, so there is an item.
    if (orderOf(items[middle] as Item) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A marker belongs to one action, account and region: AWS refuses ListUsers' marker in ListAccessKeys. */
const markerOwner = ({ caller, action, region }: Call): string => `${caller.account.id} ${action} ${region}`;

const writeMarker = (call: Call, hop: number, after: string | undefined): string =>
  Buffer.from(JSON.stringify([markerOwner(call), hop, after ?? null])).toString("base64url");

function readMarker(call: Call, marker: string): Start | undefined {
  const [owner, hop, after] = parseMarker(marker);
  if (owner !== markerOwner(call) || typeof hop !== "number") return undefined;
  return { hop, after: typeof after === "string" ? after : undefined };
}

function parseMarker(marker: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(marker, "base64url").toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

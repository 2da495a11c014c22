/** An instant as epoch milliseconds UTC, or a length of time in milliseconds. */
export type Millis = number;

export const seconds = (count: number): Millis => count * 1000;
export const minutes = (count: number): Millis => seconds(count * 60);
export const hours = (count: number): Millis => minutes(count * 60);
export const days = (count: number): Millis => hours(count * 24);

/** ISO 8601 with a zone, or a bare date taken as its midnight UTC; undefined for anything else. */
export function parseInstant(text: string): Millis | undefined {
  const match = isoInstant.exec(text);
  if (match === null) return undefined;
  const at = Date.parse(match[2] === undefined ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at)) return undefined;
  return text.startsWith(new Date(at + zoneOffset(text)).toISOString().slice(0, 10)) ? at : undefined;
}

const isoInstant = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** The zone's own calendar date must be the written one: `Date.parse` lets 30 February slide into March. */
function zoneOffset(text: string): Millis {
  const zone = /([+-])(\d{2}):(\d{2})$/.exec(text.slice(10));
  if (zone === null) return 0;
  const size = hours(Number(zone[2])) + minutes(Number(zone[3]));
  return zone[1] === "-" ? -size : size;
}

/** ISO 8601 in UTC to the second, as people read it. */
export const formatInstant = (at: Millis): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Whole days gone by from one instant to a later one; negative when `to` lies before `from`. */
export const wholeDays = (from: Millis, to: Millis): number => Math.floor((to - from) / days(1));

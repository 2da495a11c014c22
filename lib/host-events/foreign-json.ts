/** What anybody may have written: nothing is known of its members. */
export type ForeignRecord = Readonly<Record<string, unknown>>;

export const asRecord = (value: unknown): ForeignRecord | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as ForeignRecord) : undefined;

/** A member of the record itself: `constructor` and `__proto__` are members of every object otherwise. */
export const memberOf = (record: ForeignRecord | undefined, name: string): unknown =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

export const recordOf = (record: ForeignRecord | undefined, name: string): ForeignRecord | undefined =>
  asRecord(memberOf(record, name));

/** As it was written; undefined unless it is a text. */
export function textOf(record: ForeignRecord | undefined, name: string): string | undefined {
  const member = memberOf(record, name);
  return typeof member === "string" ? member : undefined;
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Foreign text that may travel: one line without characters that steer a terminal or turn its direction, and no longer
 * than asked, counted in characters. Undefined where nothing is left.
 */
export function tameText(text: string | undefined, longest: number): string | undefined {
  if (text === undefined) return undefined;
  // No character has more than two code units.
  const tamed = [...text.slice(0, longest * 2).replace(unruly, "\ufffd")].slice(0, longest).join("").trim();
  return tamed === "" ? undefined : tamed;
}

/** Control and format characters, halves of surrogate pairs, separators of lines and paragraphs, and what SQS refuses. */
const unruly = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** For messages to people: whatever was there, quoted. */
export const quoteForeign = (value: unknown): string =>
  typeof value === "string" ? `"${tameText(value, 60) ?? ""}"` : "no text";

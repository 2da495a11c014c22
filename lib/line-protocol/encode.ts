import type { FieldKind, FieldValue, Point } from "../core/point.ts";
import type { Millis } from "../core/time.ts";
import { fitsKind } from "../measurements/fits-kind.ts";
import { escapeTagValue, quoteString } from "./escape.ts";
import { type Layout, layoutOf } from "./layout.ts";

export interface Encoded {
  /** Without its newline; undefined when the point can't be written: no usable name, no field left, or a time out of range. */
  readonly line: string | undefined;
  readonly droppedFields: number;
}

/** One point as one line of portable line protocol; only what its measurement declares is written. */
export function encodePoint({ measurement, tags, fields, time }: Point): Encoded {
  const layout = layoutOf(measurement);
  let fieldSet = "";
  let droppedFields = 0;
  for (const { name, kind, lead } of layout.fields) {
    const value = fields[name];
    if (value === undefined) continue;
    if (lead === "" || !fitsKind(kind, value)) {
      droppedFields += 1;
      continue;
    }
    if (fieldSet !== "") fieldSet += ",";
    fieldSet += lead + formatValue(kind, value);
  }
  if (layout.measurement === "" || fieldSet === "" || !isWritableTime(time)) return { line: undefined, droppedFields };
  return { line: `${layout.measurement}${formatTags(layout, tags)} ${fieldSet}${formatTime(time)}`, droppedFields };
}

/** Both parsers refuse a tag without a value. */
function formatTags(layout: Layout, tags: Point["tags"]): string {
  let tagSet = "";
  for (const { name, lead } of layout.tags) {
    const value = tags[name];
    if (value === undefined) continue;
    const escaped = escapeTagValue(value);
    if (escaped !== "") tagSet += lead + escaped;
  }
  return tagSet;
}

/** JavaScript's own shortest form is portable: `197` without a suffix is a float, and both parsers take `1e+21`. */
function formatValue(kind: FieldKind, value: FieldValue): string {
  if (typeof value === "string") return quoteString(value);
  return kind === "integer" ? `${value}i` : `${value}`;
}

/** The last whole millisecond that signed 64 bits of nanoseconds can say: 2262-04-11. */
const lastMillis = 9_223_372_036_854;

const isWritableTime = (time: Millis | undefined): boolean =>
  time === undefined || (Number.isInteger(time) && Math.abs(time) <= lastMillis);

function formatTime(time: Millis | undefined): string {
  if (time === undefined) return "";
  return time === 0 ? " 0" : ` ${time}000000`;
}

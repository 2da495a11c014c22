import type { FieldKind, Measurement } from "../core/point.ts";
import { cleanMeasurement, cleanName, escapeKey, escapeMeasurement } from "./escape.ts";

export interface TagLayout {
  readonly name: string;
  /** `,key=` as on the wire. */
  readonly lead: string;
}

export interface FieldLayout {
  readonly name: string;
  readonly kind: FieldKind;
  /** `key=` as on the wire; empty when the key can't be written. */
  readonly lead: string;
}

/** What a declaration says once for all its points, escaped and in the order of the wire. */
export interface Layout {
  /** Empty when the measurement's name can't be written. */
  readonly measurement: string;
  readonly tags: readonly TagLayout[];
  readonly fields: readonly FieldLayout[];
}

const layouts = new WeakMap<Measurement, Layout>();

export function layoutOf(measurement: Measurement): Layout {
  const known = layouts.get(measurement);
  if (known !== undefined) return known;
  const layout: Layout = {
    measurement: escapeMeasurement(cleanMeasurement(measurement.name)),
    tags: layOutTags(Object.keys(measurement.tags)),
    fields: layOutFields(measurement.fields),
  };
  layouts.set(measurement, layout);
  return layout;
}

/** Of names that clean to the same key, the one declared first is written. */
function layOutTags(names: readonly string[]): readonly TagLayout[] {
  const byKey = new Map<string, string>();
  for (const name of names) {
    const key = cleanName(name);
    if (key !== "" && !byKey.has(key)) byKey.set(key, name);
  }
  return [...byKey]
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([key, name]) => ({ name, lead: `,${escapeKey(key)}=` }));
}

function layOutFields(declared: Measurement["fields"]): readonly FieldLayout[] {
  const seen = new Set<string>([""]);
  return Object.entries(declared).map(([name, { kind }]) => {
    const key = cleanName(name);
    const lead = seen.has(key) ? "" : `${escapeKey(key)}=`;
    seen.add(key);
    return { name, kind, lead };
  });
}

const utf8 = new TextEncoder();

/** Stores sort by bytes; JavaScript's own order is that of UTF-16, which differs beyond U+FFFF. */
function compareBytes(left: string, right: string): number {
  const rights = utf8.encode(right);
  for (const [at, byte] of utf8.encode(left).entries()) {
    const difference = byte - (rights[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return -1;
}

import type { Millis } from "./time.ts";

export type FieldValue = number | boolean | string;
export type FieldKind = "integer" | "float" | "boolean" | "string";
export type FieldUnit = "days" | "seconds" | "milliseconds" | "ratio" | "none";

export interface FieldDeclaration<Kind extends FieldKind = FieldKind> {
  readonly kind: Kind;
  readonly unit: FieldUnit;
  readonly says: string;
}

/**
 * What a measurement may carry. Frozen once released: a name is never renamed, retyped or removed, because stores refuse
 * or corrupt a field that changes its type.
 */
export interface Measurement {
  readonly name: string;
  readonly says: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
}

/** One point: a field's type on the wire is its declaration's, so a whole number in a float field stays a float. */
export interface Point {
  readonly measurement: Measurement;
  readonly tags: Readonly<Record<string, string | undefined>>;
  readonly fields: Readonly<Record<string, FieldValue | undefined>>;
  /** Absent: the reader's own time of arrival, which is what Telegraf users expect. */
  readonly time?: Millis;
}

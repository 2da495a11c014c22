import type { FieldDeclaration, FieldKind, FieldUnit, Measurement, Point } from "../core/point.ts";
import type { Millis } from "../core/time.ts";

interface KindValues {
  integer: number;
  float: number;
  boolean: boolean;
  string: string;
}

const declareField =
  <Kind extends FieldKind>(kind: Kind) =>
  (says: string, unit: FieldUnit = "none"): FieldDeclaration<Kind> => ({ kind, unit, says });

export const integer = declareField("integer");
export const float = declareField("float");
export const boolean = declareField("boolean");
export const string = declareField("string");

/** Declares a measurement: README tables, dashboard checks and Prometheus names all follow from this one object. */
export const measurement = <const Declared extends Measurement>(declared: Declared): Declared => declared;

export type TagsOf<M extends Measurement> = { readonly [Tag in keyof M["tags"]]?: string | undefined };

export type FieldsOf<M extends Measurement> = {
  readonly [Field in keyof M["fields"]]?: KindValues[M["fields"][Field]["kind"]] | undefined;
};

/** A point whose tags and fields the compiler has held against the measurement's declaration. */
export const point = <M extends Measurement>(
  declared: M,
  values: { readonly tags: TagsOf<M>; readonly fields: FieldsOf<M>; readonly time?: Millis },
): Point => ({ measurement: declared, ...values });

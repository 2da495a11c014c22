import type { FieldKind, FieldValue } from "../core/point.ts";

/** Whether a sink may write the value as its declared kind: a field that changed its type would be refused by the store. */
export function fitsKind(kind: FieldKind, value: FieldValue): boolean {
  switch (kind) {
    case "integer":
      return Number.isSafeInteger(value);
    case "float":
      return Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
  }
}

import type { FieldDeclaration, FieldUnit } from "../core/point.ts";

export interface MetricName {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly toBaseUnit: (value: number) => number;
}

interface BaseUnit {
  /** How field names spell the unit. */
  readonly spelled: readonly string[];
  /** How Prometheus does; https://prometheus.io/docs/practices/naming/#base-units */
  readonly word: string;
  readonly convert: (value: number) => number;
}

const same = (value: number): number => value;

const baseUnits: Readonly<Record<Exclude<FieldUnit, "none">, BaseUnit>> = {
  days: { spelled: ["days", "d"], word: "seconds", convert: (days) => days * 86_400 },
  seconds: { spelled: ["seconds", "s"], word: "seconds", convert: same },
  milliseconds: { spelled: ["milliseconds", "ms"], word: "seconds", convert: (milliseconds) => milliseconds / 1000 },
  ratio: { spelled: ["ratio"], word: "ratio", convert: same },
};

const total = /_total$/;

/**
 * `iam` with `expires_in_days` becomes `iam_expires_in_seconds`: names and units as `promtool check metrics` wants them,
 * who keeps `_total` for counters and `_count` for histograms.
 */
export function nameMetric(measurement: string, field: string, { unit, says }: FieldDeclaration): MetricName {
  const base = unit === "none" ? undefined : baseUnits[unit];
  const isCounter = total.test(field);
  const stem = sanitise(`${measurement}_${spellUnit(field.replace(total, ""), base)}`);
  return {
    name: isCounter ? `${stem}_total` : stem.replace(/_count$/, ""),
    type: isCounter ? "counter" : "gauge",
    help: base === undefined || base.convert === same ? says : `${says} (in ${base.word})`,
    toBaseUnit: base?.convert ?? same,
  };
}

/** Replaces the unit's word where the name has it, as in `rotation_days_median`, else appends it. */
function spellUnit(field: string, base: BaseUnit | undefined): string {
  if (base === undefined) return field;
  const words = field.split("_");
  const at = words.findLastIndex((word) => base.spelled.includes(word));
  return at === -1 ? `${field}_${base.word}` : words.with(at, base.word).join("_");
}

/** Two leading underscores are Prometheus' own. */
export const nameLabel = (tag: string): string => sanitise(tag).replace(/^__+/, "_");

const sanitise = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, "_")
    .replace(/^(?=\d|$)/, "_");

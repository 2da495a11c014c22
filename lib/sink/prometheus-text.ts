import type { FieldKind, Measurement, Point } from "../core/point.ts";
import { replaceUnprintable } from "../line-protocol/escape.ts";
import { fitsKind } from "../measurements/fits-kind.ts";
import { type MetricName, nameLabel, nameMetric } from "./prometheus-names.ts";

/** Points gathered by metric, as the text format demands: one HELP, one TYPE, then all samples. */
export interface Exposition {
  add(point: Point): { readonly isWritten: boolean; readonly droppedFields: number };
  /** One text per metric, sorted by name. */
  format(): Iterable<string>;
}

interface Layout {
  readonly labels: ReadonlyMap<string, string>;
  readonly fields: readonly { readonly field: string; readonly kind: FieldKind; readonly metric: MetricName }[];
}

/** Samples by label set, so that of two equal series the last wins: a repeated series fails the whole scrape. */
type Family = MetricName & { readonly samples: Map<string, number> };

/** Strings have no place in the format and are left out; so are times, for node_exporter refuses files that have any. */
export function startExposition(): Exposition {
  const layouts = new Map<Measurement, Layout>();
  const families = new Map<string, Family>();
  return {
    add({ measurement, tags, fields }) {
      const layout = layouts.get(measurement) ?? layOut(measurement);
      layouts.set(measurement, layout);
      const labels = formatLabels(layout, tags);
      let isWritten = false;
      let droppedFields = 0;
      for (const { field, kind, metric } of layout.fields) {
        const value = fields[field];
        if (value === undefined) continue;
        if (!fitsKind(kind, value)) droppedFields += 1;
        else if (kind !== "string") {
          const family = families.get(metric.name) ?? { ...metric, samples: new Map() };
          families.set(metric.name, family);
          family.samples.set(labels, metric.toBaseUnit(Number(value)));
          isWritten = true;
        }
      }
      return { isWritten, droppedFields };
    },
    *format() {
      const sorted = [...families.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
      for (const family of sorted) yield formatFamily(family);
    },
  };
}

/** Of tags that become the same label the one declared first is written. */
function layOut({ name, tags, fields }: Measurement): Layout {
  const labels = new Map<string, string>();
  for (const tag of Object.keys(tags)) {
    const label = nameLabel(tag);
    if (!labels.has(label)) labels.set(label, tag);
  }
  return {
    labels,
    fields: Object.entries(fields).map(([field, declared]) => {
      return { field, kind: declared.kind, metric: nameMetric(name, field, declared) };
    }),
  };
}

/** Control characters are legal here, but Prometheus' own lexer ends at a NUL. */
function formatLabels({ labels }: Layout, tags: Point["tags"]): string {
  const pairs: string[] = [];
  for (const [label, tag] of labels) {
    const value = replaceUnprintable(tags[tag] ?? "");
    if (value !== "") pairs.push(`${label}="${value.replace(/["\\]/g, "\\$&")}"`);
  }
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function formatFamily({ name, help, type, samples }: Family): string {
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
  return head + [...samples].map(([labels, value]) => `${name}${labels} ${value}\n`).join("");
}

const escapeHelp = (help: string): string => help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

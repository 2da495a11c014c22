import type { Millis } from "../../../lib/core/time.ts";
import type { Panel, Variable } from "../../support/dashboards.ts";

/** What is chosen: values of variables by name; several for one that takes several, and `$__all` for all of them. */
export type Choice = Readonly<Record<string, string | readonly string[]>>;

export interface TimeRange {
  readonly from: Millis;
  readonly to: Millis;
}

export interface Interpolation {
  readonly language: "influxql" | "promql";
  readonly variables: readonly Variable[];
  /** The options of each variable that takes several. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly choice: Choice;
  readonly range: TimeRange;
}

/**
 * A query as Grafana sends it: variables as regular expressions where they take several values, its macros, and a
 * panel's own time and least interval. https://grafana.com/docs/grafana/latest/dashboards/variables/
 */
export function interpolate(query: string, interpolation: Interpolation, panel: Partial<Panel> = {}): string {
  const range = rangeOf(panel, interpolation);
  const macros: Readonly<Record<string, string>> = {
    timeFilter: `time >= ${range.from}ms and time <= ${range.to}ms`,
    __interval: panel.interval === undefined ? "1m" : replaceVariables(panel.interval, interpolation),
    __range: `${Math.round((range.to - range.from) / 1000)}s`,
  };
  const withMacros = query.replace(/\$(timeFilter|__\w+)/g, (found, name) => macros[name] ?? found);
  const sent = replaceVariables(withMacros, interpolation);
  if (/\$\w/.test(sent)) throw new Error(`nothing is known to put in: ${sent}`);
  return sent;
}

/** A panel's relative time counts from the end of the dashboard's. */
export function rangeOf({ timeFrom }: Partial<Panel>, interpolation: Interpolation): TimeRange {
  const { range } = interpolation;
  if (timeFrom === undefined) return range;
  return { from: range.to - lengthOf(replaceVariables(timeFrom, interpolation)), to: range.to };
}

const units: Readonly<Record<string, Millis>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export function lengthOf(text: string): Millis {
  const [, count, unit = ""] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const length = Number(count) * (units[unit] ?? Number.NaN);
  if (Number.isNaN(length)) throw new Error(`"${text}" is no length of time`);
  return length;
}

function replaceVariables(text: string, interpolation: Interpolation): string {
  return interpolation.variables.reduce(
    (replaced, variable) =>
      replaced.replaceAll(new RegExp(`\\$${variable.name}\\b`, "g"), () => formatChoice(variable, interpolation)),
    text,
  );
}

function formatChoice({ name, current, allValue }: Variable, { choice, options, language }: Interpolation): string {
  const chosen = choice[name] ?? current?.value ?? "";
  if (typeof chosen === "string") return chosen;
  const isAll = chosen.includes("$__all");
  if (isAll && allValue !== undefined) return allValue;
  return formatPattern(isAll ? (options[name] ?? []) : chosen, language);
}

/** In PromQL a pattern stands in a string, where a backslash stands for itself only when doubled. */
function formatPattern(values: readonly string[], language: Interpolation["language"]): string {
  const backslash = language === "promql" ? "\\\\" : "\\";
  const patterns = values.map((value) => value.replace(/[\\^$.*+?()[\]{}|/]/g, `${backslash}$&`));
  return patterns.length === 1 ? patterns.join("") : `(${patterns.join("|")})`;
}

import type { Target } from "../../support/dashboards.ts";
import type { InfluxDb, Series } from "./start-influxdb.ts";

/** One line of an answer: what is said of it, and numbers by the name under which a panel shows them. */
export interface AnswerRow {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number | null>>;
}

/** Of a query of InfluxDB; booleans count as 0 and 1. */
export async function askInfluxDb(influxDb: InfluxDb, influxQl: string): Promise<readonly AnswerRow[]> {
  const series = await influxDb.query("telegraf", influxQl);
  return series.flatMap((one) => one.values.map((row) => readRow(one, row)));
}

function readRow({ tags = {}, columns }: Series, row: Series["values"][number]): AnswerRow {
  const cells = columns.map((column, index) => [column, row[index] ?? null] as const);
  const texts = cells.filter((cell): cell is readonly [string, string] => typeof cell[1] === "string");
  const numbers = cells.filter(([column, value]) => column !== "time" && typeof value !== "string");
  return {
    labels: { ...tags, ...Object.fromEntries(texts) },
    values: Object.fromEntries(numbers.map(([column, value]) => [column, value === null ? null : Number(value)])),
  };
}

/** VictoriaMetrics answers for the multiples of a step only; the newest of them must be past what was just written. */
const finestStep = "1s";

interface PromQuery {
  readonly target: Target;
  readonly promQl: string;
  readonly start: number;
  readonly end: number;
}

/** Of a query in PromQL, at an instant or over a range as its target says; times in seconds. */
export async function askPrometheus(url: string, query: PromQuery): Promise<readonly AnswerRow[]> {
  const { target, promQl, start, end } = query;
  const isInstant = target.instant === true;
  const times: Record<string, string> = isInstant
    ? { time: String(end) }
    : { start: String(start), end: String(end), step: finestStep };
  const path = isInstant ? "query" : "query_range";
  const { result } = await ask<{ readonly result: readonly PromSeries[] }>(url, path, { query: promQl, ...times });
  return result.flatMap(({ metric, value, values }) =>
    (value === undefined ? (values ?? []) : [value]).map(([, text]) => ({
      labels: metric,
      values: { [nameOf(target, metric)]: Number(text) },
    })),
  );
}

interface PromSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

const nameOf = ({ legendFormat = "" }: Target, metric: PromSeries["metric"]): string =>
  legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? "");

/** Whether a query at this instant finds the series. */
export async function isShown(url: string, series: string): Promise<boolean> {
  await fetch(`${url}/internal/force_flush`);
  const { result } = await ask<{ readonly result: readonly PromSeries[] }>(url, "query", { query: series });
  return result.length > 0;
}

/** What Grafana asks for `label_values(series, label)`. */
export function askLabelValues(url: string, series: string, label: string): Promise<readonly string[]> {
  return ask(url, `label/${label}/values`, { "match[]": series });
}

async function ask<Data>(url: string, path: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text).data;
}

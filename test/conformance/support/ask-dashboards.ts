import type { Test } from "tap";
import {
  chartsOf,
  type DashboardFile,
  type GrafanaDashboard,
  type Naming,
  namingOf,
  type Panel,
  selectorsOf,
  type Target,
  targetsOf,
  type WavefrontDashboard,
} from "../../support/dashboards.ts";
import { type AnswerRow, askInfluxDb, askLabelValues, askPrometheus } from "./answers.ts";
import type { FilledStores } from "./fill-stores.ts";
import { type Choice, type Interpolation, interpolate, rangeOf } from "./grafana.ts";
import type { WavefrontReceiver } from "./start-wavefront.ts";

const storeOf = {
  influxql: "influxDb",
  telegraf: "victoriaMetrics",
  textfile: "prometheus",
} as const satisfies Readonly<Record<Naming, keyof FilledStores>>;

export type Answers = readonly { readonly panel: Panel; readonly rows: readonly AnswerRow[] }[];

export interface Asked {
  readonly language: Interpolation["language"];
  ask(panel: Panel, target: Target, interpolation: Interpolation): Promise<readonly AnswerRow[]>;
  options(query: string): Promise<readonly string[]>;
}

const now = Date.now();
/** Until after all that is written: no range may end before it. */
export const range = { from: now - 3_600_000, to: now + 120_000 };

export function askStore(name: string, stores: Partial<FilledStores>): Asked {
  const store = storeOf[namingOf(name)];
  if (store === "influxDb") {
    const { influxDb } = stores;
    if (influxDb === undefined) throw new Error("no InfluxDB was filled");
    return {
      language: "influxql",
      ask: (panel, { query = "" }, interpolation) => askInfluxDb(influxDb, interpolate(query, interpolation, panel)),
      options: async (query) => (await askInfluxDb(influxDb, query)).map(({ labels }) => labels.value ?? ""),
    };
  }
  const { url } = stores[store] ?? {};
  if (url === undefined) throw new Error(`no ${store} was filled`);
  return {
    language: "promql",
    ask: (panel, target, interpolation) => {
      const { from } = rangeOf(panel, interpolation);
      const promQl = interpolate(target.expr ?? "", interpolation, panel);
      return askPrometheus(url, { target, promQl, start: from / 1000, end: Date.now() / 1000 });
    },
    options: (query) => {
      const [, series = "", label = ""] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
      return askLabelValues(url, series, label);
    },
  };
}

/** Every variable's options in order, for they may depend on those before; then every panel's answers. */
export async function askAll({ dashboard }: DashboardFile<GrafanaDashboard>, asked: Asked, choice: Choice) {
  const variables = dashboard.templating.list;
  const options: Record<string, readonly string[]> = {};
  const interpolation = { language: asked.language, variables, options, choice, range };
  for (const { name, type, query } of variables) {
    if (type === "query") options[name] = await asked.options(interpolate(query, interpolation));
  }
  const answers = await Promise.all(
    targetsOf(dashboard).map(async ({ panel, target }) => ({
      panel,
      rows: await asked.ask(panel, target, interpolation),
    })),
  );
  return { options, answers };
}

/** Columns that no row has anything in. */
function emptyColumns(rows: readonly AnswerRow[]): readonly string[] {
  const columns = new Set(rows.flatMap(({ values }) => Object.keys(values)));
  const isThere = ({ labels, values }: AnswerRow, column: string) =>
    column in labels || Number.isFinite(values[column] ?? Number.NaN);
  return [...columns].filter((column) => !rows.some((row) => isThere(row, column)));
}

/** Every panel has one, whole. */
export function checkAnswers(t: Test, answers: Answers): void {
  for (const { panel, rows } of answers) {
    t.ok(rows.length > 0, `${panel.title}: an answer`);
    t.strictSame(emptyColumns(rows), [], `${panel.title}: no empty column`);
  }
}

export const rowsOf = (answers: Answers, title: string): readonly AnswerRow[] =>
  answers.filter(({ panel }) => panel.title === title).flatMap(({ rows }) => rows);

export const numbersOf = (answers: Answers, title: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    rowsOf(answers, title)
      .flatMap(({ values }) => Object.entries(values))
      .map(([name, value]) => [name, Number(value)]),
  );

/** The most that a graph shows under a name. */
export const peakOf = (answers: Answers, title: string, name: string): number =>
  Math.max(...rowsOf(answers, title).map(({ values }) => values[name] ?? 0));

/** Every series that is asked for is one that came, with tags as they are filtered by. */
export function checkSeries(t: Test, dashboard: WavefrontDashboard, receiver: WavefrontReceiver): void {
  const points = receiver.received();
  for (const { query } of chartsOf(dashboard).flatMap(({ sources }) => sources)) {
    for (const { metric, filters } of selectorsOf(query)) {
      const found = points.filter((point) => point.metric === metric);
      t.ok(found.length > 0, metric);
      const matching = found.filter(({ tags }) =>
        filters.every(([tag, value]) => (value.startsWith("$") ? tag in tags : tags[tag] === value)),
      );
      t.ok(matching.length > 0, `${metric} with ${JSON.stringify(filters)}`);
    }
  }
}

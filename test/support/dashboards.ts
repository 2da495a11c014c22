import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const directory = join(import.meta.dirname, "..", "..", "dashboards");

export interface Target {
  readonly refId: string;
  /** InfluxQL. */
  readonly query?: string;
  readonly alias?: string;
  /** PromQL. */
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly interval?: string;
  readonly timeFrom?: string;
  /** A row has none. */
  readonly targets?: readonly Target[];
}

export interface Variable {
  readonly name: string;
  readonly type: "datasource" | "query" | "custom";
  readonly query: string;
  readonly allValue?: string;
  readonly current?: { readonly value: string | readonly string[] };
}

export interface GrafanaDashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

interface WavefrontChart {
  readonly name: string;
  readonly sources: readonly { readonly name: string; readonly query: string }[];
  readonly chartSettings: { readonly customTags?: readonly string[] };
  readonly chartAttributes?: { readonly topK?: { readonly labelBy: readonly string[] } };
}

export interface WavefrontDashboard {
  readonly sections: readonly { readonly rows: readonly { readonly charts: readonly WavefrontChart[] }[] }[];
  readonly parameterDetails: Readonly<Record<string, { readonly queryValue: string; readonly tagKey: string }>>;
}

export interface DashboardFile<Dashboard> {
  readonly name: string;
  readonly dashboard: Dashboard;
}

/** The shape is what the schemas in `test/data` promise; that they hold is a test of its own. */
function readAll<Dashboard>(folder: string): readonly DashboardFile<Dashboard>[] {
  const names = readdirSync(join(directory, folder)).filter((name) => name.endsWith(".json"));
  return names.map((name) => ({ name, dashboard: JSON.parse(readFileSync(join(directory, folder, name), "utf8")) }));
}

export const grafanaDashboards = (): readonly DashboardFile<GrafanaDashboard>[] => readAll("grafana");
export const wavefrontDashboards = (): readonly DashboardFile<WavefrontDashboard>[] => readAll("wavefront");

/** How a Grafana dashboard names what it asks for, by the end of its file's name. */
export type Naming = "influxql" | "telegraf" | "textfile";

export function namingOf(fileName: string): Naming {
  if (fileName.endsWith("-prometheus.json")) return "textfile";
  return fileName.endsWith("-victoriametrics.json") ? "telegraf" : "influxql";
}

export interface PanelTarget {
  readonly panel: Panel;
  readonly target: Target;
}

export const targetsOf = ({ panels }: GrafanaDashboard): readonly PanelTarget[] =>
  panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ panel, target })));

export const chartsOf = ({ sections }: WavefrontDashboard): readonly WavefrontChart[] =>
  sections.flatMap(({ rows }) => rows.flatMap(({ charts }) => charts));

export interface WavefrontSelector {
  readonly metric: string;
  /** Point tags that are filtered by, with the value asked for. */
  readonly filters: readonly (readonly [tag: string, value: string])[];
}

/** Every `ts("metric", tag="value" and tag="value")` of a query. */
export const selectorsOf = (query: string): readonly WavefrontSelector[] =>
  [...query.matchAll(/\bts\("([^"]+)"((?:[^()"]|"[^"]*")*)\)/g)].map(([, metric = "", filters = ""]) => ({
    metric,
    filters: [...filters.matchAll(/(\w+)="([^"]*)"/g)].map(([, tag = "", value = ""]) => [tag, value] as const),
  }));

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { test } from "tap";
import type { Measurement } from "../../lib/core/point.ts";
import { dirty, dirtyFleet } from "../../lib/dirtycount/report.ts";
import { dirtymarkQueue, dirtymarkRun, dirtymarkTags } from "../../lib/dirtymark/report.ts";
import { iam, iamReport, keycheckAccount } from "../../lib/keycheck/report.ts";
import { stalewatchRefusal } from "../../lib/measurements/refusal.ts";
import { stalewatchRun } from "../../lib/measurements/run.ts";
import { elasticsearchSettings } from "../../lib/settings/elasticsearch-settings.ts";
import { templateFor } from "../../lib/sink/elasticsearch-template.ts";
import { nameLabel, nameMetric } from "../../lib/sink/prometheus-names.ts";
import { tagauditRegion, tagauditTag, tagauditViolation } from "../../lib/tagaudit/report.ts";
import {
  chartsOf,
  type GrafanaDashboard,
  grafanaDashboards,
  type Naming,
  namingOf,
  type Panel,
  selectorsOf,
  type Target,
  targetsOf,
  wavefrontDashboards,
} from "../support/dashboards.ts";

const root = join(import.meta.dirname, "..", "..");
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));

const measurements: readonly Measurement[] = [
  ...[iam, iamReport, keycheckAccount],
  ...[tagauditRegion, tagauditTag, tagauditViolation],
  ...[dirtymarkRun, dirtymarkQueue, dirtymarkTags],
  ...[dirty, dirtyFleet],
  ...[stalewatchRun, stalewatchRefusal],
];

/** As the shipped confs have Telegraf rename them. */
const renames = new Map(
  readdirSync(join(root, "telegraf")).flatMap((name) => {
    const conf = readFileSync(join(root, "telegraf", name), "utf8");
    const [, from = "", to = ""] = /measurement = "(\S+)"\n +dest = "(\S+)"/.exec(conf) ?? [];
    return [[from, to] as const];
  }),
);
const renamed = (name: string): string => renames.get(name) ?? name;

/** What can be asked for, and by which tags or labels. */
type Names = ReadonlyMap<string, readonly string[]>;

const nameFields = (
  name: (measurement: Measurement, field: string) => string,
  nameTag: (tag: string) => string,
): Names =>
  new Map(
    measurements.flatMap((measurement) =>
      Object.entries(measurement.fields)
        .filter(([, { kind }]) => kind !== "string")
        .map(([field]) => [name(measurement, field), Object.keys(measurement.tags).map(nameTag)] as const),
    ),
  );

const same = (tag: string): string => tag;
const telegrafNames = nameFields(({ name }, field) => `${renamed(name)}_${field}`, same);
const textfileNames = nameFields(({ name, fields }, field) => {
  const declared = fields[field];
  if (declared === undefined) throw new Error(`${name} has no ${field}`);
  return nameMetric(name, field, declared).name;
}, nameLabel);
/** Telegraf's output replaces every underscore: its option convert_paths is on. */
const wavefrontNames = nameFields(({ name }, field) => `${renamed(name)}.${field}`.replaceAll("_", "."), same);

/** node_exporter's own: when it found a textfile changed. A textfile itself holds no times. */
const nodeExporterNames: Names = new Map([["node_textfile_mtime_seconds", ["file"]]]);

/** Everything in double quotes is a name, unless the query itself gives it. */
function unknownInInfluxQl({ query = "", alias = "" }: Target): readonly string[] {
  const named = [...query.matchAll(/\bFROM "([^"]+)"/g)].map(([, name = ""]) => name);
  const declared = measurements.filter(({ name }) => named.includes(renamed(name)));
  const given = [...query.matchAll(/\bAS "([^"]+)"/g)].map(([, name]) => name);
  const known = declared.flatMap(({ name, tags, fields }) => [
    renamed(name),
    ...Object.keys(tags),
    ...Object.keys(fields),
  ]);
  const asked = [...query.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
  const tags = [...alias.matchAll(/\$tag_(\w+)/g)].map(([, tag = ""]) => tag);
  return [...asked, ...tags].filter((name) => ![...known, ...given].includes(name));
}

const functions = new Set([
  ...["sum", "count", "min", "max", "by", "and", "or", "timestamp"],
  ...["last_over_time", "max_over_time", "sum_over_time", "label_values"],
]);

/** Every series is written with its labels in braces, so a bare word that is left is no series. */
function unknownInPromQl({ expr = "", legendFormat = "" }: Target, names: Names): readonly string[] {
  const series = [...expr.matchAll(/(\w*)\{([^}]*)\}/g)].map(([, name, matchers = ""]) => ({
    name: name || (/__name__="([^"]*)"/.exec(matchers)?.[1] ?? ""),
    labels: [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)/g)]
      .map(([, label]) => label)
      .filter((label) => label !== "__name__"),
  }));
  const groups = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(", "));
  const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
  const known = series.flatMap(({ name }) => names.get(name) ?? []);
  const words = expr.replace(/\w*\{[^}]*\}|\bby \([^)]*\)|\[[^\]]*\]/g, " ").match(/[A-Za-z_]\w*/g) ?? [];
  return [
    ...series.flatMap(({ name, labels }) =>
      names.has(name) ? labels.filter((label) => !names.get(name)?.includes(label ?? "")) : [name],
    ),
    ...[...groups, ...shown].filter((label) => !known.includes(label ?? "")),
    ...words.filter((word) => !functions.has(word)),
  ].map(String);
}

const unknownIn: Readonly<Record<Naming, (target: Target) => readonly string[]>> = {
  influxql: unknownInInfluxQl,
  telegraf: (target) => unknownInPromQl(target, telegrafNames),
  textfile: (target) => unknownInPromQl(target, new Map([...textfileNames, ...nodeExporterNames])),
};

/** The query of a variable as that of a panel. */
function variableTargets({ templating }: GrafanaDashboard): readonly Target[] {
  const queries = templating.list.filter(({ type }) => type === "query").map(({ query }) => query);
  return queries.map((query) => {
    const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
    return {
      refId: "variable",
      query,
      expr: series?.includes("{") ? series : `${series}{}`,
      legendFormat: `{{${label}}}`,
    };
  });
}

const ajv = new Ajv({ strict: false });
const isGrafana = ajv.compile(readJson("test/data/grafana/dashboard.jsonschema.json"));
const isWavefront = ajv.compile(readJson("test/data/wavefront/dashboard.schema.json"));

for (const { name, dashboard } of grafanaDashboards()) {
  test(`grafana/${name}`, async (t) => {
    t.ok(isGrafana(dashboard), `is a dashboard: ${ajv.errorsText(isGrafana.errors)}`);
    const ids = dashboard.panels.map(({ id }) => id);
    t.equal(new Set(ids).size, ids.length, "every panel has an id of its own");
    t.strictSame(overlapping(dashboard.panels), [], "no panel lies on another");
    const silent = dashboard.panels.filter(({ type, description }) => type !== "row" && description === undefined);
    t.strictSame(silent, [], "every panel says what it shows");
    const targets = [...targetsOf(dashboard).map(({ target }) => target), ...variableTargets(dashboard)];
    t.ok(targets.length > 20);
    for (const target of targets) {
      t.strictSame(unknownIn[namingOf(name)](target), [], `only what is declared: ${target.query ?? target.expr}`);
    }
    const used = new Set(
      JSON.stringify(dashboard)
        .match(/\$\{?[a-zA-Z]\w*/g)
        ?.map((found) => found.replace(/\W/g, "")),
    );
    const own = ["timeFilter", "col"];
    t.strictSame(
      [...used].filter((word) => !own.includes(word) && !word.startsWith("tag_")).sort(),
      dashboard.templating.list.map((variable) => variable.name).sort(),
      "every variable is there and used",
    );
  });
}

test("Grafana's dashboards of a program show the same, in the same places", async (t) => {
  const programOf = (name: string): string => name.replace(/(-\w+)?\.json$/, "");
  const layouts = grafanaDashboards().map(({ name, dashboard }) => ({
    program: programOf(name),
    layout: dashboard.panels.map(({ type, title, gridPos }) => ({ type, title, gridPos })),
  }));
  for (const { program, layout } of layouts) {
    t.strictSame(layout, layouts.find((other) => other.program === program)?.layout, program);
  }
});

for (const { name, dashboard } of wavefrontDashboards()) {
  test(`wavefront/${name}`, async (t) => {
    t.ok(isWavefront(dashboard), `is a dashboard: ${ajv.errorsText(isWavefront.errors)}`);
    for (const chart of chartsOf(dashboard)) {
      const selectors = chart.sources.flatMap(({ query }) => selectorsOf(query));
      t.ok(selectors.length > 0, chart.name);
      const tags = selectors.flatMap(({ metric }) => wavefrontNames.get(metric) ?? []);
      t.strictSame(
        selectors.flatMap(({ metric, filters }) =>
          wavefrontNames.has(metric) ? filters.map(([tag]) => tag).filter((tag) => !tags.includes(tag)) : [metric],
        ),
        [],
        `${chart.name}: only numbers that are declared, by tags that they have`,
      );
      const shown = [...(chart.chartSettings.customTags ?? []), ...(chart.chartAttributes?.topK?.labelBy ?? [])];
      t.strictSame(
        shown.filter((tag) => !tags.includes(tag)),
        [],
        `${chart.name}: only tags that are there`,
      );
    }
    const parameters = Object.entries(dashboard.parameterDetails);
    const used = new Set(JSON.stringify(dashboard.sections).match(/(?<=\$\{)\w+(?=\})/g));
    t.strictSame(
      [...used].sort(),
      parameters.map(([parameter]) => parameter).sort(),
      "every parameter is there and used",
    );
    for (const [, { queryValue, tagKey }] of parameters) {
      const [selector] = selectorsOf(queryValue);
      t.ok(wavefrontNames.get(selector?.metric ?? "")?.includes(tagKey), queryValue);
    }
  });
}

interface SavedQueries {
  readonly index: string;
  readonly queries: Readonly<Record<string, { readonly says: string; readonly body: object }>>;
}

/** Whatever a search names: a field to count or sort by, or one to filter by. */
function fieldsIn(part: unknown, under = ""): readonly string[] {
  if (Array.isArray(part))
    return part.flatMap((item) => (under === "_source" ? [String(item)] : fieldsIn(item, under)));
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => {
    if (name === "field") return [String(value)];
    return [...(["term", "range", "sort"].includes(under) ? [name] : []), ...fieldsIn(value, name)];
  });
}

test("elasticsearch/tagaudit.json asks for what tagaudit's documents hold", async (t) => {
  const { index, queries }: SavedQueries = readJson("dashboards/elasticsearch/tagaudit.json");
  t.equal(index, elasticsearchSettings.elasticsearchIndex.default);
  const known = Object.keys(templateFor(index).template?.mappings?.properties ?? {});
  for (const [name, { says, body }] of Object.entries(queries)) {
    t.match(says, /^[A-Z].*\.$/, name);
    const fields = fieldsIn(body);
    t.ok(fields.length > 2, name);
    t.strictSame(
      fields.filter((field) => !known.includes(field)),
      [],
      name,
    );
  }
});

/** Pairs of panels that share a place. */
function overlapping(panels: readonly Panel[]): readonly string[] {
  const cells = new Map<string, string>();
  const clashes: string[] = [];
  for (const { title, gridPos } of panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        const other = cells.get(`${x} ${y}`);
        if (other !== undefined) clashes.push(`${title} on ${other}`);
        cells.set(`${x} ${y}`, title);
      }
    }
  }
  return clashes;
}

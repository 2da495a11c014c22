import { type Test, test } from "tap";
import { stringify } from "yaml";
import {
  chartsOf,
  type DashboardFile,
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
import { type AnswerRow, askInfluxDb, askLabelValues, askPrometheus } from "./support/answers.ts";
import { type FilledStores, fillStores } from "./support/fill-stores.ts";
import { type Choice, type Interpolation, interpolate, rangeOf } from "./support/grafana.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { getPeer, skipWithout } from "./support/peers.ts";
import { runProcess } from "./support/start-process.ts";

const skip = skipWithout("Telegraf", "InfluxDB", "VictoriaMetrics");

const storeOf = {
  influxql: "influxDb",
  telegraf: "victoriaMetrics",
  textfile: "prometheus",
} as const satisfies Readonly<Record<Naming, keyof FilledStores>>;

type Answers = readonly { readonly panel: Panel; readonly rows: readonly AnswerRow[] }[];

interface Asked {
  readonly language: Interpolation["language"];
  ask(panel: Panel, target: Target, interpolation: Interpolation): Promise<readonly AnswerRow[]>;
  options(query: string): Promise<readonly string[]>;
}

const prodAccount = "123456789012";
const devAccount = "210987654321";

const now = Date.now();
/** Until after all that is written: no range may end before it. */
const range = { from: now - 3_600_000, to: now + 120_000 };

function askStore(name: string, stores: FilledStores): Asked {
  const store = storeOf[namingOf(name)];
  if (store === "influxDb") {
    const { influxDb } = stores;
    return {
      language: "influxql",
      ask: (panel, { query = "" }, interpolation) => askInfluxDb(influxDb, interpolate(query, interpolation, panel)),
      options: async (query) => (await askInfluxDb(influxDb, query)).map(({ labels }) => labels.value ?? ""),
    };
  }
  const { url } = stores[store];
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
async function askAll({ dashboard }: DashboardFile<GrafanaDashboard>, asked: Asked, choice: Choice) {
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

const rowsOf = (answers: Answers, title: string): readonly AnswerRow[] =>
  answers.filter(({ panel }) => panel.title === title).flatMap(({ rows }) => rows);

/** What single numbers must say of the scenario, by panel. */
const wantedNumbers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Scopes: { reporting: 3, failed: 1, partial: 1 },
  "Root user's keys": { "root user's keys": 1 },
  "Quarantined keys": { "quarantined keys": 1 },
  "All accounts": {
    accounts: 2,
    users: 9,
    keys: 9,
    active: 8,
    expiring: 2,
    expired: 2,
    unused: 5,
    "users with two active": 2,
    exempt: 1,
    "service credentials": 1,
  },
  "In compliance": { "in compliance": 0.75 },
  "Days from notice to rotation": { days: 0 },
};

/** Whose keys a table must list, by panel; each user once for each key. */
const wantedUsers: Readonly<Record<string, readonly string[]>> = {
  "Keys under quarantine": ["leaked"],
  "Oldest keys out of compliance": ["svc+mail@acme.example", "twins"],
  "Expiring next": ["grace", "job=backup,stage=prod"],
  "Unused keys": ["grace", "job=backup,stage=prod", "leaked", "svc+mail@acme.example", "twins"],
  "Users with two active keys": ["svc+mail@acme.example", "twins"],
};

const usersOf = (answers: Answers, title: string): readonly string[] =>
  [...new Set(rowsOf(answers, title).map(({ labels }) => labels.name ?? ""))].sort();

const numbersOf = (answers: Answers, title: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    rowsOf(answers, title)
      .flatMap(({ values }) => Object.entries(values))
      .map(([name, value]) => [name, Number(value)]),
  );

const reasonsOf = (answers: Answers): readonly string[] =>
  [...new Set(rowsOf(answers, "Refused, by gate").map(({ labels }) => labels.reason ?? ""))].sort();

/** The most that a graph shows under a name. */
const peakOf = (answers: Answers, title: string, name: string): number =>
  Math.max(...rowsOf(answers, title).map(({ values }) => values[name] ?? 0));

async function checkDashboard(t: Test, file: DashboardFile<GrafanaDashboard>, stores: FilledStores): Promise<void> {
  const asked = askStore(file.name, stores);
  const { options, answers } = await askAll(file, asked, {});
  t.strictSame(options, { accountAlias: ["dev", "prod"], account: [prodAccount, devAccount] }, "what can be chosen");
  for (const { panel, rows } of answers) {
    t.ok(rows.length > 0, `${panel.title}: an answer`);
    t.strictSame(emptyColumns(rows), [], `${panel.title}: no empty column`);
  }
  for (const [title, wanted] of Object.entries(wantedNumbers)) t.strictSame(numbersOf(answers, title), wanted, title);
  for (const [title, wanted] of Object.entries(wantedUsers)) t.strictSame(usersOf(answers, title), wanted, title);

  const said = rowsOf(answers, "Oldest keys out of compliance").flatMap(({ values }) => Object.values(values));
  t.ok(said.includes(190) && said.includes(400), "ages are in days");
  t.strictSame(reasonsOf(answers), ["account", "cap", "exempt"]);
  t.equal(peakOf(answers, "Actions", "applied"), 1);
  t.equal(peakOf(answers, "Keys on the way out", "notified"), 2);
  t.equal(peakOf(answers, "Keys on the way out", "disabled"), 1);

  const one = await askAll(file, asked, { accountAlias: ["dev"] });
  t.strictSame(one.options.account, [devAccount], "the account's id follows");
  t.strictSame(usersOf(one.answers, "Expiring next"), ["grace"]);
  t.equal(numbersOf(one.answers, "All accounts").accounts, 1);
  t.equal(numbersOf(one.answers, "Scopes").reporting, 3, "health is of all scopes");
  t.strictSame(reasonsOf(one.answers), ["account"], "refusals are of the chosen account");
}

test("the shipped dashboards, each with a store that keycheck filled", { skip }, async (t) => {
  const stores = await fillStores(t);
  for (const file of grafanaDashboards()) {
    await t.test(`grafana/${file.name}: every query has an answer`, (t) => checkDashboard(t, file, stores));
  }
  for (const { name, dashboard } of wavefrontDashboards()) {
    await t.test(`wavefront/${name}: every series is what Telegraf sends`, async (t) => {
      const points = stores.wavefront.received();
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
    });
  }
});

test("Prometheus itself takes every query in PromQL", { skip: skipWithout("promtool") }, async (t) => {
  const files = grafanaDashboards().filter(({ name }) => namingOf(name) !== "influxql");
  for (const { name, dashboard } of files) {
    const interpolation = {
      language: "promql",
      variables: dashboard.templating.list,
      options: { account: [prodAccount, devAccount] },
      choice: { accountAlias: ["dev", "prod"] },
      range,
    } as const;
    const queries = targetsOf(dashboard).map(({ panel, target }) =>
      interpolate(target.expr ?? "", interpolation, panel),
    );
    const rules = queries.map((expr, index) => ({ record: `dashboard:query:${index}`, expr }));
    const directory = makeDirectory(t, { "rules.yaml": stringify({ groups: [{ name: "dashboard", rules }] }) });
    const args = ["check", "rules", `${directory}/rules.yaml`];
    const checked = await runProcess(t, { command: getPeer("promtool"), args });
    t.equal(checked.code, 0, `${name}: ${checked.stderr}`);
    t.match(checked.stdout, `SUCCESS: ${queries.length} rules found`, name);
  }
});

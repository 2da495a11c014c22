import { type Test, test } from "tap";
import { stringify } from "yaml";
import {
  type DashboardFile,
  type GrafanaDashboard,
  grafanaDashboards,
  namingOf,
  targetsOf,
  wavefrontDashboards,
} from "../support/dashboards.ts";
import {
  type Answers,
  askAll,
  askStore,
  checkAnswers,
  checkSeries,
  numbersOf,
  peakOf,
  range,
  rowsOf,
} from "./support/ask-dashboards.ts";
import { type FilledStores, fillStores } from "./support/fill-stores.ts";
import { interpolate } from "./support/grafana.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { getPeer, skipWithout } from "./support/peers.ts";
import { runProcess } from "./support/start-process.ts";

const skip = skipWithout("Telegraf", "InfluxDB", "VictoriaMetrics");

const prodAccount = "123456789012";
const devAccount = "210987654321";

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

const reasonsOf = (answers: Answers): readonly string[] =>
  [...new Set(rowsOf(answers, "Refused, by gate").map(({ labels }) => labels.reason ?? ""))].sort();

async function checkDashboard(t: Test, file: DashboardFile<GrafanaDashboard>, stores: FilledStores): Promise<void> {
  const asked = askStore(file.name, stores);
  const { options, answers } = await askAll(file, asked, {});
  t.strictSame(options, { accountAlias: ["dev", "prod"], account: [prodAccount, devAccount] }, "what can be chosen");
  checkAnswers(t, answers);
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

const isOfKeycheck = ({ name }: { readonly name: string }): boolean => name.startsWith("keycheck");

test("the shipped dashboards, each with a store that keycheck filled", { skip }, async (t) => {
  const stores = await fillStores(t);
  for (const file of grafanaDashboards().filter(isOfKeycheck)) {
    await t.test(`grafana/${file.name}: every query has an answer`, (t) => checkDashboard(t, file, stores));
  }
  for (const { name, dashboard } of wavefrontDashboards().filter(isOfKeycheck)) {
    await t.test(`wavefront/${name}: every series is what Telegraf sends`, async (t) =>
      checkSeries(t, dashboard, stores.wavefront),
    );
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

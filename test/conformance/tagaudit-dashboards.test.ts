import file, { type Test, test } from "tap";
import { days, minutes } from "../../lib/core/time.ts";
import {
  type DashboardFile,
  type GrafanaDashboard,
  grafanaDashboards,
  wavefrontDashboards,
} from "../support/dashboards.ts";
import { askPrometheus, isShown } from "./support/answers.ts";
import {
  type Answers,
  askAll,
  askStore,
  checkAnswers,
  checkSeries,
  numbersOf,
  peakOf,
  rowsOf,
} from "./support/ask-dashboards.ts";
import type { FilledStores } from "./support/fill-stores.ts";
import { skipWithout } from "./support/peers.ts";
import { runTelegrafOnce } from "./support/run-telegraf.ts";
import { prodId } from "./support/scenario.ts";
import { adaptExecConf } from "./support/shipped-conf.ts";
import { auditedRegions, devId, startAudit } from "./support/start-audit.ts";
import { startStores } from "./support/start-stores.ts";
import { startWavefront } from "./support/start-wavefront.ts";
import { waitUntil } from "./support/wait-until.ts";

const skip = skipWithout("Telegraf", "InfluxDB", "VictoriaMetrics");

file.setTimeout(minutes(3));

/** Two good scopes, one of them partial, and one that fails, by the shipped conf to every store. */
async function fillStores(t: Test): Promise<Pick<FilledStores, "influxDb" | "victoriaMetrics" | "wavefront">> {
  const [{ influxDb, victoriaMetrics, outputs }, wavefront] = await Promise.all([startStores(t), startWavefront(t)]);
  const conf = adaptExecConf({ program: "tagaudit", environment: await startAudit(t) });
  for (const round of [conf, conf.replace('"prod"]', '"nobody"]')]) {
    const { stderr } = await runTelegrafOnce(t, { conf: round, outputs: outputs + wavefront.output });
    t.notMatch(stderr, / [EW]! \[outputs\./, "every output takes what Telegraf sends");
  }
  return { influxDb, victoriaMetrics, wavefront };
}

/** What single numbers must say of the scenario, by panel. */
const wantedNumbers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Scopes: { reporting: 3, failed: 1, partial: 1 },
  "Regions not judged": { "not judged": 1 },
  "Regions without a good canary": { "without canary": 1 },
  "All regions": {
    ...{ instances: 16, judged: 12, violators: 3, "in grace": 4, exempt: 1, grouped: 1, "repeat offenders": 1 },
  },
  "In compliance": { "in compliance": 0.25 },
};

const promQls = [
  ["sum(tagaudit_region_instances)", 16],
  ["sum(tagaudit_region_judged)", 12],
  ["sum(tagaudit_region_violators)", 3],
  ['sum(tagaudit_tag_missing{tag="department"})', 9],
  ["count(tagaudit_region_state_code > 0)", 1],
  ['stalewatch_refusal_count{program="tagaudit"}', 1],
] as const;

async function askNumber(url: string, promQl: string): Promise<number | null | undefined> {
  const now = Date.now() / 1000;
  const [row] = await askPrometheus(url, { target: { refId: "A", instant: true }, promQl, start: now, end: now });
  return row?.values[""];
}

const statesOf = (answers: Answers) =>
  rowsOf(answers, "Region by region")
    .map(({ labels: { account, region, state }, values: { judged } }) => [account, region, state, judged])
    .sort();

const isOfTagaudit = ({ name }: { readonly name: string }): boolean => name.startsWith("tagaudit");

async function checkDashboard(t: Test, file: DashboardFile<GrafanaDashboard>, stores: Partial<FilledStores>) {
  const asked = askStore(file.name, stores);
  const { options, answers } = await askAll(file, asked, {});
  t.strictSame(options, { account: [prodId, devId], region: auditedRegions }, "what can be chosen");
  checkAnswers(t, answers);
  for (const [title, wanted] of Object.entries(wantedNumbers)) t.strictSame(numbersOf(answers, title), wanted, title);
  const [first, second] = auditedRegions;
  t.strictSame(statesOf(answers), [
    [prodId, first, "judged", 9],
    [prodId, second, "judged", 2],
    [devId, first, "judged", 1],
    [devId, second, "canary_missing", 0],
  ]);
  t.match(
    rowsOf(answers, "Tag by tag").map(({ labels: { tag }, values: { missing, near_miss } }) => [
      tag,
      missing,
      near_miss,
    ]),
    [
      ["created_by", 1, 0],
      ["department", 9, 0],
      ["project", 8, 1],
    ],
  );
  // The second round has prod's command replaced, and finds dev's two once more.
  t.equal(rowsOf(answers, "Rules that instances break").length, 19 + 2, "of equal tags none takes another's place");
  const [timeToFix = 0] = Object.values(numbersOf(answers, "Time to put it right"));
  t.ok(timeToFix >= days(3) / 1000, `${timeToFix} s`);
  for (const deed of ["stopped", "terminated", "put right"])
    t.equal(peakOf(answers, "Stopped, terminated and put right", deed), 1, deed);
  t.equal(peakOf(answers, "Actions", "applied"), 3, "one stopped, one terminated, and the owner of one reminded");
  t.strictSame(
    rowsOf(answers, "Refused, by gate").map(({ labels }) => labels.reason),
    ["cap"],
  );

  const one = await askAll(file, asked, { account: [devId] });
  t.strictSame(one.options.region, auditedRegions);
  t.match(numbersOf(one.answers, "All regions"), { instances: 3, judged: 1, violators: 0 });
  t.equal(numbersOf(one.answers, "Scopes").reporting, 3, "health is of all scopes");
}

test("the shipped dashboards, with stores that tagaudit filled", { skip }, async (t) => {
  const stores = await fillStores(t);
  for (const file of grafanaDashboards().filter(isOfTagaudit))
    await t.test(`grafana/${file.name}: every query has an answer`, (t) => checkDashboard(t, file, stores));
  for (const { name, dashboard } of wavefrontDashboards().filter(isOfTagaudit))
    await t.test(`wavefront/${name}: every series is what Telegraf sends`, async (t) =>
      checkSeries(t, dashboard, stores.wavefront),
    );
  await t.test("VictoriaMetrics answers with the same numbers", async (t) => {
    const { url } = stores.victoriaMetrics;
    await waitUntil("the newest is shown", () => isShown(url, 'stalewatch_run_ok{scope="nobody"}'));
    for (const [promQl, want] of promQls) t.equal(await askNumber(url, promQl), want, promQl);
  });
});

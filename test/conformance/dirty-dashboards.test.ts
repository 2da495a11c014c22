import file, { type Test, test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import { anAccount, anInstanceProfile, anInstanceRole, aRole } from "../../lib/demo/scenario/builders.ts";
import { aMessage } from "../../lib/demo/scenario/queue-builders.ts";
import { anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import {
  type DashboardFile,
  type GrafanaDashboard,
  grafanaDashboards,
  wavefrontDashboards,
} from "../support/dashboards.ts";
import {
  aLogin,
  closedAccount,
  home,
  hub,
  instanceName,
  openAccount,
  startMarkingWorld,
} from "../support/marking-world.ts";
import { askAll, askStore, checkAnswers, checkSeries, numbersOf, peakOf, rowsOf } from "./support/ask-dashboards.ts";
import type { FilledStores } from "./support/fill-stores.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { skipWithout } from "./support/peers.ts";
import { runTelegrafOnce } from "./support/run-telegraf.ts";
import { profileEnvironment } from "./support/scenario.ts";
import { adaptExecConf } from "./support/shipped-conf.ts";
import { startStores } from "./support/start-stores.ts";
import { startWavefront } from "./support/start-wavefront.ts";

const skip = skipWithout("Telegraf", "InfluxDB");

file.setTimeout(minutes(3));

/** Has the role for marking, and is not to be acted on. */
const spared = "200000000003";

const [first, second] = [instanceName(0), instanceName(1)];

/** Logins in three accounts: one that is tagged, one that denies, one that may not be acted on; and what nobody can read. */
const startWorld = () =>
  startMarkingWorld({
    messages: [
      aLogin({ accountId: openAccount, instanceId: first }),
      aLogin({ accountId: openAccount, instanceId: second }, { event: "console" }),
      aLogin({ accountId: openAccount, instanceId: second }, { senderId: "AIDASOMEBODYSOMEBODY" }),
      aLogin({ accountId: closedAccount, instanceId: first }),
      aLogin({ accountId: spared, instanceId: first }),
      aMessage({ body: "nobody can read this" }),
    ],
    accounts: [
      anAccount({
        ...{ id: spared, instanceProfiles: [anInstanceProfile({ name: "web" })] },
        regions: [aRegion({ name: home, instances: [anInstance({ id: first, tags: {} })] })],
        roles: [aRole({ name: "Skunky" }), anInstanceRole({ name: "web" })],
      }),
    ],
  });

type Filled = Pick<FilledStores, "influxDb" | "wavefront">;

/** Both confs as shipped, scope by scope; the last of each program's finds nobody. */
async function fillStores(t: Test): Promise<Filled> {
  const [{ influxDb, outputs }, wavefront, aws] = await Promise.all([startStores(t), startWavefront(t), startWorld()]);
  t.teardown(() => aws.close());
  const environment = {
    ...{ ...profileEnvironment(t, aws), AWS_REGION: home, STALEWATCH_STATE_DIRECTORY: `${makeDirectory(t)}/state` },
    ...{ STALEWATCH_ACT_ON_ACCOUNTS: openAccount, DIRTYMARK_TAG: "dirty=skunked", DIRTYMARK_TAG_UNVERIFIED: "true" },
  };
  const rounds = [
    // Nothing is remembered yet, so that it is partial.
    { program: "dirtycount", scopes: [hub], mode: "observe" },
    { program: "dirtymark", scopes: [hub, "nobody"], mode: "commit" },
    { program: "dirtycount", scopes: [openAccount, spared, "nobody"], mode: "commit" },
  ] as const;
  for (const { program, scopes, mode } of rounds)
    for (const scope of scopes) {
      const conf = adaptExecConf({ program, environment: { ...environment, STALEWATCH_MODE: mode } }).replaceAll(
        '"prod"',
        `"${scope}"`,
      );
      const once = conf.replaceAll(/^ {4}(?=\[.*(?:"dev"|"--))/gm, "    # ");
      const { stderr } = await runTelegrafOnce(t, { conf: once, outputs: outputs + wavefront.output });
      t.notMatch(stderr, / [EW]! \[outputs\./, "every output takes what Telegraf sends");
    }
  return { influxDb, wavefront };
}

interface Wanted {
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** What single numbers say of the scenario, by panel. */
  readonly numbers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly peaks: readonly (readonly [title: string, name: string, want: number])[];
}

const wanted: Readonly<Record<string, Wanted>> = {
  "dirtymark.json": {
    options: { queue: ["skunky"], account: [openAccount, closedAccount, spared], region: [home] },
    numbers: {
      "Messages now": { waiting: 0, "in flight": 1, delayed: 0 },
      "Refused in the last rounds": { "left in the queue": 1, buried: 0 },
      "Tags in the last rounds": { tagged: 2, untaggable: 0, due: 2 },
    },
    peaks: [
      ["What became of messages", "recorded", 5],
      ["Refused, by reason", "malformed", 1],
      ["Events and records", "records", 4],
      ["Unverified and redelivered", "unverified events", 2],
    ],
  },
  "dirtycount.json": {
    options: { account: [hub, openAccount, spared], region: [home] },
    numbers: {
      Instances: { instances: 4, dirty: 3, unverified: 0 },
      "Dirty share": { "dirty share": 0.75 },
      "Tag and record differ": { "tag only": 0, "record only": 1 },
    },
    peaks: [],
  },
};

async function checkDashboard(t: Test, { name, dashboard }: DashboardFile<GrafanaDashboard>, stores: Filled) {
  const want = wanted[name];
  if (want === undefined) throw new Error(`nothing is known of ${name}`);
  const { options, answers } = await askAll({ name, dashboard }, askStore(name, stores), {});
  t.strictSame(options, want.options, "what can be chosen");
  checkAnswers(t, answers);
  t.match(numbersOf(answers, "Scopes"), { failed: 1, partial: 1 });
  for (const [title, numbers] of Object.entries(want.numbers)) t.match(numbersOf(answers, title), numbers, title);
  for (const [title, column, most] of want.peaks) t.equal(peakOf(answers, title, column), most, `${title}: ${column}`);
  t.strictSame(
    rowsOf(answers, "Refused, by gate").map(({ labels }) => labels.reason),
    ["account"],
  );
}

test("the shipped dashboards, with stores that dirtymark and dirtycount filled", { skip }, async (t) => {
  const stores = await fillStores(t);
  const isOurs = ({ name }: { readonly name: string }): boolean => name in wanted;
  const files = grafanaDashboards().filter(isOurs);
  t.equal(files.length, 2);
  for (const one of files)
    await t.test(`grafana/${one.name}: every query has an answer`, (t) => checkDashboard(t, one, stores));
  for (const { name, dashboard } of wavefrontDashboards().filter(isOurs))
    await t.test(`wavefront/${name}: every series is what Telegraf sends`, async (t) =>
      checkSeries(t, dashboard, stores.wavefront),
    );
});

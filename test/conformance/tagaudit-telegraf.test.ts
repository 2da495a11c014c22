import { type Test, test } from "tap";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aCanary, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { settingsIn } from "../../lib/settings/declare.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { tagauditSettings } from "../../lib/tagaudit/settings.ts";
import { pointsOf } from "../support/run-executable.ts";
import { named } from "./support/compare-points.ts";
import { skipWithout } from "./support/peers.ts";
import { linesOfInput, runTelegrafOnce, startTelegraf } from "./support/run-telegraf.ts";
import { profileEnvironment, startAws } from "./support/scenario.ts";
import { adaptExecConf, adaptExecdConf } from "./support/shipped-conf.ts";
import { waitUntil } from "./support/wait-until.ts";

const skip = skipWithout("Telegraf");

const program = "tagaudit";
const hostileName = 'a,b=c d"\\';

const region = (name: string) =>
  aRegion({
    name,
    instances: [aCanary(name), anInstance({ tags: { Name: hostileName, created_by: hostileName } })],
  });

const twoProfiles = anOrganization({
  accounts: [
    anAccount({ id: "123456789012", alias: "prod", regions: [region("eu-west-1"), region("us-east-1")] }),
    anAccount({ id: "210987654321", alias: "dev", regions: [region("eu-west-1")] }),
  ],
});

const startTwoProfiles = async (t: Test) => ({
  ...profileEnvironment(t, await startAws(t, { scenario: twoProfiles })),
  TAGAUDIT_DETAIL: "true",
});

const problemsOf = (log: string): readonly string[] => [...linesOfInput(log, "E"), ...linesOfInput(log, "W")];

/** What one round of both profiles brings. */
function checkRound(t: Test, stdout: string) {
  const points = pointsOf({ stdout });
  t.match(
    named(points, "tagaudit_region").map(({ fields }) => fields),
    Array.from({ length: 3 }, () => ({ state: "judged", state_code: 0, instances: 2, judged: 1 })),
  );
  t.equal(named(points, "tagaudit_tag").length, 9, "a point for every tag of the conf in every region");
  const violations = named(points, "tagaudit_violation");
  t.equal(violations.length, 6, "department and project in every region");
  for (const { fields } of violations) t.equal(fields.owner, hostileName);
  t.match(
    named(points, "stalewatch_run").map(({ fields }) => fields),
    Array.from({ length: 2 }, () => ({ ok: true, partial: false })),
  );
}

test("--once brings what both profiles' commands print", { skip }, async (t) => {
  const environment = await startTwoProfiles(t);
  const { code, stdout, stderr } = await runTelegrafOnce(t, { conf: adaptExecConf({ program, environment }) });
  t.equal(code, 0);
  t.strictSame(problemsOf(stderr), []);
  checkRound(t, stdout);
});

test("uncommenting every default of the conf changes nothing", { skip }, async (t) => {
  const environment = await startTwoProfiles(t);
  const shipped = adaptExecConf({ program, environment });
  const hasDefault = new Set(
    settingsIn([runSettings, tagauditSettings]).flatMap((setting) =>
      setting.default ? setting.names.environment : [],
    ),
  );
  // That of the test stands there already.
  hasDefault.delete("TAGAUDIT_DETAIL");
  const uncommented = shipped.replace(/^( +)# ("(\w+)=.*",)$/gm, (line, indent, entry, name) =>
    hasDefault.has(name) ? indent + entry : line,
  );
  t.ok(uncommented.split('\n    "').length - shipped.split('\n    "').length > 10);
  const { stdout, stderr } = await runTelegrafOnce(t, { conf: uncommented });
  t.strictSame(problemsOf(stderr), []);
  checkRound(t, stdout);
});

test("one process serves round after round, and ends with Telegraf", { skip }, async (t) => {
  const environment = await startTwoProfiles(t);
  const telegraf = await startTelegraf(t, { conf: adaptExecdConf({ program, environment, interval: "300ms" }) });
  const rounds = () => telegraf.stdout().match(/^stalewatch_run,.*\n/gm) ?? [];
  await waitUntil("three rounds", () => rounds().length >= 6);
  t.equal((await telegraf.stop()).code, 0);
  t.strictSame(problemsOf(telegraf.stderr()), []);
  const points = pointsOf({ stdout: telegraf.stdout() });
  const regions = named(points, "tagaudit_region");
  t.ok(regions.length >= 9);
  for (const { fields } of regions) t.match(fields, { state: "judged", judged: 1 });
});

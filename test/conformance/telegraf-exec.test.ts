import { type Test, test } from "tap";
import { keycheckSettings } from "../../lib/keycheck/settings.ts";
import { settingsIn } from "../../lib/settings/declare.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { pointsOf } from "../support/run-executable.ts";
import { comparePoints, named } from "./support/compare-points.ts";
import { skipWithout } from "./support/peers.ts";
import { runKeycheck } from "./support/run-keycheck.ts";
import { linesOfInput, runTelegrafOnce, startTelegraf } from "./support/run-telegraf.ts";
import { largeAccount, profileEnvironment, startAws, twoAccounts } from "./support/scenario.ts";
import { adaptExecConf } from "./support/shipped-conf.ts";
import { waitUntil } from "./support/wait-until.ts";

const skip = skipWithout("Telegraf");

const startTwoAccounts = async (t: Test) => profileEnvironment(t, await startAws(t, { scenario: twoAccounts }));

const problemsOf = (log: string): readonly string[] => [...linesOfInput(log, "E"), ...linesOfInput(log, "W")];

test("--once prints what both profiles' commands print, iam renamed to aws.iam", { skip }, async (t) => {
  const environment = await startTwoAccounts(t);
  const direct = pointsOf(await runKeycheck(t, { environment, args: ["prod", "dev"] }));
  const { code, stdout, stderr } = await runTelegrafOnce(t, { conf: adaptExecConf({ environment }) });
  const points = pointsOf({ stdout });

  t.equal(code, 0);
  t.strictSame(problemsOf(stderr), []);
  t.strictSame(named(points, "iam"), []);
  t.equal(named(points, "aws.iam").length, 9);
  t.strictSame(comparePoints(named(points, "aws.iam")), comparePoints(named(direct, "iam")));
  t.strictSame(
    named(points, "keycheck_account")
      .map(({ tags, fields }) => [tags.accountAlias, fields.keys])
      .sort(),
    [
      ["dev", 1],
      ["prod", 8],
    ],
  );
  t.strictSame(
    named(points, "stalewatch_run")
      .map(({ tags, fields }) => [tags.scope, fields.ok])
      .sort(),
    [
      ["dev", true],
      ["prod", true],
    ],
  );
  t.match(stdout, /^aws\.iam,accountAlias=dev,key=\w{5},name=grace,status=expiring age=179,/m, "age is a float");
});

test("uncommenting every default of the conf changes nothing", { skip }, async (t) => {
  const environment = await startTwoAccounts(t);
  const shipped = adaptExecConf({ environment });
  const hasDefault = new Set(
    settingsIn([runSettings, keycheckSettings]).flatMap((setting) =>
      setting.default ? setting.names.environment : [],
    ),
  );
  const uncommented = shipped.replace(/^( +)# ("(\w+)=.*",)$/gm, (line, indent, entry, name) =>
    hasDefault.has(name) ? indent + entry : line,
  );
  t.ok(uncommented.split('\n    "').length - shipped.split('\n    "').length > 10);
  const keysUnder = async (conf: string) => named(pointsOf(await runTelegrafOnce(t, { conf })), "aws.iam");
  const keys = await keysUnder(uncommented);
  t.equal(keys.length, 9);
  t.strictSame(comparePoints(keys), comparePoints(await keysUnder(shipped)));
});

test("at an interval every round is whole", { skip }, async (t) => {
  const environment = await startTwoAccounts(t);
  const telegraf = await startTelegraf(t, { conf: adaptExecConf({ environment, interval: "4s" }) });
  const runs = () => telegraf.stdout().match(/^stalewatch_run,.*scope=prod.*\n/gm) ?? [];
  await waitUntil("four rounds", () => runs().length >= 4);
  t.equal((await telegraf.stop()).code, 0);

  const keys = named(pointsOf({ stdout: telegraf.stdout() }), "aws.iam").filter(
    ({ tags }) => tags.accountAlias === "prod",
  );
  t.ok(keys.length >= 4 * 8 && keys.length % 8 === 0, `${keys.length} points in rounds of 8`);
  for (let at = 8; at < keys.length; at += 8)
    t.strictSame(comparePoints(keys.slice(at, at + 8)), comparePoints(keys.slice(0, 8)));
  t.strictSame(problemsOf(telegraf.stderr()), []);
});

test("stopped by Telegraf's timeout in mid-scan, what was read arrives, marked partial", { skip }, async (t) => {
  const aws = await startAws(t, { scenario: largeAccount(1000), latencyMs: 100 });
  const conf = adaptExecConf({ environment: profileEnvironment(t, aws), timeout: "3s" });
  const { stdout, stderr } = await runTelegrafOnce(t, { conf });
  const points = pointsOf({ stdout });

  const keys = named(points, "aws.iam").length;
  t.ok(keys > 20 && keys < 1000, `${keys} of 1,000 keys`);
  const [prod] = named(points, "stalewatch_run").filter(({ tags }) => tags.scope === "prod");
  t.match(prod?.fields, { ok: true, partial: true, last_error: /stopped by SIGTERM/ });
  t.match(linesOfInput(stderr, "W").join("\n"), /^keycheck: prod: partial: .* stopped by SIGTERM.*$/);
  t.strictSame(linesOfInput(stderr, "E"), [], "Telegraf takes the run for a good one");
});

test("a bad setting is in Telegraf's log, in one line that says which", { skip }, async (t) => {
  const environment = { ...(await startTwoAccounts(t)), KEYCHECK_EXPIRE_AGE: "soon" };
  const { stdout, stderr } = await runTelegrafOnce(t, { conf: adaptExecConf({ environment }) });
  t.equal(stdout, "");
  const lines = linesOfInput(stderr, "E");
  t.equal(lines.length, 2, "one line from each of the two commands");
  for (const line of lines) t.match(line, /^keycheck: environment KEYCHECK_EXPIRE_AGE: "soon"/);
});

test("a run that failed is in Telegraf's log, and its status point arrives", { skip }, async (t) => {
  const environment = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const { stdout, stderr } = await runTelegrafOnce(t, { conf: adaptExecConf({ environment }) });
  const points = pointsOf({ stdout });
  t.strictSame(points.map(({ measurement, tags, fields }) => [measurement, tags.scope, fields.ok]).sort(), [
    ["stalewatch_run", "dev", false],
    ["stalewatch_run", "prod", false],
  ]);
  const lines = linesOfInput(stderr, "E");
  t.equal(lines.length, 2);
  for (const { tags, fields } of points) {
    t.match(fields.last_error, /credentials/);
    t.ok(lines.includes(`keycheck: ${tags.scope}: ${fields.last_error}`));
  }
});

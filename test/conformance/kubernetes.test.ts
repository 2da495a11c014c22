import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { environmentOf, filesOf, manifestsOf, workloadsOf } from "../support/kubernetes.ts";
import { keycheckPath, pointsOf } from "../support/run-executable.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { getPeer, skipWithout } from "./support/peers.ts";
import { profileEnvironment, startAws, twoAccounts } from "./support/scenario.ts";
import { startInfluxDb } from "./support/start-influxdb.ts";
import { runProcess } from "./support/start-process.ts";

const manifests = manifestsOf("keycheck");

test("the Deployment's Telegraf, with its own configuration, settings and probe", {
  skip: skipWithout("Telegraf", "InfluxDB"),
}, async (t) => {
  const [deployment] = workloadsOf(manifests).filter(({ title }) => title.startsWith("Deployment "));
  const [container] = deployment?.template.spec.containers ?? [];
  if (deployment === undefined || container === undefined) return t.fail("there is no Deployment");
  const influxDb = await startInfluxDb(t);
  const root = makeDirectory(t, { "run/keycheck/before": "", "var/lib/stalewatch/before": "" });
  /** What stands in the templates, moved to where this test may write, and to the servers that it has. */
  const move = (text: string): string =>
    text
      .replaceAll("http://influxdb:8086", influxDb.url)
      .replaceAll("/opt/stalewatch/dist/keycheck.cjs", keycheckPath)
      .replaceAll(/(?<![\w/])\/(etc|run|var\/lib)\/(?=stalewatch|keycheck|telegraf|aws)/g, `${root}/$1/`);
  const files = Object.fromEntries(
    [...filesOf(manifests, deployment.template)].map(([path, text]) => [path, move(text)]),
  );
  const mounted = makeDirectory(t, files);
  const settled = Object.entries(environmentOf(manifests, container)).map(([name, value]) => [
    name,
    move(String(value)),
  ]);
  const environment = {
    ...Object.fromEntries(settled),
    STALEWATCH_CONFIG: join(mounted, "etc/stalewatch/stalewatch.yaml"),
    ...profileEnvironment(t, await startAws(t, { scenario: twoAccounts })),
  };
  const [command = "", ...args] = container.command;
  t.equal(command, "telegraf");
  const telegraf = await runProcess(t, {
    command: getPeer("Telegraf"),
    args: [...args.map((word) => word.replace(/^(?=\/etc)/, mounted)), "--once"],
    environment,
  });
  t.equal(telegraf.code, 0, telegraf.stderr);
  t.notMatch(telegraf.stderr, / [EW]! \[(inputs|outputs|processors)\./);
  const [keys] = await influxDb.query("telegraf", 'SELECT count("age") AS "keys" FROM "aws.iam"');
  t.strictSame(
    keys?.values.map(([, count]) => count),
    [8],
    "every key of the profile that stalewatch.yaml names",
  );

  const lastRun = join(root, "run/keycheck/last-run");
  t.match(pointsOf({ stdout: readFileSync(lastRun, "utf8") }), [
    { measurement: "stalewatch_run", fields: { ok: true } },
  ]);
  const [shell = "", ...probe] = (container.livenessProbe?.exec.command ?? []).map(move);
  const isAlive = async () => (await runProcess(t, { command: shell, args: probe })).code === 0;
  t.ok(await isAlive(), "alive after a run");
  const longAgo = Date.now() / 1000 - 3600;
  utimesSync(lastRun, longAgo, longAgo);
  t.notOk(await isAlive(), "not alive an hour later");
});

import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "tap";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aCanary, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { OrganizationSpec } from "../../lib/demo/scenario/specs.ts";
import { environmentOf, filesOf, manifestsOf, workloadsOf } from "../support/kubernetes.ts";
import { executablePath, pointsOf } from "../support/run-executable.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { getPeer, skipWithout } from "./support/peers.ts";
import { profileEnvironment, startAws, twoAccounts } from "./support/scenario.ts";
import { startInfluxDb } from "./support/start-influxdb.ts";
import { runProcess } from "./support/start-process.ts";

const region = (name: string) => aRegion({ name, instances: [aCanary(name), anInstance()] });

/** What an account of the profile prod, which each stalewatch.yaml names, comes to in InfluxDB. */
const deployments: readonly {
  readonly program: string;
  readonly scenario: OrganizationSpec;
  readonly query: string;
  readonly want: number;
}[] = [
  {
    program: "keycheck",
    scenario: twoAccounts,
    query: 'SELECT count("age") FROM "aws.iam"',
    want: 8,
  },
  {
    program: "tagaudit",
    scenario: anOrganization({
      accounts: [anAccount({ alias: "prod", regions: [region("eu-west-1"), region("us-east-1")] })],
    }),
    query: 'SELECT sum("judged") FROM "tagaudit_region"',
    want: 2,
  },
];

for (const { program, scenario, query, want } of deployments)
  test(`${program}'s Deployment: Telegraf with its own configuration, settings and probe`, {
    skip: skipWithout("Telegraf", "InfluxDB"),
  }, async (t) => {
    const manifests = manifestsOf(program);
    const [deployment] = workloadsOf(manifests).filter(({ title }) => title.startsWith("Deployment "));
    const [container] = deployment?.template.spec.containers ?? [];
    if (deployment === undefined || container === undefined) return t.fail("there is no Deployment");
    const influxDb = await startInfluxDb(t);
    const root = makeDirectory(t, { [`run/${program}/before`]: "", "var/lib/stalewatch/before": "" });
    /** What stands in the templates, moved to where this test may write, and to the servers that it has. */
    const move = (text: string): string =>
      text
        .replaceAll("http://influxdb:8086", influxDb.url)
        .replaceAll(`/opt/stalewatch/dist/${program}.cjs`, executablePath(program))
        .replaceAll(/(?<![\w/])\/(etc|run|var\/lib)\/(?=stalewatch|keycheck|tagaudit|telegraf|aws)/g, `${root}/$1/`);
    for (const [path, text] of filesOf(manifests, deployment.template)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), move(text));
    }
    const settled = Object.entries(environmentOf(manifests, container)).map(([name, value]) => [
      name,
      move(String(value)),
    ]);
    const environment = {
      ...Object.fromEntries(settled),
      STALEWATCH_CONFIG: join(root, "etc/stalewatch/stalewatch.yaml"),
      ...profileEnvironment(t, await startAws(t, { scenario })),
    };
    const [command = "", ...args] = container.command;
    t.equal(command, "telegraf");
    const telegraf = await runProcess(t, {
      command: getPeer("Telegraf"),
      args: [...args.map((word) => word.replace(/^(?=\/etc)/, root)), "--once"],
      environment,
    });
    t.equal(telegraf.code, 0, telegraf.stderr);
    t.notMatch(telegraf.stderr, / [EW]! \[(inputs|outputs|processors)\./);
    const [found] = await influxDb.query("telegraf", query);
    t.strictSame(
      found?.values.map(([, count]) => count),
      [want],
      "all of the profile that stalewatch.yaml names",
    );

    const lastRun = join(root, `run/${program}/last-run`);
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

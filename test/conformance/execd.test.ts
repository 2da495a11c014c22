import { test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { keycheckPath, pointsOf } from "../support/run-executable.ts";
import { named } from "./support/compare-points.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { skipWithout } from "./support/peers.ts";
import { childOf, isRunning, residentMemory } from "./support/process-table.ts";
import { linesOfInput, startTelegraf } from "./support/run-telegraf.ts";
import { largeAccount, profileEnvironment, startAws, twoAccounts } from "./support/scenario.ts";
import { adaptExecdConf } from "./support/shipped-conf.ts";
import { startProcess } from "./support/start-process.ts";
import { waitUntil } from "./support/wait-until.ts";

const skip = skipWithout("Telegraf");

/** A heap that is collected often: what grows then is what stays. */
const smallHeap = ["--max-semi-space-size=2", "--max-old-space-size=40"];

const mebibytesOf = (pid: number): number => Math.round(residentMemory(pid) / 1024 ** 2);

/** What a running Telegraf has printed so far may end in mid-line. */
const wholeLines = (stdout: string): string => stdout.slice(0, stdout.lastIndexOf("\n") + 1);

const statusLines = (stdout: string) => stdout.match(/^stalewatch_run,.*\n/gm) ?? [];

test("one process serves round after round of Telegraf, and ends with it", { skip }, async (t) => {
  const aws = await startAws(t, { scenario: twoAccounts });
  const environment = { ...profileEnvironment(t, aws), NODE_OPTIONS: smallHeap.join(" ") };
  const conf = adaptExecdConf({ environment, interval: "100ms" });
  const telegraf = await startTelegraf(t, { conf });
  const rounds = (count: number) =>
    waitUntil(`${count} rounds`, () => statusLines(telegraf.stdout()).length >= 2 * count, seconds(60));

  await rounds(5);
  const keycheck = childOf(telegraf.pid);
  await rounds(30);
  const warm = mebibytesOf(keycheck);
  await rounds(100);
  const last = mebibytesOf(keycheck);
  t.ok(last - warm < 8, `${warm} MiB resident after 30 rounds, ${last} after 100`);
  t.equal(childOf(telegraf.pid), keycheck, "still the same process");
  t.strictSame([...linesOfInput(telegraf.stderr(), "E"), ...linesOfInput(telegraf.stderr(), "W")], []);
  const points = pointsOf({ stdout: wholeLines(telegraf.stdout()) });
  const runs = named(points, "stalewatch_run");
  t.ok(runs.every(({ fields }) => fields.ok === true && fields.partial === false));
  const keys = named(points, "aws.iam").length;
  t.ok(keys >= 9 * Math.floor(runs.length / 2), `${keys} keys in ${runs.length / 2} rounds`);

  const stopping = performance.now();
  t.equal((await telegraf.stop()).code, 0);
  t.ok(performance.now() - stopping < seconds(4), "nothing waits for Telegraf's SIGTERM or SIGKILL");
  t.notOk(isRunning(keycheck), "no process stays behind");
});

test("ended in mid-round, what was read arrives, marked partial", { skip }, async (t) => {
  const aws = await startAws(t, { scenario: largeAccount(1000), latencyMs: 100 });
  const conf = adaptExecdConf({ environment: profileEnvironment(t, aws), interval: "1s" });
  const telegraf = await startTelegraf(t, { conf });
  await waitUntil("the scan is under way", () => (aws.calls()["iam:ListAccessKeys"] ?? 0) > 200);
  t.equal((await telegraf.stop()).code, 0);
  const points = pointsOf({ stdout: telegraf.stdout() });
  const keys = named(points, "aws.iam").length;
  t.ok(keys > 100 && keys < 1000, `${keys} of 1,000 keys`);
  const [prod] = points.filter(({ tags }) => tags.scope === "prod");
  t.match(prod?.fields, { ok: true, partial: true, last_error: /stopped by the end of input/ });
});

test("memory stays flat over 1,000 rounds", async (t) => {
  const users = ["ada", "grace"].map((name) => aUser({ name, keys: [aKey({ ageDays: 10.5 })] }));
  const aws = await startAws(t, { scenario: anOrganization({ accounts: [anAccount({ users })] }) });
  const keycheck = await startProcess(t, {
    command: process.execPath,
    args: [...smallHeap, keycheckPath, "--execd"],
    environment: { ...aws.environment(), XDG_STATE_HOME: makeDirectory(t) },
  });
  const samples: number[] = [];
  let rounds = 0;
  keycheck.stdin.write("\n");
  for await (const line of keycheck.lines) {
    if (!line.startsWith("stalewatch_run,")) continue;
    rounds += 1;
    if (rounds % 100 === 0) samples.push(mebibytesOf(keycheck.pid));
    if (rounds < 1000) keycheck.stdin.write("\n");
    else keycheck.stdin.end();
  }
  const [, warm = 0, ...later] = samples;
  t.ok(Math.max(...later) - warm < 6, `MiB resident after each 100 rounds: ${samples.join(" ")}`);
  t.strictSame(await keycheck.exited, { code: 0, signal: null });
});

import { readFileSync } from "node:fs";
import file, { test } from "tap";
import { minutes, seconds } from "../../lib/core/time.ts";
import {
  aLogin,
  dirtyTag,
  home,
  hub,
  instanceName,
  leftIn,
  openAccount,
  startMarkingWorld,
} from "../support/marking-world.ts";
import { executablePath, pointsOf } from "../support/run-executable.ts";
import { makeDirectory } from "./support/make-directory.ts";
import { skipWithout } from "./support/peers.ts";
import { linesOfInput, startTelegraf } from "./support/run-telegraf.ts";
import { waitUntil } from "./support/wait-until.ts";

const skip = skipWithout("Telegraf");

file.setTimeout(minutes(2));

const host = { accountId: openAccount, instanceId: instanceName(0) };
const shipped = readFileSync(new URL("../../telegraf/dirtymark-execd.conf", import.meta.url), "utf8");

/** The shipped conf but for where the program is, whose credentials it has, and the length of a round. */
function adaptConf(environment: Readonly<Record<string, string>>): string {
  const variables = Object.entries(environment).map(([name, value]) => JSON.stringify(`${name}=${value}`));
  const program = [process.execPath, executablePath("dirtymark")].map((path) => JSON.stringify(path)).join(", ");
  return shipped
    .replace('"node", "/opt/stalewatch/dist/dirtymark.cjs", "prod"', program)
    .replace('"--deadline", "30s"', '"--deadline", "2s"')
    .replace("environment = [", `environment = [\n    ${variables.join(",\n    ")},`);
}

test("the shipped execd conf marks and tags round after round, and ends with Telegraf", { skip }, async (t) => {
  const aws = await startMarkingWorld({ messages: [aLogin(host)] });
  t.teardown(() => aws.close());
  const conf = adaptConf({
    ...{ ...aws.environment(hub), AWS_REGION: home, STALEWATCH_STATE_DIRECTORY: `${makeDirectory(t)}/state` },
    ...{ STALEWATCH_ACT_ON_ACCOUNTS: openAccount, DIRTYMARK_TAG: "dirty=skunked" },
  });
  const telegraf = await startTelegraf(t, { conf });
  const rounds = () => pointsOf({ stdout: telegraf.stdout().replace(/[^\n]*$/, "") }, "dirtymark_run");
  await waitUntil("three rounds are printed", () => rounds().length >= 3 || undefined, seconds(40));
  t.match(rounds()[0], { fields: { received: 1, recorded: 1, records: 1 } });
  t.equal(dirtyTag(aws, host), "skunked");
  t.strictSame(leftIn(aws), []);
  t.match(await telegraf.stop(), { code: 0 }, "nobody has to be killed");
  t.strictSame(linesOfInput(telegraf.stderr(), "E"), []);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { makeDirectory } from "./support/make-directory.ts";
import { getPeer, skipWithout } from "./support/peers.ts";
import { runKeycheck } from "./support/run-keycheck.ts";
import { profileEnvironment, startAws, twoAccounts } from "./support/scenario.ts";
import { runProcess } from "./support/start-process.ts";

const skip = skipWithout("promtool");

const cases = [
  { name: "in the textfile of a scan", args: ["prod", "dev"], holds: 'iam_age_seconds{name="grace"' },
  {
    name: "in the textfile of a scan by report",
    args: ["prod", "--from-report"],
    holds: "iam_report_age_seconds{",
  },
  { name: "in the textfile of a failed scan", args: ["nobody"], holds: "stalewatch_run_ok{" },
];

test("promtool finds nothing wrong", { skip }, async (t) => {
  const environment = profileEnvironment(t, await startAws(t, { scenario: twoAccounts }));
  for (const { name, args, holds } of cases) {
    await t.test(name, async (t) => {
      const path = join(makeDirectory(t), "keycheck.prom");
      await runKeycheck(t, { environment, args: [...args, "--sink=prometheus", "--prometheus-file", path] });
      const input = readFileSync(path, "utf8");
      t.ok(input.includes(holds), holds);
      const checked = await runProcess(t, { command: getPeer("promtool"), args: ["check", "metrics"], input });
      t.strictSame(checked, { code: 0, signal: null, stdout: "", stderr: "" });
    });
  }
});

test("promtool would name what is wrong", { skip }, async (t) => {
  const input = "# TYPE iam_age_days gauge\niam_age_days 1\n";
  const checked = await runProcess(t, { command: getPeer("promtool"), args: ["check", "metrics"], input });
  t.match(checked, { code: 3, stderr: /iam_age_days/ });
});

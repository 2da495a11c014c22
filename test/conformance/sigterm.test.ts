import { test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { pointsOf } from "../support/run-executable.ts";
import { named } from "./support/compare-points.ts";
import { startKeycheck } from "./support/run-keycheck.ts";
import { largeAccount, startAws } from "./support/scenario.ts";
import { waitUntil } from "./support/wait-until.ts";

/** Telegraf kills what has not ended five seconds after its SIGTERM. */
const longest = seconds(4);

const users = 1000;

const stops = [
  { name: "while keys are listed", after: (calls: number) => calls > 200, hangs: undefined },
  { name: "while the last key of a page is awaited", after: (calls: number) => calls >= users, hangs: "user-000999" },
];

for (const { name, after, hangs } of stops) {
  test(`SIGTERM ${name}: what was read is printed in whole lines, and said to be partial`, async (t) => {
    const aws = await startAws(t, { scenario: largeAccount(users), latencyMs: hangs === undefined ? 100 : 2 });
    if (hangs !== undefined)
      aws.organization.faults.push({ action: "iam:ListAccessKeys", userName: hangs, kind: "hang" });
    const keycheck = await startKeycheck(t, { environment: aws.environment() });
    await waitUntil("the scan is there", () => after(aws.calls()["iam:ListAccessKeys"] ?? 0));

    const stopping = performance.now();
    t.strictSame(await keycheck.stop("SIGTERM"), { code: 0, signal: null });
    const duration = performance.now() - stopping;
    t.ok(duration < longest, `ended after ${Math.round(duration)} ms`);

    const points = pointsOf({ stdout: keycheck.stdout() });
    const keys = named(points, "iam").length;
    t.ok(keys > 100 && keys < users, `${keys} of ${users} keys`);
    const status = points.at(-1);
    t.equal(status?.measurement, "stalewatch_run");
    t.match(status?.fields, { ok: true, partial: true, last_error: /stopped by SIGTERM/ });
    t.match(keycheck.stderr(), /^W! keycheck: default: partial: .*stopped by SIGTERM.*\n$/);
  });
}

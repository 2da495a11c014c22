import { type Test, test } from "tap";
import { createRandom } from "../../lib/demo/random.ts";
import { aKey, anAccount, anOrganization, aServiceCredential, aUser } from "../../lib/demo/scenario/builders.ts";
import type { KeySpec, UserSpec } from "../../lib/demo/scenario/specs.ts";
import { type PlainPoint, pointsOf } from "../support/run-executable.ts";
import { comparePoint, comparePoints, named } from "./support/compare-points.ts";
import { legalNames } from "./support/names.ts";
import { skipWithout } from "./support/peers.ts";
import { runKeycheck } from "./support/run-keycheck.ts";
import { prodId, startAws } from "./support/scenario.ts";
import { type Moto, startMoto } from "./support/start-moto.ts";

/**
 * One account, in moto and in the offline AWS: two readings of the same API by different people, which must give the
 * same points. Left out is what moto can't do: pages (it never cuts a listing), the root user's row in the credential
 * report (and with it root_keys), a key without last_rotated, a third key, a report under way for longer than one call,
 * limits on its generation, throttling by rate, and service-specific credentials, which motopeer.py answers after
 * botocore's model.
 */
const skip = skipWithout("moto");

/** Ages end in half a day, so that two scans of the same minute see the same days. */
function someKey(random: ReturnType<typeof createRandom>): KeySpec {
  const ageDays = random.between(0, 400) + 0.5;
  return aKey({
    ageDays,
    status: random.chance(0.2) ? "Inactive" : "Active",
    usedDaysAgo: random.chance(0.3) ? undefined : random.between(0, Math.floor(ageDays)) + 0.25,
  });
}

const random = createRandom(7);
const users: readonly UserSpec[] = [
  ...legalNames.map((name, index) =>
    aUser({
      name,
      keys: Array.from({ length: index % 3 }, () => someKey(random)),
      path: index % 5 === 0 ? "/service/" : "/",
    }),
  ),
  aUser({ name: "leaked", keys: [aKey({ ageDays: 3.5 })], policies: ["AWSCompromisedKeyQuarantineV3"] }),
  aUser({ name: "leaked-long-ago", keys: [aKey({ ageDays: 900.5 })], policies: ["AWSCompromisedKeyQuarantine"] }),
  aUser({ name: "codecommit", serviceCredentials: [aServiceCredential(), aServiceCredential({ status: "Inactive" })] }),
  aUser({
    name: "twins",
    keys: [aKey({ id: "AKIAYOUNGYOUNG23X7QZ", ageDays: 20.5 }), aKey({ id: "AKIAOLDOLDOLD223X7QZ", ageDays: 190.5 })],
  }),
];
const account = anAccount({ id: prodId, alias: "prod", users });

async function startBoth(t: Test) {
  const aws = await startAws(t, { scenario: anOrganization({ accounts: [account] }) });
  const moto = await startMoto(t);
  for (const copied of aws.organization.accounts) await moto.copyAccount(copied);
  return { aws, moto };
}

/** Without what moto can't tell, and without what depends on the moment: how old the report was when it was read. */
const accountOf = (points: readonly PlainPoint[]) =>
  named(points, "keycheck_account").map(({ tags, fields: { root_keys, report_age_s, ...fields } }) =>
    comparePoint({ tags, fields }),
  );

const scans = [
  { name: "a scan", args: [], keys: "iam" },
  { name: "a scan as of a date", args: ["--at", "2100-01-01"], keys: "iam" },
  {
    name: "a scan with other thresholds",
    args: ["--expire-age=90d", "--warn-before=30d", "--unused-age=7d"],
    keys: "iam",
  },
  { name: "a scan by report", args: ["--from-report"], keys: "iam_report" },
];

test("moto and the offline AWS give the same points", { skip }, async (t) => {
  const { aws, moto } = await startBoth(t);
  for (const { name, args, keys } of scans) {
    await t.test(name, async (t) => {
      const [ours, theirs] = [
        pointsOf(await runKeycheck(t, { environment: aws.environment(), args })),
        pointsOf(await runKeycheck(t, { environment: moto.environment(), args })),
      ];
      t.ok(named(ours, keys).length > 100, `${named(ours, keys).length} keys`);
      t.strictSame(comparePoints(named(theirs, keys)), comparePoints(named(ours, keys)));
      t.strictSame(accountOf(theirs), accountOf(ours));
      t.match(named(theirs, "stalewatch_run")[0], { tags: { account: prodId }, fields: { ok: true, partial: false } });
    });
  }
  await t.test("a throttled scan, which is told so in moto's XML", (t) => scanThrottled(t, moto));
});

async function scanThrottled(t: Test, moto: Moto): Promise<void> {
  const environment = moto.environment();
  const undisturbed = pointsOf(await runKeycheck(t, { environment }), "iam");
  await moto.fail({ action: "ListAccessKeys", times: 5, code: "Throttling", status: 400, message: "Rate exceeded" });
  const throttled = pointsOf(await runKeycheck(t, { environment }));
  t.strictSame(comparePoints(named(throttled, "iam")), comparePoints(undisturbed));
  t.match(throttled.at(-1)?.fields, { ok: true, partial: false, throttles: 5, retries: 5 });
}

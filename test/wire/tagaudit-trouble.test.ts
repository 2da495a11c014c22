import { setTimeout as pause } from "node:timers/promises";
import { after, end, test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aCanary, anInstance, aRegion, usualRegions } from "../../lib/demo/scenario/region-builders.ts";
import { pointsOf, type Run, runTagaudit, startTagaudit, statusOf } from "../support/run-executable.ts";

const withCanary = (name: string) => aRegion({ name, instances: [aCanary(name), anInstance()] });

/** All 17 that an account has without asking. */
const everywhere = usualRegions()
  .filter(({ optInStatus }) => optInStatus === "opt-in-not-required")
  .map(({ name }) => withCanary(name));

const troubled = { hangs: "ap-south-1", throttles: "eu-west-3", denies: "sa-east-1" } as const;

const accounts = {
  everywhere: anAccount({ id: "100000000001", alias: "everywhere", regions: everywhere }),
  pages: anAccount({
    id: "100000000002",
    alias: "pages",
    regions: [
      aRegion({
        name: "eu-west-1",
        instances: [aCanary("eu-west-1")],
        fleet: { count: 1500, instance: () => anInstance() },
      }),
      withCanary("us-east-1"),
    ],
  }),
  blind: anAccount({ id: "100000000003", alias: "blind", regions: [withCanary("eu-west-1")] }),
  slow: anAccount({
    id: "100000000004",
    alias: "slow",
    regions: [withCanary("eu-west-1"), withCanary("us-east-1")],
  }),
  uncounted: anAccount({ id: "100000000005", alias: "uncounted", regions: [withCanary("eu-west-1")] }),
} as const;

const instancesOf = ({ id }: { readonly id: string }, region: string) =>
  ({ action: "ec2:DescribeInstances", account: id, region }) as const;

const aws = await startOfflineAws({
  scenario: anOrganization({
    accounts: Object.values(accounts),
    faults: [
      { ...instancesOf(accounts.everywhere, troubled.hangs), kind: "hang" },
      {
        ...instancesOf(accounts.everywhere, troubled.throttles),
        ...{ kind: "error", code: "RequestLimitExceeded", status: 503, message: "Request limit exceeded." },
      },
      { ...instancesOf(accounts.slow, "us-east-1"), kind: "hang" },
    ],
    denials: [
      instancesOf(accounts.everywhere, troubled.denies),
      { ...instancesOf(accounts.pages, "eu-west-1"), after: 1 },
      { action: "ec2:DescribeRegions", account: accounts.blind.id },
      { action: "ec2:DescribeInstanceTypes", account: accounts.uncounted.id },
    ],
  }),
});
after(() => aws.close());

/** A tag that canaries have, and others here have not. */
const tagged = ["--tags", "department"];

const audit = (identity: string, argv: readonly string[] = []): Promise<Run> =>
  runTagaudit(aws, { identity, argv: [...tagged, ...argv] });

const statesOf = (run: Run): Readonly<Record<string, unknown>> =>
  Object.fromEntries(pointsOf(run, "tagaudit_region").map(({ tags, fields }) => [tags.region, fields.state]));

const regionsThatAre = (state: string, run: Run): readonly string[] =>
  Object.entries(statesOf(run)).flatMap(([name, is]) => (is === state ? [name] : []));

test("of 17 regions one hangs, one throttles, one denies: 14 are judged and three named", async (t) => {
  const run = await audit("everywhere", ["--deadline", "4s"]);
  t.equal(run.exitCode, 0);
  t.ok(run.duration < seconds(6), `took ${run.duration} ms`);
  t.equal(regionsThatAre("judged", run).length, 14);
  t.strictSame(regionsThatAre("failed", run).toSorted(), Object.values(troubled).toSorted());
  const cause = /^instances of region \S+: ec2:DescribeInstances: .* \(and 2 more\)$/;
  t.match(statusOf(run), { ok: true, partial: true, items: 14, last_error: cause });
  t.match(run.stderr, { length: 1, 0: /^W! tagaudit: default: partial: instances of region / });
});

test("a region whose second page is denied is judged by nobody, and nothing of its first page is printed", async (t) => {
  const run = await audit("pages", ["--detail"]);
  t.strictSame(statesOf(run), { "eu-west-1": "incomplete", "us-east-1": "judged" });
  t.match(statusOf(run), {
    ...{ ok: true, partial: true, items: 1 },
    last_error: /^instances of region eu-west-1 after the first 1000: ec2:DescribeInstances: .*not authorized/,
  });
  t.strictSame(
    pointsOf(run, "tagaudit_violation").map(({ tags }) => tags.region),
    ["us-east-1"],
  );
});

test("who may not see the regions sees nothing, and says so", async (t) => {
  const run = await audit("blind");
  t.equal(run.exitCode, 1);
  t.match(statusOf(run), { ok: false, partial: true, items: 0, last_error: /^ec2:DescribeRegions: .*not authorized/ });
  t.match(run.stderr, { length: 1, 0: /^E! tagaudit: default: ec2:DescribeRegions: / });
  t.same(pointsOf(run, "tagaudit_region"), []);
});

test("vCPUs that can't be looked up are left out, and are no failure", async (t) => {
  const run = await audit("uncounted", ["--log-level", "info"]);
  t.match(statusOf(run), { ok: true, partial: false });
  const [point] = pointsOf(run, "tagaudit_region");
  t.match(point?.fields, { state: "judged", violators: 1 });
  t.notOk("untagged_vcpu_hours" in (point?.fields ?? {}));
  t.match(run.stderr, [/^I! tagaudit: vCPUs of instance types are not known: ec2:DescribeInstanceTypes: /]);
});

test("SIGTERM in mid-scan: what was judged is printed in whole lines, marked partial", async (t) => {
  const { child, ended } = startTagaudit(aws, { identity: "slow", argv: tagged });
  const before = aws.calls();
  const since = (action: string) => (aws.calls()[action] ?? 0) - (before[action] ?? 0);
  // The last call of the region that answers.
  for (let waited = 0; since("ec2:DescribeExportTasks") === 0 && waited < seconds(20); waited += 10) await pause(10);
  await pause(300);
  const from = performance.now();
  child.kill("SIGTERM");
  const run = await ended;
  t.equal(run.exitCode, 0);
  t.ok(performance.now() - from < seconds(4));
  t.strictSame(statesOf(run), { "eu-west-1": "judged", "us-east-1": "failed" });
  const cause = "instances of region us-east-1: ec2:DescribeInstances: stopped by SIGTERM";
  t.match(statusOf(run), { ok: true, partial: true, items: 1, last_error: cause });
  t.strictSame(run.stderr, [`W! tagaudit: default: partial: ${cause}`]);
});

test("the process that stays scans anew for each line", async (t) => {
  const { child, ended, printed } = startTagaudit(aws, { identity: "uncounted", argv: [...tagged, "--execd"] });
  child.stdin.write("\n");
  await printed(/^stalewatch_run,/m);
  child.stdin.write("\n");
  await printed(/^stalewatch_run,.*^stalewatch_run,/ms);
  child.stdin.end();
  const run = await ended;
  t.equal(run.exitCode, 0);
  t.match(pointsOf(run, "stalewatch_run"), [{ fields: { ok: true } }, { fields: { ok: true } }]);
  t.match(run.calls, { "sts:GetCallerIdentity": 1, "ec2:DescribeInstances": 2 });
});

interface Refused {
  readonly name: string;
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly want: RegExp;
}

const refused: readonly Refused[] = [
  { name: "nothing asked for", argv: [], want: /tags, scheme or tag_policy must say which tags are asked for/ },
  { name: "a slip in a flag", argv: ["--tgas", "owner"], want: /--tgas.*did you mean --tags/ },
  {
    name: "a region that is none",
    argv: ["-t", "owner", "-r", "europe"],
    want: /flag -r: "europe" is not a region such as us-east-1/,
  },
  {
    name: "two schemes at once",
    argv: ["-t", "owner", "--scheme", "s.yaml"],
    want: /only one of tags, scheme and tag_policy/,
  },
  {
    name: "the secret key where ps shows it",
    argv: ["-t", "owner", "-a", "AKIAIOSFODNN7EXAMPLE", "-s", "wJalrXUtnFEMI"],
    want: /on the command line, where ps shows it to everybody/,
  },
  {
    name: "a slip in a scheme's rule",
    argv: ["--scheme", "s.yaml"],
    files: { "s.yaml": "tags:\n  owner:\n    requried: true\n" },
    want: /^E! tagaudit: file s\.yaml line 3, tags\.owner\.requried: no such key; did you mean required\?$/,
  },
  {
    name: "a scheme that is not there",
    argv: ["--scheme", "none.yaml"],
    want: /cannot read "none\.yaml": no such file/,
  },
];

for (const { name, argv, files = {}, want } of refused) {
  test(`${name} is refused before any call`, async (t) => {
    const run = await runTagaudit(aws, { identity: "blind", argv, directory: t.testdir({ ...files }) });
    t.equal(run.exitCode, 2);
    t.same([run.calls, run.stdout], [{}, ""]);
    t.match(run.stderr.join("\n"), want);
    t.notMatch(run.stderr.join("\n"), /wJalrXUtnFEMI|AKIAIOSFODNN7EXAMPLE/);
  });
}

test("a scheme that most of a fleet breaks is found out without AWS", async (t) => {
  const instance = (at: number) => ({
    InstanceId: `i-${at}`,
    InstanceType: "m5.large",
    LaunchTime: "2026-01-01T00:00:00+00:00",
    Placement: { AvailabilityZone: "eu-west-1a" },
    State: { Name: "running" },
    Tags: [{ Key: "owner", Value: "ada" }],
  });
  const directory = t.testdir({
    "typo.yaml": "tags:\n  ownr:\n",
    "inventory.json": JSON.stringify({
      Reservations: [{ Instances: Array.from({ length: 20 }, (_, at) => instance(at)) }],
    }),
  });
  const argv = ["--check-scheme", "typo.yaml", "--against", "inventory.json"];
  const run = await runTagaudit(aws, { argv, directory });
  t.equal(run.exitCode, 0);
  t.same([run.calls, run.stderr], [{}, []]);
  t.match(run.stdout, /i-19 +violating +tag "ownr" is missing; "owner" is near it: rename "owner" to "ownr"\n/);
  t.match(
    run.stdout,
    /instances judged: 20, in violation: 20, to act on: 20\n.*the gate fleet would refuse every action/,
  );
});

end();

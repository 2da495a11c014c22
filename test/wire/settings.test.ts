import { after, end, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { pointsOf, runKeycheck } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

const ages = [10, 100, 115, 130, 170, 200];
const users = ages.map((ageDays) => aUser({ name: `aged-${ageDays}`, keys: [aKey({ ageDays })] }));
const aws = await startOfflineAws({ scenario: anOrganization({ accounts: [anAccount({ alias: "prod", users })] }) });
after(() => aws.close());
for (const account of aws.organization.accounts) storeReport(account, Date.now());

interface Sources {
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Content of files in the directory it is called from. */
  readonly files?: Readonly<Record<string, string>>;
}

const taken: readonly (Sources & { name: string; want: readonly string[] })[] = [
  { name: "nothing but the defaults", want: ["ok", "ok", "ok", "ok", "expiring", "expired"] },
  {
    name: "flags",
    argv: ["--expire-age", "90d", "--warn-before=1w"],
    want: ["ok", "expired", "expired", "expired", "expired", "expired"],
  },
  {
    name: "variables of ours",
    environment: { KEYCHECK_EXPIRE_AGE: "120d", KEYCHECK_WARN_BEFORE: "6", STALEWATCH_CONCURRENCY: "1" },
    want: ["ok", "ok", "expiring", "expired", "expired", "expired"],
  },
  {
    name: "the original's variable, a bare number of days",
    environment: { expire_age: "125" },
    want: ["ok", "ok", "expiring", "expired", "expired", "expired"],
  },
  {
    name: "a file, of which other programs have their part",
    argv: ["--config", "stalewatch.yaml"],
    files: { "stalewatch.yaml": 'run:\n  concurrency: 2\ntagaudit:\n  anything: 1\nkeycheck:\n  expire_age: "125"\n' },
    want: ["ok", "ok", "expiring", "expired", "expired", "expired"],
  },
  {
    name: "a file named by a variable, beaten by another variable",
    environment: { STALEWATCH_CONFIG: "stalewatch.yaml", KEYCHECK_EXPIRE_AGE: "150d" },
    files: { "stalewatch.yaml": "keycheck:\n  expire_age: 90d\n  warn_before: 1d\n" },
    want: ["ok", "ok", "ok", "ok", "expired", "expired"],
  },
  {
    name: "a flag, which beats variable and file",
    argv: ["--config", "stalewatch.yaml", "--expire-age", "190d"],
    environment: { KEYCHECK_EXPIRE_AGE: "150d" },
    files: { "stalewatch.yaml": "keycheck:\n  expire_age: 90d\n  warn_before: 1d\n" },
    want: ["ok", "ok", "ok", "ok", "ok", "expired"],
  },
];

for (const { name, argv = [], environment = {}, files = {}, want } of taken) {
  test(`keys are judged by ${name}`, async (t) => {
    const run = await runKeycheck(aws, { argv, environment, directory: t.testdir({ ...files }) });
    t.equal(run.exitCode, 0);
    t.strictSame(run.stderr, []);
    const keys = pointsOf(run, "iam").toSorted((a, b) => Number(a.fields.age) - Number(b.fields.age));
    t.strictSame(
      keys.map(({ tags }) => tags.status),
      want,
    );
  });
}

test("the original's own switches are taken", async (t) => {
  const quiet = await runKeycheck(aws, { environment: { dump_metric_to_console: "False", LOGGING_LEVEL: "INFO" } });
  t.equal(quiet.exitCode, 0);
  t.equal(quiet.stdout, "");
  t.equal(quiet.calls["iam:ListAccessKeys"], users.length);
});

const refused: readonly (Sources & { name: string; want: readonly (string | RegExp)[] })[] = [
  {
    name: "an unknown flag is told with the nearest one",
    argv: ["--expire-agee", "90d"],
    want: ["flag --expire-agee: no such setting; did you mean --expire-age?"],
  },
  {
    name: "an unknown variable is told with the nearest one",
    environment: { KEYCHECK_EXPIRY_AGE: "90d" },
    want: ["environment KEYCHECK_EXPIRY_AGE: no such setting; did you mean KEYCHECK_EXPIRE_AGE?"],
  },
  {
    name: "an unknown key of the file is told with its line and the nearest one",
    argv: ["--config", "s.yaml"],
    files: { "s.yaml": "# ours\nkeycheck:\n  warn_before: 9d\n  expire_agee: 90d\n" },
    want: ["file s.yaml line 4, keycheck.expire_agee: no such setting; did you mean keycheck.expire_age?"],
  },
  {
    name: "a value of the wrong kind is told with its line and key",
    argv: ["--config", "s.yaml"],
    files: { "s.yaml": "run:\n  deadline: soon\n" },
    want: [/^file s\.yaml line 2, run\.deadline: "soon" is not a duration/],
  },
  {
    name: "a file that is no YAML is told with its line",
    argv: ["--config", "s.yaml"],
    files: { "s.yaml": "keycheck:\n  expire_age: 90d\n warn_before: [9d\n" },
    want: [/^file s\.yaml line 3: not YAML: /, /^file s\.yaml line 4: not YAML: /],
  },
  {
    name: "a file that is not there is told with who named it",
    argv: ["--config", "s.yaml"],
    want: ['flag --config: cannot read "s.yaml": no such file'],
  },
  {
    name: "a file that can't be read is told with who named it",
    environment: { STALEWATCH_CONFIG: "." },
    want: ['environment STALEWATCH_CONFIG: cannot read ".": it is a directory'],
  },
  {
    name: "an accounts file that can't be read is told with who named it",
    argv: ["--accounts", "accounts.yaml"],
    want: ['flag --accounts: cannot read "accounts.yaml": no such file'],
  },
  {
    name: "an accounts file that is no YAML is told with its line",
    argv: ["--accounts", "accounts.yaml"],
    files: { "accounts.yaml": "- profile: prod\n- profile: [\n" },
    want: [/^file accounts\.yaml line \d+: not YAML: /],
  },
  {
    name: "a mistake in the accounts file is told with its line and key",
    argv: ["--accounts", "accounts.yaml"],
    files: {
      "accounts.yaml": "- profile: prod\n- role_arn: arn:aws:iam::1:role/x\n- account_id: 123456789012\n  role: x\n",
    },
    want: [
      /^file accounts\.yaml line 2, \[1\]\.role_arn: "arn:aws:iam::1:role\/x" is not a role ARN/,
      /^file accounts\.yaml line 4, \[2\]\.role: no such key$/,
    ],
  },
  {
    name: "thresholds must make sense together",
    argv: ["--expire-age", "10d"],
    want: [/^flag --expire-age: warn_before \(15d\) must be shorter than expire_age \(10d\)/],
  },
  { name: "only one way can say what to scan", argv: ["--organization", "--accounts", "x"], want: [/only one of acc/] },
  { name: "a shard must exist", argv: ["--shard", "3/3"], want: [/^flag --shard: "3\/3" is not i\/n/] },
  {
    name: "a day gone by can't be judged",
    argv: ["--at", "2020-01-01"],
    want: [/^flag --at: "2020-01-01T00:00:00Z" /],
  },
  {
    name: "what is forgotten can't be acted on",
    argv: ["--mode", "commit"],
    want: [/^flag --mode: .* state can't be none$/],
  },
  {
    name: "all problems of all sources are told at once",
    argv: ["--config", "s.yaml", "--concurrency", "0", "--nonsense"],
    environment: { KEYCHECK_UNUSED_AGE: "long", KEYCHECK_LEGACY: "1" },
    files: { "s.yaml": "keycheck:\n  report_wait: never\n  at: today\nnight: 1\n" },
    want: [
      /^environment KEYCHECK_LEGACY: no such setting/,
      /^environment KEYCHECK_UNUSED_AGE: "long" is not/,
      /^file s\.yaml line 2, keycheck\.report_wait: "never" is not/,
      /^file s\.yaml line 3, keycheck\.at: "today" is not/,
      /^file s\.yaml line 4, night: no such setting/,
      /^flag --concurrency: "0" is not a whole number from 1 to 100$/,
      /^flag --nonsense: no such setting/,
    ],
  },
];

for (const { name, argv = [], environment = {}, files = {}, want } of refused) {
  test(`${name}, before AWS is asked anything`, async (t) => {
    const run = await runKeycheck(aws, { argv, environment, directory: t.testdir({ ...files }) });
    t.equal(run.exitCode, 2);
    t.equal(run.stdout, "");
    t.same(run.calls, {});
    for (const line of run.stderr) t.ok(line.startsWith("E! keycheck: ") && Buffer.byteLength(line) <= 512, line);
    t.match(run.stderr.map((line) => line.replace("E! keycheck: ", "")).toSorted(), want);
    t.equal(run.stderr.length, want.length, run.stderr.join("\n"));
  });
}

end();

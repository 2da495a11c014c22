import { existsSync } from "node:fs";
import { open, readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { after, end, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../lib/demo/scenario/large-account.ts";
import { pointsOf, type Run, runKeycheck, startIt, startKeycheck, statusOf } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

const ids = { small: "100000000001", large: "100000000002", slow: "100000000003" };
const users = [aUser({ name: "ada", keys: [aKey({ ageDays: 200 })] }), aUser({ name: "a,b=c", keys: [aKey()] })];
const aws = await startOfflineAws({
  scenario: anOrganization({
    accounts: [
      anAccount({ id: ids.small, users }),
      // More lines than any pipe holds.
      { ...aLargeAccount({ users: 2000, keysPerUser: 1 }), id: ids.large },
      anAccount({ id: ids.slow, users }),
    ],
    faults: [{ action: "iam:ListAccessKeys", account: ids.slow, kind: "slow", ms: 1500 }],
  }),
});
after(() => aws.close());
for (const account of aws.organization.accounts) storeReport(account, Date.now());

const measurementsOf = (run: Run) => pointsOf(run).map(({ measurement }) => measurement);
const all = ["iam", "iam", "keycheck_account", "stalewatch_run"];

const parseLines = (text: string) =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const keysInJson = [
  { measurement: "iam", tags: { name: "a,b=c", status: "ok" }, fields: { age: 10, active: true } },
  { measurement: "iam", tags: { name: "ada", status: "expired" }, fields: { age: 200 } },
  { measurement: "keycheck_account", fields: { keys: 2 } },
  { measurement: "stalewatch_run", fields: { ok: true, partial: false } },
];

test("JSON lines go to stdout on request", async (t) => {
  const run = await runKeycheck(aws, { argv: ["--sink", "json"] });
  t.equal(run.exitCode, 0);
  t.match(parseLines(run.stdout), keysInJson);
});

test("JSON lines go to a file, which each run replaces", async (t) => {
  const directory = t.testdir({ "keys.json": "what was there before\n" });
  const argv = ["--sink", "json,line-protocol", "--json-file", "keys.json"];
  await runKeycheck(aws, { argv, directory });
  const run = await runKeycheck(aws, { argv, directory });
  t.equal(run.exitCode, 0);
  t.strictSame(measurementsOf(run), all);
  t.match(parseLines(await readFile(`${directory}/keys.json`, "utf8")), keysInJson);
  t.strictSame(await readdir(directory), ["keys.json"]);
});

test("the Prometheus file is replaced as a whole: who reads sees the old one or the new one", async (t) => {
  const directory = t.testdir({ "keys.prom": "old 1\n" });
  const reader = await open(`${directory}/keys.prom`);
  t.after(() => reader.close());
  const argv = ["--sink", "line-protocol,prometheus", "--prometheus-file", "keys.prom"];
  const { child, ended } = startKeycheck(aws, { identity: ids.slow, argv, directory });
  child.stdin.end();
  const before = aws.calls()["iam:ListAccessKeys"] ?? 0;
  while ((aws.calls()["iam:ListAccessKeys"] ?? 0) < before + 2 && child.exitCode === null) await pause(10);
  t.equal(await readFile(`${directory}/keys.prom`, "utf8"), "old 1\n");
  const run = await ended;
  t.equal(run.exitCode, 0);
  t.strictSame(measurementsOf(run), all);
  const text = await readFile(`${directory}/keys.prom`, "utf8");
  t.match(text, /^# TYPE iam_age_seconds gauge$/m);
  t.match(text, /^iam_age_seconds\{.*name="ada".*\} 17280000$/m);
  t.match(text, /^iam_age_seconds\{.*name="a,b=c".*\} 864000$/m);
  t.match(text, /^stalewatch_run_ok\{.*scope="default".*\} 1$/m);
  t.notMatch(text, /^old/m);
  t.equal((await reader.readFile("utf8")).toString(), "old 1\n");
  t.strictSame(await readdir(directory), ["keys.prom"]);
});

const unwritable = [
  { name: "a directory that is not there", path: "missing/keys.out", says: /no such file or directory \(ENOENT\)$/ },
  { name: "a directory in the file's place", path: ".", says: /not a regular file$/ },
  { name: "a path below a file", path: "file/keys.out", says: /not a directory \(ENOTDIR\)$/ },
];

for (const { name, path, says } of unwritable) {
  for (const sink of ["json", "prometheus"]) {
    test(`the sink ${sink} refuses ${name}, before AWS is asked anything`, async (t) => {
      const argv = ["--sink", `line-protocol,${sink}`, `--${sink}-file`, path];
      const run = await runKeycheck(aws, { argv, directory: t.testdir({ file: "" }) });
      t.equal(run.exitCode, 2);
      t.same([run.stdout, run.calls], ["", {}]);
      t.match(run.stderr, { length: 1, 0: new RegExp(`^E! keycheck: can't write ${sink}_file "${path}": `) });
      t.match(run.stderr, { length: 1, 0: says });
      t.equal(run.stderr.length, 1);
    });
  }
}

for (const sink of ["json", "prometheus"]) {
  test(`the sink ${sink} meets a full disk: its old file stays, and stdout is whole`, async (t) => {
    const directory = t.testdir({ "keys.out": "old\n" });
    const argv = ["--from-report", "--sink", `line-protocol,${sink}`, `--${sink}-file`, "keys.out"];
    // What goes beyond 512 bytes of a file fails, as on a disk without room; pipes are free of it.
    const shell = `ulimit -f 1 && ${startIt}`;
    const run = await runKeycheck(aws, { identity: ids.large, argv, directory, shell });
    t.equal(run.exitCode, 1);
    t.match(run.stderr, {
      length: 1,
      0: new RegExp(`^E! keycheck: can't write ${sink}_file "keys.out": file too large \\(EFBIG\\)$`),
    });
    t.equal(run.stderr.length, 1);
    t.equal(pointsOf(run, "iam_report").length, 2000);
    t.match(statusOf(run), { ok: true, partial: false });
    t.equal(await readFile(`${directory}/keys.out`, "utf8"), "old\n");
    t.strictSame(await readdir(directory), ["keys.out"]);
  });
}

test("stdout on a full disk is told", { skip: !existsSync("/dev/full") }, async (t) => {
  const run = await runKeycheck(aws, { argv: ["--from-report"], shell: `${startIt} > /dev/full` });
  t.equal(run.exitCode, 1);
  t.match(run.stderr.at(-1), /^E! keycheck: can't write stdout: no space left on device \(ENOSPC\)$/);
  for (const line of run.stderr) t.match(line, /^[EW]! keycheck: /);
});

const gone = [
  { name: "after the first lines", close: (stdout: Stdout) => stdout.once("data", () => stdout.destroy()) },
  { name: "before the first", close: (stdout: Stdout) => stdout.destroy() },
];
type Stdout = ReturnType<typeof startKeycheck>["child"]["stdout"];

for (const { name, close } of gone) {
  for (const mode of [[], ["--execd"]]) {
    test(`a reader that is gone ${name} is no failure ${mode.join()}`, async (t) => {
      const { child, ended } = startKeycheck(aws, { identity: ids.large, argv: ["--from-report", ...mode] });
      close(child.stdout);
      child.stdin.write("\n");
      const run = await ended;
      t.equal(run.exitCode, 0);
      t.strictSame(run.stderr, ["W! keycheck: default: partial: can't write stdout: its reader is gone"]);
    });
  }
}

test("a reader of stderr that is gone changes nothing", async (t) => {
  const { child, ended } = startKeycheck(aws, { argv: ["no-such-profile"] });
  child.stderr.destroy();
  const run = await ended;
  t.equal(run.exitCode, 1);
  t.match(statusOf(run, "no-such-profile"), { ok: false });
});

end();

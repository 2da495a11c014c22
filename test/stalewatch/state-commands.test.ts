import { execFile } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Test, test } from "tap";
import { noteAccount } from "../../lib/act/accounts.ts";
import { actionId, type PlannedAction } from "../../lib/act/action.ts";
import { asBody, type JournalEntry, journalOf, openOf } from "../../lib/act/entry.ts";
import { findPause } from "../../lib/act/pause.ts";
import { listExemptions } from "../../lib/act/stored-exemptions.ts";
import { days, formatInstant, hours, minutes } from "../../lib/core/time.ts";
import { aKey, aUser } from "../../lib/demo/scenario/builders.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import type { Store } from "../../lib/state/store.ts";
import { openWorld, refusalsOf } from "../support/acting.ts";
import { anAction } from "../support/an-intent.ts";
import { callStalewatch, runStalewatch, stalewatchPath } from "../support/run-stalewatch.ts";
import { startDynalite } from "../support/start-dynalite.ts";

const now = Date.now();
const keyId = "AKIAEXAMPLEEXAMPLADA1";

interface Place {
  readonly directory: string;
  run(...args: string[]): ReturnType<typeof runStalewatch>;
  inStore<Value>(work: (store: Store) => Promise<Value>): Promise<Value>;
}

function aPlace(t: Test): Place {
  const directory = join(t.testdir(), "state");
  return {
    directory,
    run: (...args) => callStalewatch(args, { STALEWATCH_STATE_DIRECTORY: directory }),
    async inStore(work) {
      const store = await openEmbeddedStore({ directory });
      return work(store).finally(() => store.close());
    },
  };
}

const anEntry = (said: Partial<PlannedAction>, entry: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ action: anAction(said), state: "applied", attempt: 1, intendedAt: now, before: {}, who: "arn", planHash: "p" },
  lease: { holder: { token: "t", host: "h", pid: 1 }, until: now },
  ...entry,
});

async function keep(store: Store, entry: JournalEntry, isOpen = false): Promise<void> {
  const { action } = entry;
  await noteAccount(store, action);
  await store.create(journalOf(action), actionId(action), asBody(entry));
  if (isOpen) await store.create(openOf(action), actionId(action), {});
}

const here = "123456789012";
const there = "210987654321";

const fill = async (store: Store): Promise<void> => {
  const disabled = anEntry(
    { kind: "disable", subject: "ada/LADA1", names: ["ada", keyId], legs: [keyId], detail: { keyId } },
    {
      ...{ intendedAt: now - days(2), endedAt: now - days(2) + 5, before: { status: "Active" } },
      says: `the key ${keyId} was due:\n${"because ".repeat(20)}`,
    },
  );
  await keep(store, disabled);
  await keep(store, anEntry({ subject: "bob/LBOB1" }, { intendedAt: now - minutes(5), state: "intended" }), true);
  await keep(
    store,
    anEntry({ subject: "cyd/LCYD1", accountId: there }, { intendedAt: now - hours(30), undoneBy: "x" }),
  );
};

const disableId = `keycheck/${here}/disable/ada/LADA1/1`;
const bobId = `keycheck/${here}/notice/bob/LBOB1/1`;
const cydId = `keycheck/${there}/notice/cyd/LCYD1/1`;

test("the journal as a table: of all accounts, the newest first, ids whole and key ids cut", async (t) => {
  const place = aPlace(t);
  await place.inStore(fill);
  const built = await runStalewatch(["journal"], { STALEWATCH_STATE_DIRECTORY: place.directory });
  const { code, stdout, stderr } = built;
  t.strictSame({ code, stderr }, { code: 0, stderr: "" });
  const [header = "", ...lines] = stdout.trimEnd().split("\n");
  t.match(header, /^WHEN +STATE +KIND +SUBJECT +WHY +ID$/);
  t.strictSame(
    lines.map((line) => line.split(/ {2,}/)),
    [
      [formatInstant(now - minutes(5)), "intended", "notice", "bob/LBOB1", "the key is 200 days old", bobId],
      [formatInstant(now - hours(30)), "undone", "notice", "cyd/LCYD1", "the key is 200 days old", cydId],
      [
        ...[formatInstant(now - days(2)), "applied", "disable", "ada/LADA1"],
        ...["the key ...LADA1 was due: because because because because...", disableId],
      ],
    ],
  );
  const [at, ...others] = new Set(lines.map((line) => line.indexOf("keycheck/")));
  t.equal(at, header.indexOf("ID"), "columns are aligned");
  t.same(others, []);
});

const journalCases: readonly { readonly name: string; readonly args: readonly string[]; readonly want: string[] }[] = [
  { name: "one account", args: ["--account", there], want: [cydId] },
  { name: "an account that nothing was done in", args: ["--account", "111111111111"], want: [] },
  { name: "one program", args: ["--program", "keycheck"], want: [bobId, cydId, disableId] },
  { name: "what is open", args: ["--open"], want: [bobId] },
  { name: "since a while ago", args: ["--since", "31h"], want: [bobId, cydId] },
  { name: "since an instant", args: ["--since", formatInstant(now - hours(29))], want: [bobId] },
];

test("the journal as JSON lines, of", async (t) => {
  const place = aPlace(t);
  await place.inStore(fill);
  for (const { name, args, want } of journalCases) {
    const { code, stdout } = await place.run("journal", "--json", ...args);
    t.equal(code, 0, name);
    const lines = stdout.split("\n").filter((line) => line !== "");
    t.strictSame(
      lines.map((line) => JSON.parse(line).id),
      want,
      name,
    );
    t.notMatch(stdout, keyId, name);
    if (name !== "one program") continue;
    t.match(JSON.parse(lines[2] ?? ""), {
      ...{ program: "keycheck", account: here, kind: "disable", subject: "ada/LADA1", state: "applied", attempt: 1 },
      ...{ intended_at: now - days(2), ended_at: now - days(2) + 5, decided_by: "expire_age", who: "arn" },
      ...{ before: { status: "Active" }, detail: { keyId: "...LADA1" }, reason: "the key is 200 days old" },
    });
  }
});

test("an empty journal says so to people, and nothing to machines", async (t) => {
  const place = aPlace(t);
  t.match(await place.run("journal"), { code: 0, stdout: "the journal has nothing of that\n" });
  t.strictSame(await place.run("journal", "--json"), { code: 0, stdout: "", stderr: "" });
});

test("exemptions: given, listed, replaced and ended", async (t) => {
  const place = aPlace(t);
  const add = (until: string, reason: string) =>
    place.run("exempt", "add", "svc-*", "--reason", reason, "--owner", "ops", "--until", until);
  t.strictSame(await add("2099-01-01", "migration"), {
    ...{ code: 0, stderr: "" },
    stdout: 'keycheck leaves "svc-*" alone until 2099-01-01T00:00:00Z\n',
  });
  await add("2099-02-01T12:00:00+01:00", "longer");
  const kept = { names: "svc-*", until: Date.UTC(2099, 1, 1, 11), owner: "ops", reason: "longer" };
  t.strictSame(await place.inStore((store) => listExemptions(store, "keycheck")), [{ id: "svc-*", ...kept }]);
  t.match(await place.run("exempt", "list"), { stdout: /^keycheck +svc-\* +2099-02-01T11:00:00Z +ops +longer$/m });
  const { stdout } = await place.run("exempt", "list", "--json");
  t.strictSame(JSON.parse(stdout), { program: "keycheck", ...kept });
  t.match(await place.run("exempt", "remove", "svc"), {
    ...{ code: 2, stderr: 'E! stalewatch: keycheck has no stored exemption "svc"\n' },
  });
  t.match(await place.run("exempt", "remove", "svc-*"), { code: 0 });
  t.match(await place.run("exempt", "list"), { code: 0, stdout: "no exemption is stored\n" });
  t.strictSame(await place.run("exempt", "list", "--json"), { code: 0, stdout: "", stderr: "" });
});

test("the kill switch: pulled for one program or all, changed, and released", async (t) => {
  const place = aPlace(t);
  const find = () => place.inStore((store) => findPause(store, "keycheck"));
  const by = `${userInfo().username}@${hostname()}`;
  const paused = await place.run("pause", "--reason", "an incident", "--for", "2h");
  t.match(paused, { code: 0, stdout: /^paused all programs until \d{4}-.*Z, in directory ".*state"\n$/, stderr: "" });
  t.match(await find(), { reason: "an incident", by });
  const { at = 0, until = 0 } = (await find()) ?? {};
  t.equal(until - at, hours(2));
  t.ok(Math.abs(at - Date.now()) < minutes(1));
  await place.run("pause", "--program", "keycheck", "--reason", "for good");
  t.match(await place.run("resume"), {
    ...{ code: 0, stdout: /^resumed all programs, in directory ".*state"\n$/ },
    stderr: `W! stalewatch: keycheck is still paused, by "${by}": "for good"\n`,
  });
  t.match(await find(), { reason: "for good", until: undefined });
  t.match(await place.run("resume", "--program", "keycheck"), { code: 0, stdout: /^resumed keycheck, /, stderr: "" });
  t.equal(await find(), undefined);
  t.match(await place.run("resume"), { code: 0, stdout: /^there was no pause of all programs, / });
});

test("what all share in a table is found there", async (t) => {
  const { environment } = await startDynalite(t);
  const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "any", AWS_REGION: "us-east-1" };
  const run = (...args: string[]) =>
    runStalewatch([...args, "--state", "dynamodb"], { ...environment, ...keys, STALEWATCH_STATE_TABLE: "ours" });
  t.match(await run("pause", "--reason", "an incident"), {
    ...{ code: 0, stdout: 'paused all programs until resumed, in table "ours"\n' },
  });
  t.match(await run("resume"), { code: 0, stdout: 'resumed all programs, in table "ours"\n', stderr: "" });
});

test("a reader that is gone is no failure", async (t) => {
  const args = ["-c", '{ "$0" "$1" schema; echo $? >&2; } | true', process.execPath, stalewatchPath];
  t.strictSame(await promisify(execFile)("sh", args, { env: {} }), { stdout: "", stderr: "0\n" });
});

test("a run in commit mode does nothing while it is paused, and says by which gate", async (t) => {
  const old = aKey({ ageDays: 200, usedDaysAgo: 30 });
  const world = await openWorld(t, { users: [aUser({ name: "ada", keys: [old] })] });
  await world.tell([["ada", world.key("ada")]], days(20));
  const place = { STALEWATCH_STATE_DIRECTORY: world.stateDirectory };
  await runStalewatch(["pause", "--reason", "an incident"], place);
  const stopped = await world.run();
  t.strictSame(refusalsOf(stopped), { paused: 2 });
  t.strictSame([world.aws.writes(), world.slack.posts], [[], []]);
  await runStalewatch(["resume"], place);
  await world.run();
  t.strictSame(
    world.aws.writes().map(({ parameters }) => parameters.Status),
    ["Inactive"],
  );
  const { stdout } = await runStalewatch(["journal"], place);
  t.match(stdout, /applied +disable +ada\//, "without naming the account");
});

const refused: readonly { readonly name: string; readonly args: readonly string[]; readonly want: string }[] = [
  {
    name: "exemptions without an end",
    args: ["exempt", "add", "x", "--reason", "r", "--owner", "o"],
    want: "Missing required argument: until",
  },
  {
    name: "exemptions that are over",
    args: ["exempt", "add", "x", "--reason", "r", "--owner", "o", "--until", "2020-01-01"],
    want: 'until: "2020-01-01T00:00:00Z" is not to come',
  },
  {
    name: "exemptions for no reason until no day",
    args: ["exempt", "add", "x", "--reason", " ", "--owner", "o", "--until", "2020-02-30"],
    want: [
      'reason: " " is not a text that is not blank',
      'until: "2020-02-30" is not a date such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z',
    ].join("\nE! stalewatch: "),
  },
  { name: "a pause that is over", args: ["pause", "--reason", "r", "--until", "2020-01-01"], want: "is not to come" },
  {
    name: "a pause with two ends",
    args: ["pause", "--reason", "r", "--until", "2099-01-01", "--for", "2h"],
    want: "Arguments until and for are mutually exclusive",
  },
  { name: "a pause without a reason", args: ["pause"], want: "Missing required argument: reason" },
  { name: "a group without a command", args: ["exempt"], want: "exempt what? stalewatch exempt --help lists it" },
  {
    name: "times and accounts that are none",
    args: ["journal", "--since", "yesterday", "--account", "42"],
    want: [
      'account: "42" is not an account id of 12 digits',
      'since: "yesterday" is not a duration such as 7d or a date such as 2026-03-01',
    ].join("\nE! stalewatch: "),
  },
  {
    name: "a program that there is not",
    args: ["journal", "--program", "keychek"],
    want: 'Argument: program, Given: "keychek", Choices: "keycheck"',
  },
  {
    name: "a setting that is wrong",
    args: ["pause", "--reason", "r", "--state", "memory"],
    want: 'flag --state: "memory" is not one of embedded, dynamodb, none',
  },
  {
    name: "a setting without its value",
    args: ["journal", "--state-directory"],
    want: "flag --state-directory: no value given, expected the path of a directory",
  },
  { name: "no state", args: ["journal", "--state", "none"], want: 'state is "none", so nothing is remembered' },
  {
    name: "a settings file that is not there",
    args: ["journal", "--config", "missing.yaml"],
    want: 'flag --config: cannot read "missing.yaml": no such file',
  },
  {
    name: "a state that can't be opened",
    args: ["journal", "--state-directory", `${import.meta.filename}/state`],
    want: "can't open the state in",
  },
];

test("refused, in a line for each problem:", async (t) => {
  const place = aPlace(t);
  for (const { name, args, want } of refused) {
    const { code, stdout, stderr } = await place.run(...args);
    t.strictSame({ code, stdout }, { code: 2, stdout: "" }, name);
    t.ok(stderr.includes(want), `${name}: ${stderr}`);
    t.equal(stderr.trimEnd().split("\n").length, want.split("\n").length, `${name}: ${stderr}`);
  }
});

import { spawn } from "node:child_process";
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { t as file, type Test, test } from "tap";
import { days, seconds } from "../../lib/core/time.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { groupCommits } from "../../lib/state/group-commits.ts";
import { idsIn, testStore } from "../contract/store.ts";
import { increment } from "../support/increment.ts";

const shared = file.testdir();

testStore("embedded", (_t, clock) => openEmbeddedStore({ directory: shared, ...clock }));

const script = fileURLToPath(new URL("../support/store-process.ts", import.meta.url));

/** Another process on the same directory; tap's own preloads would slow it down. */
function startProcess(t: Test, job: "race" | "write" | "leave", directory: string, name: string) {
  const command = ["unset NODE_OPTIONS;", 'exec "$0" --import tsx "$@"'].join(" ");
  const child = spawn("sh", ["-c", command, process.execPath, script, job, directory, name], { timeout: seconds(50) });
  t.teardown(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const input = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, stderr })),
  );
  return { child, lines, ended, begun: new Promise((resolve) => input.once("line", resolve)) };
}

test("embedded: among racing processes one creation wins, and no count is lost", async (t) => {
  const directory = t.testdir();
  const store = await openEmbeddedStore({ directory });
  // As in an execd process that opens its state anew: the other one's locks must stay.
  await (await openEmbeddedStore({ directory })).close();
  await store.create("counter", "n", { n: 0 });
  const racers = ["a", "b"].map((name) => startProcess(t, "race", directory, name));
  await Promise.all(racers.map(({ begun }) => begun));
  for (const { child } of racers) child.stdin.write("go\n");
  for (let at = 0; at < 40; at += 1) await increment(store, "counter", "n");
  t.strictSame(await Promise.all(racers.map(({ ended }) => ended)), [
    { code: 0, stderr: "" },
    { code: 0, stderr: "" },
  ]);
  t.strictSame((await store.get("counter", "n"))?.body, { n: 120 });
  const won = racers.flatMap(({ lines }) => lines.filter((line) => line.startsWith("won")));
  t.equal(won.length, 40);
  t.equal(new Set(won).size, 40);
  await store.close();
});

test("embedded: what a killed process was told is done is done", async (t) => {
  const directory = t.testdir();
  const store = await openEmbeddedStore({ directory });
  for (let round = 0; round < 3; round += 1) {
    const writers = ["a", "b"].map((name) => startProcess(t, "write", directory, `${round}${name}`));
    await Promise.all(writers.map(({ begun }) => begun));
    await pause(20 + Math.random() * 100);
    for (const { child } of writers) child.kill("SIGKILL");
    await Promise.all(writers.map(({ ended }) => ended));
    t.equal(await store.create("after", `${round}`, {}), "created", "no lock is left behind");
    const there = new Set(await idsIn(store, "written"));
    for (const { lines } of writers) {
      const told = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
      const [created, doomed, removed] = [told("+"), told("?"), told("-")];
      t.ok(created.length > 0);
      t.strictSame(
        created.filter((id) => !there.has(id) && !doomed.includes(id)),
        [],
      );
      t.strictSame(
        removed.filter((id) => there.has(id)),
        [],
      );
    }
  }
  await store.close();
});

test("embedded: it keeps no process alive, and prints nothing", async (t) => {
  const directory = join(t.testdir(), "made", "here");
  const { ended, lines } = startProcess(t, "leave", directory, "a");
  t.strictSame(await ended, { code: 0, stderr: "" });
  t.strictSame(lines, []);
  const store = await openEmbeddedStore({ directory });
  t.strictSame(await idsIn(store, "left"), ["a"]);
  await store.close();
});

test("embedded: its directory is for its owner alone", async (t) => {
  const directory = join(t.testdir(), "made", "here");
  await (await openEmbeddedStore({ directory })).close();
  t.equal(statSync(directory).mode & 0o777, 0o700);
  t.equal(statSync(join(directory, "data.mdb")).mode & 0o777, 0o600);
});

test("embedded: nothing is read or written once it is closed", async (t) => {
  const directory = t.testdir();
  const store = await openEmbeddedStore({ directory });
  await store.create("c", "a", {});
  await store.close();
  const closed = { name: "OpsError", message: `can't read the state in "${directory}": it is closed` };
  await t.rejects(store.get("c", "a"), closed);
  await t.rejects(idsIn(store, "c"), closed);
  await t.rejects(store.create("c", "b", {}), { message: /^can't write the state in ".*": it is closed$/ });
});

test("embedded: nothing is written once its directory is taken away", async (t) => {
  const directory = join(t.testdir(), "state");
  const store = await openEmbeddedStore({ directory });
  await store.create("c", "a", {});
  rmSync(directory, { recursive: true });
  await t.rejects(store.create("c", "b", {}), { name: "OpsError", message: /^can't write the state in .*: ENOENT/ });
  await store.close();
});

test("embedded: what has expired leaves the disk a month later, with the next write after a list", async (t) => {
  const directory = t.testdir();
  let now = 1000;
  const [store, other, past] = [
    await openEmbeddedStore({ directory, now: () => now }),
    await openEmbeddedStore({ directory, now: () => now }),
    await openEmbeddedStore({ directory, now: () => 0 }),
  ];
  await store.create("c", "a", {}, { expiresAt: 2000 });
  await store.create("c", "b", {}, { expiresAt: 2000 });
  await store.create("c", "c", {}, { expiresAt: 3000 });
  now = 2000 + days(30);
  t.strictSame(await idsIn(store, "c"), []);
  t.strictSame(await idsIn(past, "c"), ["a", "b", "c"]);
  await other.create("c", "b", {});
  await store.create("c", "d", {});
  t.strictSame(await idsIn(past, "c"), ["b", "c", "d"]);
  await Promise.all([store.close(), other.close(), past.close()]);
});

test("embedded: a clock that is ahead for a while loses nothing that holds", async (t) => {
  let now = 1000;
  const store = await openEmbeddedStore({ directory: t.testdir(), now: () => now });
  await store.create("c", "a", {}, { expiresAt: 2000 });
  now = 2000 + days(30) - 1;
  t.strictSame(await idsIn(store, "c"), []);
  await store.create("c", "b", {});
  now = 1000;
  t.strictSame(await idsIn(store, "c"), ["a", "b"]);
  await store.close();
});

test("embedded: writes of one turn share a transaction, and fail with it", async (t) => {
  const sizes: number[] = [];
  let isFull = false;
  const commit = groupCommits((writes) => {
    const settled = writes();
    sizes.push(settled.length);
    if (isFull) throw new Error("no space");
    return settled;
  });
  t.strictSame(await Promise.all([commit(() => "a"), commit(() => "b")]), ["a", "b"]);
  t.equal(await commit(() => "c"), "c");
  isFull = true;
  const failed = await Promise.allSettled([commit(() => "d"), commit(() => "e")]);
  t.strictSame(
    failed.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  t.strictSame(sizes, [2, 1, 2]);
});

const unusable: readonly { readonly name: string; readonly prepare: (at: string) => unknown; readonly says: RegExp }[] =
  [
    { name: "a file in its place", prepare: (at) => writeFileSync(at, ""), says: /EEXIST: file already exists/ },
    {
      name: "a database of another kind",
      prepare: (at) => makeData(at, "x".repeat(9000)),
      says: /no database of LMDB's/,
    },
    { name: "the begin of a database", prepare: (at) => makeData(at, "\0".repeat(31)), says: /no database of LMDB's/ },
    {
      name: "a directory as database",
      prepare: (at) => mkdirSync(join(at, "data.mdb"), { recursive: true }),
      says: /EISDIR/,
    },
    {
      name: "a database cut short",
      prepare: cutShort,
      says: /data\.mdb is cut short: it has 100000 bytes of at least \d+/,
    },
  ];

function makeData(directory: string, content: string): void {
  mkdirSync(directory);
  writeFileSync(join(directory, "data.mdb"), content);
}

async function cutShort(directory: string): Promise<void> {
  const store = await openEmbeddedStore({ directory });
  await Promise.all(Array.from({ length: 20 }, (_, at) => store.create("c", `${at}`, { x: "x".repeat(100_000) })));
  await store.close();
  truncateSync(join(directory, "data.mdb"), 100_000);
}

for (const { name, prepare, says } of unusable)
  test(`embedded: ${name} is one error that names the path`, async (t) => {
    const directory = join(t.testdir(), "state");
    await prepare(directory);
    const failure = await openEmbeddedStore({ directory }).catch((thrown: unknown) => thrown);
    t.match(failure, { name: "OpsError", message: says });
    t.ok(failure instanceof Error && failure.message.startsWith(`can't open the state in "${directory}": `));
  });

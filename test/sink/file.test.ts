import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "tap";
import { point } from "../../lib/measurements/declare.ts";
import { openFileSink } from "../../lib/sink/file.ts";
import { encodeJsonLine } from "../../lib/sink/json-line.ts";
import { contractSample, testSink } from "../contract/sink.ts";

const openIn = async (directory: string) => {
  const path = join(directory, "points.json");
  return { path, sink: await openFileSink({ name: "json_file", path, encode: encodeJsonLine }) };
};

const linesOf = (text: string) => text.split("\n").slice(0, -1);

testSink("file", async (t) => {
  const directory = t.testdir();
  const { path, sink } = await openIn(directory);
  return {
    sink,
    read: () => readFile(path, "utf8"),
    parse: (text) =>
      linesOf(text).map((line) => {
        const { tags, fields } = JSON.parse(line);
        const numbers = Object.entries(fields).filter(([, value]) => typeof value !== "string");
        return { tags, fields: Object.fromEntries(numbers.map(([name, value]) => [name, Number(value)])) };
      }),
    breakTarget: () => rm(directory, { recursive: true }),
  };
});

const sample = point(contractSample, { tags: { name: "a" }, fields: { size: 1 } });

test("the old file stays whole until the round ends", async (t) => {
  const directory = t.testdir({ "points.json": "old\n" });
  const { path, sink } = await openIn(directory);
  await sink.write([sample]);
  t.equal(await readFile(path, "utf8"), "old\n");
  await sink.close();
  t.equal(linesOf(await readFile(path, "utf8")).length, 1);
  t.strictSame(await readdir(directory), ["points.json"]);
});

test("each round begins its file afresh, and close keeps what flush has put out", async (t) => {
  const { path, sink } = await openIn(t.testdir());
  for (const count of [3, 1]) {
    await sink.write(Array.from({ length: count }, () => sample));
    await sink.flush();
    t.equal(linesOf(await readFile(path, "utf8")).length, count);
  }
  await sink.close();
  t.equal(linesOf(await readFile(path, "utf8")).length, 1);
});

test("a round without points leaves an empty file, not the last round's", async (t) => {
  const { path, sink } = await openIn(t.testdir({ "points.json": "old\n" }));
  await sink.flush();
  t.equal(await readFile(path, "utf8"), "");
});

test("other users may read the file whatever the umask", async (t) => {
  const { path, sink } = await openIn(t.testdir());
  const umask = process.umask(0o077);
  t.teardown(() => process.umask(umask));
  await sink.flush();
  t.equal((await stat(path)).mode & 0o777, 0o644);
});

test("a failed round leaves the old file and no temporary one, and the next round works", async (t) => {
  const directory = t.testdir({});
  const { path, sink } = await openIn(directory);
  await sink.write([sample]);
  // A directory in the file's place is what rename refuses even root.
  await mkdir(path);
  await writeFile(join(path, "old"), "old\n");
  await t.rejects(sink.flush(), { message: /^can't write json_file: .+ \(E\w+\)$/ });
  t.strictSame(await readdir(directory), ["points.json"]);
  t.equal(await readFile(join(path, "old"), "utf8"), "old\n");
  await rm(path, { recursive: true });
  await sink.write([sample]);
  await sink.flush();
  t.equal(linesOf(await readFile(path, "utf8")).length, 1);
});

test("what a killed run left is replaced, and a link in its place is not followed", async (t) => {
  const directory = t.testdir({ victim: "untouched" });
  await symlink(join(directory, "victim"), join(directory, `.points.json.${process.pid}.tmp`));
  const { path, sink } = await openIn(directory);
  await sink.write([sample]);
  await sink.flush();
  t.equal(await readFile(join(directory, "victim"), "utf8"), "untouched");
  t.equal(linesOf(await readFile(path, "utf8")).length, 1);
});

const hopeless = [
  { name: "a directory that is not there", path: "absent/points.json", want: "no such file or directory (ENOENT)" },
  { name: "a file for a directory", path: "plain/points.json", want: "not a directory (ENOTDIR)" },
  { name: "a directory for a file", path: "folder", want: "not a regular file" },
] as const;

for (const { name, path, want } of hopeless) {
  test(`refused before anything is scanned: ${name}`, async (t) => {
    const directory = t.testdir({ plain: "", folder: {} });
    const opening = openFileSink({ name: "json_file", path: join(directory, path), encode: encodeJsonLine });
    await t.rejects(opening, { message: `can't write json_file: ${want}` });
  });
}

test("refused before anything is scanned: a device, which a rename would replace", async (t) => {
  const opening = openFileSink({ name: "json_file", path: "/dev/null", encode: encodeJsonLine });
  await t.rejects(opening, { message: "can't write json_file: not a regular file" });
});

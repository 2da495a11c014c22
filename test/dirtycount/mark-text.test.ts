import { test } from "tap";
import { formatMarkLine, formatMarkTable } from "../../lib/dirtycount/mark-text.ts";
import { aMark, aTally, now } from "../support/marks.ts";

const rowOf = (said: Parameters<typeof aMark>[0]) =>
  formatMarkTable([aMark(said)])
    .split("\n")[1]
    ?.split(/ {2,}/);
const { verified: _verified, ...nameless } = aMark();

for (const { name, said, want } of [
  { name: "dirty", said: {}, want: "dirty" },
  { name: "without its tag", said: { untaggable: "tag_limit" as const }, want: "dirty, no tag: tag_limit" },
  { name: "missing", said: { missingSince: now, untaggable: "not_found" as const }, want: "missing" },
  { name: "recycled", said: { recycling: { done: { at: now, id: "x" } }, missingSince: now }, want: "recycled" },
  { name: "tried to be recycled", said: { recycling: { failures: {} } }, want: "dirty" },
  { name: "ended", said: { endedAt: now, recycling: { done: { at: now, id: "x" } } }, want: "ended" },
]) {
  test(`state: ${name}`, async (t) => t.equal(rowOf(said)?.[8], want));
}

test("a row shows the proven tally, and whom it names, the newest first", async (t) => {
  const verified = aTally({ principals: ["ada", "eve"], names: { ssh: 1, sudo: 2 }, count: 3 });
  t.strictSame(rowOf({ verified, unverified: aTally() }), [
    ...["123456789012", "eu-west-1", "i-0123456789abcdef0", "high", "3", "2026-03-01T11:59:59Z"],
    ...["2026-03-01T11:59:59Z", "proven", "dirty", "eve, ada", "ssh, sudo"],
  ]);
});

test("else what is not proven, and of nobody nothing", async (t) => {
  const lines = formatMarkTable([{ ...nameless, unverified: aTally({ principals: [] }) }, nameless]).split("\n");
  t.equal(lines.length, 3);
  t.match(lines[1], / unproven {2}dirty {2}- +ssh$/);
  t.equal(formatMarkTable([]), "no instance is marked\n");
});

test("for machines all but the messages' names", async (t) => {
  const line = JSON.parse(formatMarkLine(aMark()));
  t.notOk("messages" in line);
  t.match(line, { instanceId: "i-0123456789abcdef0", verified: { principals: ["ada"] } });
});

test("what a host says drives no terminal", async (t) => {
  t.notOk(formatMarkTable([aMark({ verified: aTally({ principals: ["\u001b[2Jada"] }) })]).includes("\u001b"));
});

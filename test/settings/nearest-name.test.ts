import { test } from "tap";
import { editDistance, findNearest } from "../../lib/settings/nearest-name.ts";

const distances = [
  { name: "equal words", from: "mode", to: "mode", want: 0 },
  { name: "a letter changed", from: "mode", to: "mude", want: 1 },
  { name: "a letter added", from: "mode", to: "modes", want: 1 },
  { name: "a letter dropped", from: "mode", to: "mod", want: 1 },
  { name: "neighbours swapped", from: "mode", to: "moed", want: 1 },
  { name: "neighbours swapped at the beginning", from: "mode", to: "omde", want: 1 },
  { name: "nothing in common", from: "abc", to: "xyz", want: 3 },
  { name: "from nothing", from: "", to: "abc", want: 3 },
  { name: "to nothing", from: "abc", to: "", want: 3 },
] as const;

for (const { name, from, to, want } of distances) test(name, async (t) => t.equal(editDistance(from, to), want));

const candidates = ["mode", "expire_age", "unused_age", "sink"].map((stem) => ({ stem, name: `--${stem}` }));

const nearest = [
  { name: "the name itself", stem: "sink", want: "--sink" },
  { name: "one letter off a short name", stem: "sinc", want: "--sink" },
  { name: "two letters off a short name", stem: "sync", want: undefined },
  { name: "three letters off a name of ten", stem: "expirage", want: "--expire_age" },
  { name: "four letters off a name of ten", stem: "expage", want: undefined },
  { name: "a name in between goes to the nearer", stem: "unuse_age", want: "--unused_age" },
  { name: "a stranger", stem: "colour", want: undefined },
  { name: "nothing", stem: "", want: undefined },
] as const;

for (const { name, stem, want } of nearest)
  test(`nearest: ${name}`, async (t) => t.equal(findNearest(stem, candidates), want));

test("nearest: of two equally near the first", async (t) => {
  const twins = ["level_a", "level_b"].map((stem) => ({ stem, name: stem }));
  t.equal(findNearest("level_c", twins), "level_a");
  t.equal(findNearest("level_c", [...twins].reverse()), "level_b");
});

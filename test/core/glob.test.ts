import fc from "fast-check";
import { test } from "tap";
import { matchesGlob, matchesName } from "../../lib/core/glob.ts";

const cases = [
  { name: "a name without wildcards matches itself", glob: "ada", matches: ["ada"], not: ["adam", "mada", "Ada", ""] },
  { name: "a star stands for any text", glob: "svc-*", matches: ["svc-", "svc-a", "svc-a\nb"], not: ["svc", "xsvc-a"] },
  { name: "a star in front", glob: "*-ci", matches: ["-ci", "a-ci", "a-ci-ci"], not: ["a-ci-"] },
  { name: "a star inside goes back as far as it must", glob: "a*bc", matches: ["abc", "abbc", "abcbc"], not: ["abcb"] },
  { name: "stars in a row", glob: "a**b", matches: ["ab", "axb"], not: ["a"] },
  { name: "a star alone matches everything", glob: "*", matches: ["", "a", "**"], not: [] },
  {
    name: "a question mark is one character",
    glob: "a?c",
    matches: ["abc", "a?c", "a\u{1f511}c"],
    not: ["ac", "abbc"],
  },
  { name: "an empty glob", glob: "", matches: [""], not: ["a", "*"] },
  {
    name: "what a regular expression would read is itself",
    glob: "a.b+c=d,(e)[f]^$\\|",
    matches: ["a.b+c=d,(e)[f]^$\\|"],
    not: ["axb+c=d,(e)[f]^$\\|"],
  },
  {
    name: "an ARN",
    glob: "arn:aws:iam::*:role/ops-?",
    matches: ["arn:aws:iam::1:role/ops-1"],
    not: ["arn:aws:iam::1:role/ops-"],
  },
];

for (const { name, glob, matches, not } of cases) {
  test(name, async (t) => {
    for (const one of matches) t.ok(matchesGlob(glob, one), `"${one}"`);
    for (const one of not) t.notOk(matchesGlob(glob, one), `"${one}"`);
  });
}

test("names are the same in upper and lower case", async (t) => {
  for (const [glob, name] of [
    ["Ada.*", "ada.lovelace"],
    ["ada", "ADA"],
    ["AD?", "ada"],
  ] as const)
    t.ok(matchesName(glob, name), `"${glob}" and "${name}"`);
  t.notOk(matchesName("ada", "adam"));
});

const letters = (alphabet: string) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength: 8 }).map((parts) => parts.join(""));

test("agrees with a regular expression", async () => {
  const oracle = (glob: string) => new RegExp(`^${glob.replaceAll("?", ".").replaceAll("*", ".*")}$`, "s");
  fc.assert(
    fc.property(letters("ab*?"), letters("ab*?"), (glob, name) => matchesGlob(glob, name) === oracle(glob).test(name)),
    { numRuns: 2000 },
  );
});

test("many stars over a long name end soon", async (t) => {
  t.notOk(matchesGlob(`${"*a".repeat(30)}*b`, "a".repeat(5000)));
});

import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { test } from "tap";
import { quoteWord } from "../../lib/core/quote-word.ts";
import { anyCharacter } from "../support/any-character.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

const cases = [
  { name: "what no shell minds stands as it is", word: "arn:aws:iam::1:user/a+b=c,d.e@f-g_h", want: undefined },
  { name: "zsh takes a first equals sign for a command's path", word: "=ls", want: "'=ls'" },
  { name: "nothing at all is still a word", word: "", want: "''" },
  { name: "a quote ends the quotes and stands by itself", word: "it's", want: "'it'\\''s'" },
  { name: "a substitution is none", word: "$(reboot)", want: "'$(reboot)'" },
  { name: "a line is no command's end", word: "a\nb", want: "'a\nb'" },
] as const;

for (const { name, word, want } of cases) test(name, async (t) => t.equal(quoteWord(word), want ?? word));

test("a shell reads back what was meant, whatever it is", async (t) => {
  const words = [...hostileTexts, ...fc.sample(fc.string({ unit: anyCharacter }), 100)];
  const meant = words.filter((word) => !/[\0\p{Cs}]/u.test(word));
  const line = `for word in ${meant.map(quoteWord).join(" ")}; do printf '%s\\0' "$word"; done`;
  const { stdout } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
  t.strictSame(stdout.split("\0").slice(0, -1), meant);
});

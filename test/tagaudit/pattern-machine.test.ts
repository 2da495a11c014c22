import { test } from "tap";
import { buildMachine } from "../../lib/tagaudit/pattern-machine.ts";
import { buildStates } from "../../lib/tagaudit/pattern-states.ts";
import { readPattern } from "../../lib/tagaudit/pattern-tree.ts";

function machineOf(source: string): (text: string) => boolean {
  const read = readPattern(source);
  if (!read.ok) throw new Error(read.says);
  return buildMachine(buildStates(read.tree));
}

const runs = [
  { source: "ab", takes: ["ab"], refuses: ["", "a", "b", "abb", "xab"] },
  { source: "a|bc|", takes: ["a", "bc", ""], refuses: ["b", "ab", "abc"] },
  { source: "a*", takes: ["", "a", "aaaa"], refuses: ["b", "aab"] },
  { source: "a+", takes: ["a", "aa"], refuses: [""] },
  { source: "a?b", takes: ["b", "ab"], refuses: ["a", "aab"] },
  { source: "a{2}", takes: ["aa"], refuses: ["a", "aaa"] },
  { source: "a{0}", takes: [""], refuses: ["a"] },
  { source: "a{2,}", takes: ["aa", "aaaaa"], refuses: ["a"] },
  { source: "a{2,4}", takes: ["aa", "aaa", "aaaa"], refuses: ["a", "aaaaa"] },
  { source: "(a|b)+c", takes: ["ac", "abbac"], refuses: ["c", "ab"] },
  { source: "(a*)*b", takes: ["b", "aaab"], refuses: ["", "a", "ba"] },
  { source: "^a$", takes: ["a"], refuses: ["", "aa"] },
  { source: "^a|b$", takes: ["a", "b"], refuses: ["ab"] },
  { source: "a^b", takes: [], refuses: ["ab", "a^b"] },
  { source: "a$b", takes: [], refuses: ["ab"] },
  { source: "^$", takes: [""], refuses: ["a"] },
  { source: "$^", takes: [""], refuses: ["a"] },
  { source: ".", takes: ["a", "😀"], refuses: ["", "\n", "ab"] },
] as const;

for (const { source, takes, refuses } of runs) {
  test(`runs ${source}`, async (t) => {
    const takesIt = machineOf(source);
    for (const text of takes) t.ok(takesIt(text), `takes ${JSON.stringify(text)}`);
    for (const text of refuses) t.notOk(takesIt(text), `refuses ${JSON.stringify(text)}`);
  });
}

test("the answer to a text does not depend on those before it, however many", async (t) => {
  const takesIt = machineOf("(a|b)*[^a]");
  const texts = ["aab", "aaa", "", "b", "abc", "cb"];
  const want = texts.map((text) => /^(?:(?:a|b)*[^a])$/u.test(text));
  const answers = () => texts.map(takesIt);
  t.strictSame(answers(), want);
  t.strictSame(answers(), want, "again");
  for (let letter = 0x100; letter < 0x100 + 2_050; letter += 1) takesIt(String.fromCodePoint(letter));
  t.strictSame(answers(), want, "after more letters than are remembered");
});

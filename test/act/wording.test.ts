import { test } from "tap";
import { quote, sayInstant, sayRefusal } from "../../lib/act/wording.ts";

const refusals = [
  {
    name: "an access key id keeps its last five",
    text: 'protected has "AKIAIOSFODNN7EXAMPLE"',
    want: 'protected has "...AMPLE"',
  },
  { name: "a session's id, too", text: "ASIAIOSFODNN7EXAMPLE", want: "...AMPLE" },
  { name: "each of several", text: "AKIAIOSFODNN7EXAMPLE,AKIAI44QH8DHBEXAMPL2", want: "...AMPLE,...AMPL2" },
  { name: "an id inside a word", text: "key/AKIAIOSFODNN7EXAMPLE-1a2b", want: "key/...AMPLE-1a2b" },
  { name: "a glob that names no one key", text: '"AKIA*"', want: '"AKIA*"' },
  { name: "several lines are one", text: "a\nb", want: "a b" },
  { name: "what is endless is cut", text: "x".repeat(2000), want: `${"x".repeat(1000)}...` },
];

for (const { name, text, want } of refusals) test(name, async (t) => t.equal(sayRefusal(text), want));

test("quoted text stays on its line", async (t) => t.equal(quote('a"b\n'), '"a\\"b\\n"'));

const instants = [
  { at: 0, want: "1970-01-01T00:00:00Z" },
  { at: 8.64e15, want: "+275760-09-13T00:0" },
  { at: 8.64e15 + 2, want: "an unknown time" },
  { at: -8.64e15 - 2, want: "an unknown time" },
  { at: Number.NaN, want: "an unknown time" },
  { at: undefined, want: "an unknown time" },
];

for (const { at, want } of instants) test(`says ${at}`, async (t) => t.match(sayInstant(at), want));

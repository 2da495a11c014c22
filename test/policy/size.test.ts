import { test } from "tap";
import { sizeOf, sizeQuotas } from "../../lib/policy/size.ts";

const cases = [
  { name: "no policies", texts: [], want: 0 },
  { name: "white space between things is left out", texts: ['{ "a" :\t[ 1 ,\r\n 2 ] }\n'], want: '{"a":[1,2]}'.length },
  { name: "white space inside a string counts", texts: ['"a  b"'], want: 6 },
  { name: "a string that holds quotes and backslashes", texts: ['"a\\" \\\\" '], want: 8 },
  { name: "D25: an escape counts as it is written, not twice", texts: ['"\\u00fc"', '"\u00fc"'], want: 11 },
  { name: "a character beyond 16 bits is one", texts: ['"\u{1f511}"'], want: 3 },
  { name: "D25: several policies count together, their names not", texts: ["{}", " { } "], want: 4 },
];

for (const { name, texts, want } of cases)
  test(name, async (t) => {
    t.equal(sizeOf(texts), want);
  });

test("the quota of a role is over all its policies", async (t) => {
  t.strictSame(sizeQuotas, { user: 2048, group: 5120, role: 10240, managed: 6144 });
});

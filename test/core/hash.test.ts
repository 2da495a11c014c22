import { test } from "tap";
import { hashText } from "../../lib/core/hash.ts";

/** Published values of FNV-1a, 32 bits (RFC 9923, test vectors). */
const cases = [
  { text: "", want: 0x811c9dc5 },
  { text: "a", want: 0xe40c292c },
  { text: "foobar", want: 0xbf9cf968 },
];

for (const { text, want } of cases) test(`"${text}"`, async (t) => t.equal(hashText(text), want));

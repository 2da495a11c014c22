import { test } from "tap";
import { judgeKeys } from "../../lib/tagaudit/tag-keys.ts";

const cases = [
  { name: "keys as they should be", keys: ["owner", "Cost Center", "a".repeat(128)], want: [] },
  { name: "no keys", keys: [], want: [] },
  { name: "nothing", keys: ["a", ""], want: [[1, "a tag without a key"]] },
  { name: "a blank", keys: [" "], want: [[0, "a tag without a key"]] },
  { name: "blanks around", keys: ["owner "], want: [[0, "blanks around a tag's key"]] },
  { name: "too long", keys: ["a".repeat(129)], want: [[0, "longer than a tag's key may be, which is 128 characters"]] },
  {
    name: "AWS's own",
    keys: ["aws:x", "AWS:y", "awsx"],
    want: [
      [0, "only AWS sets tags that begin with aws:"],
      [1, "only AWS sets tags that begin with aws:"],
    ],
  },
  {
    name: "the same again, in any letter case",
    keys: ["owner", "project", "Owner"],
    want: [[2, "the same tag again"]],
  },
] as const;

for (const { name, keys, want } of cases)
  test(name, async (t) =>
    t.strictSame(
      judgeKeys(keys).map(({ index, says }) => [index, says]),
      want,
    ),
  );

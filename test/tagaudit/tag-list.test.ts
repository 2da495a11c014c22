import { test } from "tap";
import { parseTagList } from "../../lib/tagaudit/tag-list.ts";

const cases = [
  {
    name: "the original's example",
    tags: ["created_by", "department", "project"],
    confirm: false,
    text: "created_by,department,project",
    rules: [
      ["created_by", true, undefined],
      ["department", true, undefined],
      ["project", true, undefined],
    ],
  },
  {
    name: "confirm looks created_by up",
    tags: ["Created_By", "project"],
    confirm: true,
    text: "Created_By,project",
    rules: [
      ["Created_By", true, "iam-user"],
      ["project", true, undefined],
    ],
  },
  {
    name: "confirm looks created_by up where it is, even if no instance must have it",
    tags: ["project"],
    confirm: true,
    text: "project",
    rules: [
      ["project", true, undefined],
      ["created_by", false, "iam-user"],
    ],
  },
] as const;

for (const { name, tags, confirm, text, rules } of cases) {
  test(name, async (t) => {
    const parsed = parseTagList(tags, confirm);
    if (!parsed.ok) return t.fail("refused");
    t.equal(parsed.scheme.text, text);
    t.equal(parsed.scheme.keyCase, "lower", "as the original");
    t.strictSame(
      parsed.scheme.rules.map(({ tag, required, value }) => [tag, required, value?.kind]),
      rules,
    );
    t.strictSame(parsed.notes, []);
  });
}

test("all problems at once, by their place in the list", async (t) =>
  t.strictSame(parseTagList(["owner", "", "owner"], true), {
    ok: false,
    wrong: [
      { path: [1], says: "a tag without a key" },
      { path: [2], says: "the same tag again" },
    ],
  }));

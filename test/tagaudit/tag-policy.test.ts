import { test } from "tap";
import { parseTagPolicy } from "../../lib/tagaudit/tag-policy.ts";

const documented = {
  tags: {
    costcenter: {
      tag_key: { "@@assign": "CostCenter" },
      tag_value: { "@@assign": ["100", "200", "300*"] },
      enforced_for: { "@@assign": ["secretsmanager:ALL_SUPPORTED"] },
    },
  },
};

const required = (...resources: string[]) => ({ report_required_tag_for: { "@@assign": resources } });

const right = [
  {
    name: "the documented example",
    policy: documented,
    rules: [["CostCenter", false, ["100", "200", "300*"]]],
    notes: [
      'tag "CostCenter": enforced_for is ignored, what is enforced is not what is judged',
      "it requires no tag: tags are judged where they are",
    ],
  },
  {
    name: "an effective policy",
    policy: { tags: { costcenter: { tag_key: "CostCenter", tag_value: ["100"], ...required("ec2:instance") } } },
    rules: [["CostCenter", true, ["100"]]],
    notes: [],
  },
  {
    name: "a key without a letter case is in lower case",
    policy: { tags: { CostCenter: { tag_value: { "@@assign": ["1"] }, ...required("ec2:ALL_SUPPORTED") } } },
    rules: [["costcenter", true, ["1"]]],
    notes: [],
  },
  {
    name: "required of every kind of resource",
    policy: { tags: { a: { tag_value: "1", ...required("s3:bucket", "ec2:*") } } },
    rules: [["a", true, ["1"]]],
    notes: [],
  },
  {
    name: "required of other resources",
    policy: { tags: { a: { tag_value: "1", ...required("s3:bucket", "ec2:volume") } } },
    rules: [["a", false, ["1"]]],
    notes: ["it requires no tag: tags are judged where they are"],
  },
  {
    name: "a tag of any value",
    policy: { tags: { Owner: { tag_key: { "@@assign": "owner" }, ...required("ec2:instance") } } },
    rules: [["owner", true, undefined]],
    notes: ['tag "owner": any value will do, but for an empty one'],
  },
  {
    name: "a value with a question mark",
    policy: { tags: { a: { tag_value: ["why?"], ...required("ec2:instance") } } },
    rules: [["a", true, ["why?"]]],
    notes: ['tag "a": ? in a value stands for any one character'],
  },
  {
    name: "what child policies may do is passed over at every height",
    policy: {
      tags: {
        "@@operators_allowed_for_child_policies": ["@@none"],
        a: { "@@operators_allowed_for_child_policies": ["@@assign"], tag_value: ["1"], ...required("ec2:instance") },
      },
    },
    rules: [["a", true, ["1"]]],
    notes: [],
  },
] as const;

for (const { name, policy, rules, notes } of right) {
  test(name, async (t) => {
    const parsed = parseTagPolicy(policy);
    if (!parsed.ok) return t.strictSame(parsed.wrong, []);
    t.equal(parsed.scheme.keyCase, "exact");
    t.strictSame(
      parsed.scheme.rules.map(({ tag, required: isRequired, value }) => [
        tag,
        isRequired,
        value?.kind === "allowed" ? value.values : undefined,
      ]),
      rules,
    );
    t.strictSame(parsed.notes, notes);
  });
}

test("all tags are required where that is asked for", async (t) => {
  const parsed = parseTagPolicy(documented, { requireAll: true });
  t.match(parsed, { ok: true, scheme: { text: "CostCenter", rules: [{ required: true }] } });
  t.notMatch(parsed, { notes: [/^it requires no tag/] });
});

const noPolicy = "  not a tag policy: it has no map of tags";

const wrong = [
  { name: "nothing", policy: undefined, want: [noPolicy] },
  { name: "a list", policy: [documented], want: [noPolicy] },
  { name: "a scheme of our own, by its list", policy: { tags: ["a"] }, want: [noPolicy] },
  { name: "another policy type", policy: { services: {} }, want: [noPolicy] },
  { name: "no tags", policy: { tags: {} }, want: ["tags  no tag named"] },
  { name: "more than tags", policy: { ...documented, backup: {} }, want: ["backup  no part of a tag policy"] },
  { name: "a tag that is no map", policy: { tags: { a: "b" } }, want: ["tags.a  not a map"] },
  {
    name: "an unknown setting",
    policy: { tags: { a: { tag_values: [] } } },
    want: ["tags.a.tag_values  no setting of a tag policy"],
  },
  {
    name: "a key of another name",
    policy: { tags: { a: { tag_key: { "@@assign": "b" } } } },
    want: ['tags.a.tag_key  not the key "a" in any letter case'],
  },
  {
    name: "two keys",
    policy: { tags: { a: { tag_key: ["a", "A"] } } },
    want: ['tags.a.tag_key  not the key "a" in any letter case'],
  },
  {
    name: "an unknown operator",
    policy: { tags: { a: { tag_value: { "@@set": ["1"] } } } },
    want: ["tags.a.tag_value.@@set  no operator of a tag policy"],
  },
  { name: "one tag twice", policy: { tags: { a: {}, A: {} } }, want: ["tags.A  the same tag again"] },
  {
    name: "all at once",
    policy: { tags: { a: 1, b: { x: 1 } } },
    want: ["tags.a  not a map", "tags.b.x  no setting of a tag policy"],
  },
] as const;

for (const { name, policy, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const parsed = parseTagPolicy(policy);
    t.strictSame(parsed.ok ? [] : parsed.wrong.map(({ path, says }) => `${path.map(String).join(".")}  ${says}`), want);
  });
}

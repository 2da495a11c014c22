import { test } from "tap";
import { judgeTag } from "../../lib/tagaudit/judge-tag.ts";
import type { RuleDraft } from "../../lib/tagaudit/make-scheme.ts";
import { makeScheme } from "../../lib/tagaudit/make-scheme.ts";
import { aPattern } from "../support/tagaudit-records.ts";

interface Case {
  readonly name: string;
  readonly rule?: Partial<RuleDraft>;
  readonly others?: readonly RuleDraft[];
  readonly keyCase?: "lower" | "exact";
  readonly tags: Readonly<Record<string, string>>;
  readonly want: readonly [kind: string, says: string, suggestion?: string] | undefined;
}

const missing = ["missing", 'tag "owner" is missing'] as const;
const near = (key: string) =>
  ["near_miss", `tag "owner" is missing; "${key}" is near it`, `rename "${key}" to "owner"`] as const;
const allowed = { kind: "allowed", values: ["ada", "grace"] } as const;
const exact = "exact";
const optional = { required: false };

const cases: readonly Case[] = [
  { name: "any value will do", tags: { owner: "x" }, want: undefined },
  { name: "in another letter case, as the original", tags: { OWNER: "x" }, want: undefined },
  { name: "no tag", tags: {}, want: missing },
  { name: "a tag of another name", tags: { project: "x" }, want: missing },
  { name: "an empty value", tags: { owner: "" }, want: ["empty", 'tag "owner" is empty'] },
  { name: "a blank value", tags: { owner: " \t" }, want: ["empty", 'tag "owner" is empty'] },
  { name: "a near miss never passes", tags: { ownr: "x" }, want: near("ownr") },
  { name: "one of AWS's own keys is no near miss", tags: { "aws:owner": "x" }, want: missing },
  {
    name: "a key with a rule of its own is no near miss",
    others: [{ tag: "owners" }],
    tags: { Owners: "x" },
    want: missing,
  },
  { name: "exactly: another letter case is a near miss", keyCase: exact, tags: { Owner: "x" }, want: near("Owner") },
  {
    name: "exactly: a key with a rule of its own is known by its letter case",
    ...{ keyCase: exact, others: [{ tag: "owners" }], tags: { owners: "x", Owners: "x" }, want: near("Owners") },
  },
  { name: "optional: no tag", rule: optional, tags: {}, want: undefined },
  { name: "optional: a near miss", rule: optional, tags: { ownr: "x" }, want: undefined },
  { name: "optional: an empty value", rule: optional, tags: { owner: "" }, want: ["empty", 'tag "owner" is empty'] },
  {
    name: "optional: another letter case",
    rule: optional,
    keyCase: exact,
    tags: { ownr: "x", Owner: "x" },
    want: near("Owner"),
  },
  { name: "a value that is allowed", rule: { value: allowed }, tags: { owner: "grace" }, want: undefined },
  {
    name: "a value that is not, and what was meant",
    ...{ rule: { value: allowed }, tags: { owner: "Grase" } },
    want: ["invalid", 'tag "owner" is "Grase", not one of ada, grace', 'set "owner" to "grace"'],
  },
  {
    name: "a value that is not, and nothing like it",
    ...{ rule: { value: { kind: "regex", pattern: aPattern("\\d+") } }, tags: { owner: "ten" } },
    want: ["invalid", 'tag "owner" is "ten", not matched by \\d+'],
  },
  {
    name: "an optional tag's value is judged where it is",
    ...{ rule: { required: false, value: { kind: "date" } }, tags: { owner: "soon" } },
    want: ["invalid", 'tag "owner" is "soon", not a date such as 2026-12-31'],
  },
  {
    name: "of two spellings one that is right is enough",
    rule: { value: allowed },
    tags: { owner: "x", Owner: "ada" },
    want: undefined,
  },
  { name: "of two spellings an empty one says nothing", tags: { owner: "", Owner: "ada" }, want: undefined },
  {
    name: "of two spellings neither right, its own is told of",
    ...{ rule: { value: { kind: "date" } }, tags: { Owner: "y", owner: "x" } },
    want: ["invalid", 'tag "owner" is "x", not a date such as 2026-12-31'],
  },
  {
    name: "of two spellings the one with a value is told of",
    ...{ rule: { value: { kind: "date" } }, tags: { Owner: "y", owner: "" } },
    want: ["invalid", 'tag "owner" is "y", not a date such as 2026-12-31'],
  },
  {
    name: "what a tag says is quoted and cut",
    ...{ rule: { value: { kind: "date" } }, tags: { owner: `"\n${"x".repeat(300)}` } },
    want: ["invalid", `tag "owner" is "\\"\\n${"x".repeat(78)}...", not a date such as 2026-12-31`],
  },
];

for (const { name, rule = {}, others = [], keyCase = "lower", tags, want } of cases) {
  test(name, async (t) => {
    const scheme = makeScheme({ rules: [{ tag: "owner", ...rule }, ...others], keyCase });
    const [first] = scheme.rules;
    if (first === undefined) throw new Error("no rule");
    const fault = judgeTag(first, new Map(Object.entries(tags)), { scheme, people: { users: undefined } });
    const [kind, says, suggestion] = want ?? [];
    t.strictSame(fault, want && { kind, says, suggestion });
  });
}

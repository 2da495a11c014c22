import fc from "fast-check";
import { test } from "tap";
import { readCatalogue } from "../../lib/policy/catalogue.ts";
import { expand } from "../../lib/policy/expand.ts";
import { type MinimisePoliciesOptions, minimisePolicies } from "../../lib/policy/minimise-policies.ts";
import { parsePolicy } from "../../lib/policy/parse-policy.ts";
import { includedInPatterns } from "../../lib/policy/pattern.ts";
import type { Policy } from "../../lib/policy/policy.ts";
import { sizeOf } from "../../lib/policy/size.ts";

const catalogue = readCatalogue({
  ...{ source: "test", date: "2026-01-01" },
  services: {
    a: { Read: "GetAll GetOne GetOther GetTwo", Write: "Put PutOne" },
    ab: { List: "List", Write: "DeleteOne" },
  },
});

const read = (text: string, name = "test"): Policy => {
  const parsed = parsePolicy(text, name);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
};

const write = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const allow = (Action: string | readonly string[], more: object = {}) => ({
  ...{ ...more, Effect: "Allow", Action, Resource: "*" },
});

interface Row {
  readonly name: string;
  readonly has: string | readonly string[];
  readonly options?: MinimisePoliciesOptions;
  readonly want: string | readonly string[];
}

const explicit = ["a:GetAll", "a:GetOne", "a:GetOther", "a:GetTwo"];

const rows: readonly Row[] = [
  { name: "what another pattern matches goes", has: ["a:GetOne", "a:Get*", "a:Put"], want: ["a:Get*", "a:Put"] },
  { name: "a pattern written twice stands once, in its first spelling", has: ["a:Put", "A:PUT"], want: ["a:Put"] },
  { name: "a name stays a name", has: explicit, want: explicit },
  { name: "a string stays a string", has: "a:Get*", want: "a:Get*" },
  {
    name: "what is not known stays, unless a pattern matches it",
    has: ["a:Get*", "a:GetX", "b:X"],
    want: ["a:Get*", "b:X"],
  },
  { name: "names become patterns inside the given ones", has: explicit, options: { within: ["a:*"] }, want: ["a:G*"] },
  {
    name: "and only inside these",
    ...{
      has: [...explicit, "a:Put"],
      options: { within: ["a:GetO*"] },
      want: ["a:GetAll", "a:GetO*", "a:GetTwo", "a:Put"],
    },
  },
  {
    name: "a pattern of which a statement has all is written as it is given",
    ...{ has: [...explicit, "a:Put", "a:PutOne"], options: { within: ["a:*", "ab:*"] }, want: ["a:*"] },
  },
  {
    name: "a wildcard stays, and its future actions with it",
    ...{ has: ["a:*One", "a:GetAll"], options: { within: ["a:*"] }, want: ["a:*One", "a:GetA*"] },
  },
  {
    name: "but for one inside a pattern that was made",
    ...{ has: ["a:GetO*", "a:GetAll", "a:GetTwo"], options: { within: ["a:*"] }, want: ["a:G*"] },
  },
  {
    name: "a name that is not known is lost to no pattern",
    ...{ has: ["a:New", ...explicit], options: { within: ["a:*"] }, want: ["a:New", "a:G*"] },
  },
  {
    name: "what would get longer stays",
    ...{ has: ["a:Put"], options: { within: ["a:P*"] }, want: ["a:Put"] },
  },
];

for (const { name, has, options, want } of rows)
  test(name, async (t) => {
    const { policies } = minimisePolicies([read(write(allow(has)))], { catalogue, ...options });
    t.strictSame(
      policies.map(({ text }) => JSON.parse(text).Statement[0].Action),
      [want],
    );
  });

test("statements that are not for it keep every byte", async (t) => {
  const twice = ["a:Put", "a:Put"];
  const statements = [
    { Effect: "Deny", Action: twice, Resource: "*" },
    { Effect: "Allow", NotAction: twice, Resource: "*" },
    { Effect: "Allow", Action: twice, NotResource: "*" },
    allow(twice, { Sid: "NOREPOthis" }),
  ];
  const text = write(...statements).replaceAll(",", " ,\n");
  t.strictSame(minimisePolicies([read(text)], { catalogue }), { policies: [{ name: "test", text }], changes: [] });
  const { changes } = minimisePolicies([read(text)], { catalogue, immutableSid: "KEEP" });
  t.strictSame(changes, [{ policy: "test", index: 3, sid: "NOREPOthis", dropped: ["a:Put"], added: [] }]);
});

test("what changes is told by policy and statement, and the rest of its text is not touched", async (t) => {
  const text = write(allow("a:Put"), allow(["a:PutOne", "a:P*"], { Sid: "Two" }), allow("ab:List"));
  const other = `${write(allow("a:*"))}\r\n`;
  const changes = [{ policy: "one", index: 1, sid: "Two", dropped: ["a:PutOne"], added: [] }];
  t.strictSame(minimisePolicies([read(text, "one"), read(other, "two")], { catalogue }), {
    policies: [
      { name: "one", text: text.replace('"a:PutOne",', "") },
      { name: "two", text: other },
    ],
    changes,
  });
});

test("the built-in catalogue is the one that counts where none is given", async (t) => {
  const policy = read(write(allow(["sqs:SendMessage", "sqs:Send*"])));
  const [minimised] = minimisePolicies([policy]).policies;
  t.equal(minimised?.text, write(allow(["sqs:Send*"])));
});

const part = fc.constantFrom(
  "*",
  "Get*",
  "Get?*",
  "G*One",
  "GetOne",
  "getone",
  "GetAll",
  "GetOther",
  "Put",
  "P*",
  "New",
);
const pattern = fc
  .tuple(fc.constantFrom("a", "ab", "a*", "c"), part)
  .map(([service, action]) => `${service}:${action}`);

test("the same actions are named as before, all that patterns match is still matched, and no text gets longer", async (t) => {
  const lists = fc.array(pattern, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(lists, fc.array(pattern, { maxLength: 2 }), (patterns, within) => {
      const policy = read(write(allow(patterns)));
      const [{ text } = policy] = minimisePolicies([policy], { catalogue, within }).policies;
      const now: readonly string[] = JSON.parse(text).Statement[0].Action;
      const actions = (list: readonly string[]) => expand(list, { catalogue }).filter((name) => !isUnknown(name));
      const [isStill, isAllowed] = [includedInPatterns(now), includedInPatterns([...patterns, ...within])];
      const isSame = actions(now).join() === actions(patterns).join();
      const isWithin =
        patterns.every((one) => isStill(one) === "inside") && now.every((one) => isAllowed(one) === "inside");
      return isSame && isWithin && sizeOf([text]) <= sizeOf([policy.text]);
    }),
  );
  t.end();
});

const isUnknown = (name: string): boolean =>
  !catalogue.services.some((service) => catalogue.actionsOf(service).some((action) => action.name === name));

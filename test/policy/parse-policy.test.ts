import fc from "fast-check";
import { test } from "tap";
import { parsePolicy } from "../../lib/policy/parse-policy.ts";
import { textAt } from "../../lib/policy/policy.ts";
import { formatProblem } from "../../lib/policy/problem.ts";
import { policyFrom } from "../support/policies.ts";
import { documentArb, mutatedArb } from "../support/policy-documents.ts";

const saysOf = (text: string): readonly string[] => {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
};

const statement = '{"Effect":"Allow","Action":"*","Resource":"*"}';
const within = (members: string): string => `{"Version":"2012-10-17","Statement":[${members}]}`;

const bad = [
  { name: "no object", text: "[]", want: ["line 1, column 1: a policy is an object with Version and Statement"] },
  {
    name: "missing Version",
    text: `{"Statement":${statement}}`,
    want: ["line 1, column 1: Version is missing: AWS would read this by the rules of 2008-10-17"],
  },
  {
    name: "another Version",
    text: `{\n "Version": "2012-10-18", "Statement": ${statement}}`,
    want: ['line 2, column 13: Version is "2012-10-18": it must be "2012-10-17" or "2008-10-17"'],
  },
  {
    name: "a Version that is a number",
    text: `{"Version":2012,"Statement":${statement}}`,
    want: ['line 1, column 12: Version is 2012: it must be "2012-10-17" or "2008-10-17"'],
  },
  { name: "no Statement", text: '{"Version":"2012-10-17"}', want: ["line 1, column 1: Statement is missing"] },
  {
    name: "empty Statement",
    text: within(""),
    want: ["line 1, column 37: Statement is empty: a policy has at least one"],
  },
  { name: "a statement that is none", text: within("1"), want: ["line 1, column 38: a statement is an object"] },
  {
    name: "unknown Effect",
    text: within('{"Effect":"Permit","Action":"*","Resource":"*"}'),
    want: ['line 1, column 48: Effect is "Permit": it must be Allow or Deny'],
  },
  {
    name: "Action and NotAction together, below one that is good",
    text: within(`${statement},\r\n{"Effect":"Allow","Action":"*","NotAction":"a:b","Resource":"*"}`),
    want: ["line 2, column 32: NotAction beside Action: a statement has only one"],
  },
  {
    name: "each fault of each statement",
    text: within('{"Action":"*","Resource":"*"},\n{"Effect":"Deny","Resource":"*"}'),
    want: [
      "line 1, column 38: Effect is missing: it must be Allow or Deny",
      "line 2, column 1: Action or NotAction is missing",
    ],
  },
  {
    name: "an element that there is not",
    text: `{"Version":"2012-10-17","statement":[],"Statement":${statement}}`,
    want: ['line 1, column 25: "statement" is no element: write Statement'],
  },
  { name: "not JSON", text: "Version: 2012-10-17", want: ["line 1, column 1: is not JSON: invalid symbol"] },
  {
    name: "cut off",
    text: within(statement).slice(0, -2),
    want: ["line 1, column 84: is not JSON: close bracket expected"],
  },
  { name: "a comma too many", text: within(`${statement},`), want: ["line 1, column 85: is not JSON: value expected"] },
  {
    name: "a key twice",
    text: within('{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}'),
    want: ['line 1, column 55: "Effect" is written twice'],
  },
  {
    name: "a key twice inside of Condition",
    text: within(`${statement.slice(0, -1)},"Condition":{"Bool":{"a":"b"},\n"Bool":{"a":"c"}}}`),
    want: ['line 2, column 1: "Bool" is written twice'],
  },
  {
    name: "a byte order mark",
    text: `\ufeff${within(statement)}`,
    want: ["line 1, column 1: begins with a byte order mark, which is no JSON: save it without one"],
  },
  {
    name: "a key of JavaScript's own",
    text: `{"Version":"2012-10-17","__proto__":{"Statement":${statement}}}`,
    want: [
      'line 1, column 25: "__proto__" is no element: there are Version, Id, Statement',
      "line 1, column 1: Statement is missing",
    ],
  },
  {
    name: "too deep",
    text: within("[".repeat(100_000)),
    want: ["line 1, column 100: is nested more than 64 levels deep"],
  },
  {
    name: "too deep behind a string without an end",
    text: `{"Version":"2012-10-17\n${"[".repeat(100_000)}`,
    want: ["line 2, column 64: is nested more than 64 levels deep"],
  },
];

for (const { name, text, want } of bad)
  test(`malformed: ${name}`, async (t) => {
    t.strictSame(saysOf(text), want);
  });

test("the policy keeps its text, name and places", async (t) => {
  const text = `\t${within(`${statement} , ${statement}`)}\n`;
  const policy = policyFrom(text, "mine");
  t.match(policy, { name: "mine", text, version: "2012-10-17" });
  t.strictSame(
    policy.statements.map(({ index, policy: of, at }) => [index, of, textAt(text, at)]),
    [
      [0, "mine", statement],
      [1, "mine", statement],
    ],
  );
});

test("a statement alone, and the version of 2008", async (t) => {
  const policy = policyFrom(`{"Statement":${statement},"Id":"x","Version":"2008-10-17"}`);
  t.match(policy, { name: "policy", version: "2008-10-17" });
  t.strictSame(
    policy.statements.map(({ at }) => textAt(policy.text, at)),
    [statement],
  );
});

test("well-formed policies are read as JSON.parse reads them, however they are written", async () => {
  fc.assert(
    fc.property(documentArb, (text) => isSame(text, policyFrom(text).statements)),
    { numRuns: 200 },
  );
});

test("whatever the text, it is read as it is or has a fault, with a place inside of it", async () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: mutatedArb }, { weight: 1, arbitrary: fc.json() }), (text) => {
      const parsed = parsePolicy(text);
      if (parsed.ok) return isSame(text, parsed.policy.statements);
      const lines = text.split(/\r\n|\r|\n/);
      return (
        parsed.problems.length > 0 &&
        parsed.problems.every(
          ({ line, column, says }) => column >= 1 && column <= (lines[line - 1] ?? "").length + 1 && says !== "",
        )
      );
    }),
    { numRuns: 800 },
  );
});

function isSame(
  text: string,
  statements: readonly { readonly element: string; readonly patterns: readonly string[] }[],
): boolean {
  const all = [JSON.parse(text).Statement].flat();
  return (
    all.length === statements.length &&
    statements.every(({ element, patterns }, at) => [all[at][element]].flat().join() === patterns.join())
  );
}

test("five thousand faults on as many lines are told soon", async (t) => {
  const started = performance.now();
  t.equal(saysOf(within(`${"1,\n".repeat(5000)}1`)).length, 5001);
  t.ok(performance.now() - started < 300);
});

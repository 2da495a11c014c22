import fc from "fast-check";
import { patternArb } from "./policies.ts";

const sids = ["", "One", "One", "NOREPO", "NOREPOKeep", "norepo", "Sch\u00f6n\u00ff", '"\\'];
const resources = ["*", "", `arn:aws:s3:::b\u00fccher/\${aws:username}/*`, 'a "b" \\ c', "{[}]"];
const conditions = [
  { StringEquals: { "aws:RequestedRegion": ["eu-west-1", ""] } },
  { Bool: { "aws:SecureTransport": "true" }, StringLike: { "s3:prefix": "\u00e9*" } },
  {},
];

const strings = (from: fc.Arbitrary<string>, maxLength: number) =>
  fc
    .tuple(fc.array(from, { minLength: 1, maxLength }), fc.boolean())
    .map(([list, isString]) => (isString && list.length === 1 ? list[0] : list));

const statementArb = fc
  .record({
    sid: fc.option(fc.constantFrom(...sids), { nil: undefined }),
    effect: fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
    element: fc.constantFrom("Action", "Action", "Action", "NotAction"),
    patterns: strings(patternArb, 4),
    target: fc.constantFrom("Resource", "Resource", "Resource", "NotResource"),
    resources: strings(fc.constantFrom(...resources), 2),
    condition: fc.option(fc.constantFrom(...conditions), { nil: undefined, freq: 2 }),
    isReversed: fc.boolean(),
  })
  .map(({ sid, effect, element, patterns, target, resources, condition, isReversed }) => {
    const members = [
      ...(sid === undefined ? [] : [["Sid", sid]]),
      ...[["Effect", effect] as const, [element, patterns] as const, [target, resources] as const],
      ...(condition === undefined ? [] : [["Condition", condition]]),
    ];
    return Object.fromEntries(isReversed ? members.reverse() : members);
  });

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

type Write = (value: unknown) => string;

const styles: readonly Write[] = [
  (value) => JSON.stringify(value),
  (value) => `\n${JSON.stringify(value, undefined, 2)}\n`,
  (value) => JSON.stringify(value, undefined, "\t"),
  (value) => JSON.stringify(value, undefined, 4).replaceAll("\n", "\r\n"),
  (value) => JSON.stringify(value, undefined, 1).replace(/\n */g, " "),
  (value) => JSON.stringify(value).replace(/[\u0080-\u00ff]/g, escaped),
  (value) => JSON.stringify(value, undefined, 2).replace(/Get|Action|Sid/g, (word) => escaped(word) + word.slice(1)),
  (value) => JSON.stringify(value).replaceAll(":*", ":\\u002a").replaceAll("/", "\\/"),
];

const statementsArb = fc.oneof(
  { weight: 4, arbitrary: fc.array(statementArb, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.array(statementArb, { minLength: 3, maxLength: 5 }) },
);

/** Texts of well-formed policies, in all the ways to write them. */
export const documentArb: fc.Arbitrary<string> = fc
  .record({
    statements: statementsArb,
    write: fc.constantFrom(...styles),
    isAlone: fc.boolean(),
    version: fc.constantFrom("2012-10-17", "2012-10-17", "2008-10-17"),
    order: fc.constantFrom("Version first", "Version last", "with Id"),
  })
  .map(({ statements, write, isAlone, version, order }) => {
    const Statement = isAlone && statements.length === 1 ? statements[0] : statements;
    if (order === "Version last") return write({ Statement, Version: version });
    return write({ Version: version, ...(order === "with Id" ? { Id: "an id" } : {}), Statement });
  });

const mutationArb = fc.record({
  at: fc.nat(2000),
  length: fc.nat(6),
  text: fc.constantFrom(
    ...'{}[]":,\\*?\n\r\t\0 aA0-/',
    "\ufeff",
    "\u2028",
    "\ud800",
    "Action",
    "NotAction",
    '"":',
    "//",
    "/*",
  ),
  kind: fc.constantFrom("delete", "repeat", "replace", "insert"),
});

/** Texts that were policies once. */
export const mutatedArb: fc.Arbitrary<string> = fc
  .tuple(documentArb, fc.array(mutationArb, { minLength: 1, maxLength: 3 }))
  .map(([document, mutations]) =>
    mutations.reduce((text, { at: wish, length, text: inserted, kind }) => {
      const at = wish % (text.length + 1);
      const [before, touched, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
      if (kind === "delete") return before + after;
      if (kind === "repeat") return before + touched + touched + after;
      return before + inserted + (kind === "replace" ? after : touched + after);
    }, document),
  );

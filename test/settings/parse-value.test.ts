import { test } from "tap";
import * as z from "zod/mini";
import type { Kind } from "../../lib/settings/kind.ts";
import { date, duration, integer, list, structured, text } from "../../lib/settings/kinds.ts";
import { parseValue, quoteValue, showValue, type Wrong } from "../../lib/settings/parse-value.ts";

const exemption = z.strictObject({
  door: z.string(),
  until: z.exactOptional(date().schema),
  level: z.exactOptional(z.enum(["low", "high"])),
  times: z.exactOptional(z.int()),
  days: z.exactOptional(z.array(z.number())),
  open: z.exactOptional(z.boolean()),
  mail: z.exactOptional(z.email()),
  when: z.exactOptional(z.date()),
});
const exemptions = structured(() => z.array(exemption), "a list of exemptions");
const oneOf = structured(
  () =>
    z.union(
      [
        z.strictObject({ profile: z.string(), name: z.exactOptional(z.string()) }),
        z.strictObject({ role: text({ pattern: /^arn:/, expects: "an ARN" }).schema }),
      ],
      { error: "a map with profile or role" },
    ),
  "an account",
);
const odd = structured(
  () =>
    z.pipe(
      z.transform((): unknown => ({ deep: { down: 1 } })),
      z.object({ deep: z.object({ down: z.string() }) }),
    ),
  "nothing that was written",
);

interface Case {
  readonly name: string;
  readonly kind: Kind<unknown>;
  readonly raw: unknown;
  readonly secret?: boolean;
  readonly want: readonly Wrong[];
}

const cases: readonly Case[] = [
  {
    name: "a wrong value is quoted",
    kind: integer({ min: 1 }),
    raw: "x",
    want: [at([], '"x" is not a whole number of at least 1')],
  },
  {
    name: "so is a wrong number",
    kind: integer({ min: 1 }),
    raw: 0,
    want: [at([], '"0" is not a whole number of at least 1')],
  },
  {
    name: "a value that breaks several rules is refused once",
    kind: integer({ min: 1 }),
    raw: -1e99,
    want: [at([], '"-1e+99" is not a whole number of at least 1')],
  },
  {
    name: "the text is quoted, not what was read into it",
    kind: duration({ min: "1d" }),
    raw: "1h",
    want: [at([], '"1h" is not a duration of at least 1d, such as 90d, 36h or 15m')],
  },
  {
    name: "a secret is not shown",
    kind: text({ pattern: /^t-/, expects: "a token" }),
    raw: "hunter2",
    secret: true,
    want: [at([], "[redacted] is not a token")],
  },
  {
    name: "null is no value",
    kind: text(),
    raw: null,
    want: [at([], "no value given, expected a text that is not blank")],
  },
  { name: "a map is not quoted", kind: text(), raw: {}, want: [at([], "not a text that is not blank")] },
  {
    name: "each wrong item of a text is named",
    kind: list(integer({ min: 1 })),
    raw: "1, 0, x",
    want: [at([1], '"0" is not a whole number of at least 1'), at([2], '"x" is not a whole number of at least 1')],
  },
  {
    name: "a number that is a list of one",
    kind: list(integer({ min: 1 })),
    raw: 0,
    want: [at([0], '"0" is not a whole number of at least 1')],
  },
  {
    name: "each wrong item of a list is named",
    kind: list(integer({ min: 1 })),
    raw: [1, 0, [2]],
    want: [at([1], '"0" is not a whole number of at least 1'), at([2], "not a whole number of at least 1")],
  },
  {
    name: "a map in place of a list",
    kind: list(integer({ min: 1 })),
    raw: {},
    want: [at([], "not a list, each item a whole number of at least 1")],
  },
  {
    name: "everything wrong inside a structure is named",
    kind: exemptions,
    raw: [{ door: "a" }, { until: "soon", open: "maybe", level: "mid", times: 1.5, days: {}, note: 1, nota: 2 }],
    want: [
      at([1, "door"], "no value given, expected a text"),
      at([1, "until"], '"soon" is not a date such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z'),
      at([1, "level"], '"mid" is not one of low, high'),
      at([1, "times"], '"1.5" is not a whole number'),
      at([1, "days"], "not a list"),
      at([1, "open"], '"maybe" is not true or false'),
      at([1, "note"], "no such key"),
      at([1, "nota"], "no such key"),
    ],
  },
  {
    name: "rules without words of their own",
    kind: exemptions,
    raw: ["a", { door: "a", mail: "b", days: ["c"], when: "d" }],
    want: [
      at([0], '"a" is not a map'),
      at([1, "days", 0], '"c" is not a number'),
      at([1, "mail"], '"b" is not as it should be'),
      at([1, "when"], '"d" is not date'),
    ],
  },
  {
    name: "of several shapes the one that fits best tells what is wrong",
    kind: oneOf,
    raw: { role: "x" },
    want: [at(["role"], '"x" is not an ARN')],
  },
  {
    name: "of several shapes that fit equally badly none is preferred",
    kind: oneOf,
    raw: { rule: "x" },
    want: [at([], "not a map with profile or role")],
  },
  { name: "no shape at all", kind: oneOf, raw: 1, want: [at([], '"1" is not a map with profile or role')] },
  {
    name: "a path that the given value has not",
    kind: odd,
    raw: null,
    want: [at(["deep", "down"], "no value given, expected a text")],
  },
];

function at(path: Wrong["path"], says: string): Wrong {
  return { path, says };
}

for (const { name, kind, raw, secret, want } of cases)
  test(name, async (t) => t.strictSame(parseValue(kind, raw, secret), { ok: false, wrong: want }));

test("a right value is parsed", async (t) => t.strictSame(parseValue(duration(), "1s"), { ok: true, value: 1000 }));

const quoted = [
  { name: "quotes inside are escaped", value: 'a"b', want: '"a\\"b"' },
  { name: "a line break stays on the line", value: "a\nb", want: '"a\\nb"' },
  { name: "80 letters are shown", value: "x".repeat(80), want: `"${"x".repeat(80)}"` },
  { name: "81 letters are cut", value: "x".repeat(81), want: `"${"x".repeat(80)}..."` },
  { name: "a list is joined", value: ["a", "b"], want: '"a,b"' },
] as const;

for (const { name, value, want } of quoted) test(name, async (t) => t.equal(quoteValue(value), want));

test("a value that is no secret is shown", async (t) => t.equal(showValue("a", undefined), '"a"'));
test("a secret is redacted", async (t) => t.equal(showValue("a", true), "[redacted]"));

import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { test } from "tap";
import type { JsonObject } from "../../lib/core/json.ts";
import { formatMemory, parseMemory, type UserMemory } from "../../lib/keycheck/memory.ts";
import { aMemory, now } from "../support/keycheck-records.ts";

const instant = fc.nat({ max: 4_000_000_000_000 });
const record = <Shape>(arbitraries: { [Member in keyof Shape]: fc.Arbitrary<Shape[Member]> }) =>
  fc.record(arbitraries, { noNullPrototype: true });
const slot = record({ active: fc.boolean(), lastRotatedAt: fc.option(instant, { nil: undefined }) });
const row = record({
  slots: fc.tuple(slot, slot),
  additionalCredentials: fc.option(fc.string(), { nil: undefined }),
});
const sighting = record({ generatedAt: instant, row: fc.option(row, { nil: undefined }) });
const memory: fc.Arbitrary<UserMemory> = record({
  name: fc.stringMatching(/^[\w+=,.@-]{1,64}$/),
  arn: fc.string(),
  createdAt: instant,
  keys: fc.array(record({ id: fc.string(), active: fc.boolean(), createdAt: instant }), { maxLength: 4 }),
  listedAt: instant,
  sighting: fc.option(sighting, { nil: undefined }),
});

test("what is remembered reads back the same, through JSON as well", async () => {
  fc.assert(
    fc.property(memory, (one) => {
      deepStrictEqual(parseMemory(one.name, formatMemory(one)), one);
      deepStrictEqual(parseMemory(one.name, JSON.parse(JSON.stringify(formatMemory(one)))), one);
    }),
  );
});

test("nothing but what a later scan asks for is kept", async (t) => {
  const key = { id: "AKIAEXAMPLEEXAM3X7QZ", active: true, createdAt: 1, lastUse: "s3" };
  const slots = [
    { active: true, lastRotatedAt: 1, lastUsedAt: 2 },
    { active: false, lastRotatedAt: undefined, lastUsedAt: undefined },
  ] as const;
  const body = formatMemory(
    aMemory({ keys: [key], sighting: { generatedAt: 3, row: { slots, additionalCredentials: undefined } } }),
  );
  t.strictSame(body.keys, [{ id: "AKIAEXAMPLEEXAM3X7QZ", active: true, createdAt: 1 }]);
  t.strictSame(body.sighting, {
    generatedAt: 3,
    row: {
      slots: [
        { active: true, lastRotatedAt: 1 },
        { active: false, lastRotatedAt: null },
      ],
      additionalCredentials: null,
    },
  });
});

const good = formatMemory(aMemory());

const unreadable: readonly { readonly name: string; readonly body: JsonObject }[] = [
  { name: "nothing", body: {} },
  { name: "another version's shape", body: { ...good, shape: 2 } },
  { name: "no shape", body: { ...good, shape: undefined } },
  { name: "keys that are no list", body: { ...good, keys: "AKIA" } },
  { name: "a key without its state", body: { ...good, keys: [{ id: "AKIA", createdAt: now }] } },
  { name: "a listing at no time", body: { ...good, listedAt: "yesterday" } },
  { name: "a time beyond numbers", body: { ...good, createdAt: Number.NaN } },
  {
    name: "a report with one slot",
    body: { ...good, sighting: { generatedAt: 1, row: { slots: [], additionalCredentials: null } } },
  },
];

for (const { name, body } of unreadable) {
  test(`${name} reads as never listed`, async (t) => t.equal(parseMemory("ada", body), undefined));
}

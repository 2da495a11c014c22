import fc from "fast-check";
import type { FieldDeclaration, FieldKind, FieldValue, Point } from "../../lib/core/point.ts";
import { boolean, float, integer, measurement, string } from "../../lib/measurements/declare.ts";
import { anyCharacter } from "./any-character.ts";

const hostileUnit = fc.oneof(
  fc.constantFrom(...'\\",= #\n\r\t\0\u001b\u007f\u0080\u2028a1😀', "\ud800", "\udc00"),
  anyCharacter,
);
const hostile = fc.string({ unit: hostileUnit, maxLength: 8 });

const declare = { integer, float, boolean, string };
const kinds = fc.constantFrom<FieldKind>("integer", "float", "boolean", "string");
const fitting: Record<FieldKind, fc.Arbitrary<FieldValue>> = {
  integer: fc.maxSafeInteger(),
  float: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  string: hostile,
};
const anyValue: fc.Arbitrary<FieldValue | undefined> = fc.oneof(
  fc.double(),
  fc.boolean(),
  hostile,
  fc.constant(undefined),
);
const hostileFields = fc
  .tuple(hostile, kinds)
  .chain(([name, kind]) =>
    fc.tuple(
      fc.constant(name),
      fc.constant(kind),
      fc.oneof({ weight: 3, arbitrary: fitting[kind] }, { weight: 1, arbitrary: anyValue }),
    ),
  );
const times = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -9_223_372_036_854, max: 9_223_372_036_854 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
);

export interface HostilePoint {
  readonly point: Point;
  readonly tags: readonly (readonly [string, string | undefined])[];
  readonly fields: readonly (readonly [string, FieldKind, FieldValue | undefined])[];
}

/** Points whose declarations, tags and values all came from strangers; some of the values do not fit their fields. */
export const hostilePoints: fc.Arbitrary<HostilePoint> = fc
  .record({
    name: hostile,
    tags: fc.uniqueArray(fc.tuple(hostile, fc.option(hostile, { nil: undefined })), { maxLength: 4, selector: first }),
    fields: fc.uniqueArray(hostileFields, { maxLength: 5, selector: first }),
    time: fc.option(times, { nil: undefined }),
  })
  .map(({ name, tags, fields, time }) => ({
    point: {
      measurement: measurement({
        name,
        says: "hostile",
        tags: record(tags.map(([tag]) => [tag, "a tag"])),
        fields: record(fields.map(([field, kind]): [string, FieldDeclaration] => [field, declare[kind]("a field")])),
      }),
      tags: record(tags),
      fields: record(fields.map(([field, , value]) => [field, value])),
      ...(time === undefined ? {} : { time }),
    },
    // Whole numbers as names would otherwise come first: the declaration's order is that of its object's keys.
    tags: keysInOrder(tags),
    fields: keysInOrder(fields),
  }));

function first(entry: readonly [string, ...unknown[]]): string {
  return entry[0];
}

/** Without a prototype, so that `constructor` is a name like any other. */
function record<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

function keysInOrder<Entry extends readonly [string, ...unknown[]]>(entries: readonly Entry[]): readonly Entry[] {
  const byName = record(entries.map((entry) => [entry[0], entry] as const));
  return Object.values(byName);
}

/** What the documents promise of a name or a tag's value, said once more and differently: character by character, from the end. */
function sanitised(text: string): string {
  let kept = "";
  for (const character of [...withoutControls(text)].reverse())
    if (character !== "\\" || !/^(?:$|[,= "])/.test(kept)) kept = character + kept;
  return kept;
}

const withoutControls = (text: string): string =>
  [...[...text].filter((character) => character >= " " && character !== "\u007f").join("")]
    .map((character) => (/^[\ud800-\udfff]$/.test(character) ? "\ufffd" : character))
    .join("");

const sanitisedString = (text: string): string =>
  withoutControls(text.replaceAll("\r\n", " ").replaceAll(/[\r\n]/g, " "));

function fits(kind: FieldKind, value: FieldValue): boolean {
  if (typeof value !== "number") return typeof value === kind;
  return kind === "float" ? value - value === 0 : kind === "integer" && value % 1 === 0 && Math.abs(value) < 2 ** 53;
}

export interface Expectation {
  readonly name: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, { readonly kind: FieldKind; readonly value: FieldValue | bigint }>;
  readonly droppedFields: number;
  readonly written: boolean;
}

/** What a strict reader must find of such a point, worked out without the encoder. */
export function expectationOf({ point, tags, fields }: HostilePoint): Expectation {
  const wantedTags = new Map<string, string>();
  const claimed = new Set<string>();
  for (const [name, value = ""] of tags) {
    const key = sanitised(name);
    if (key !== "" && !claimed.has(key) && sanitised(value) !== "") wantedTags.set(key, sanitised(value));
    claimed.add(key);
  }
  const wantedFields = new Map<string, { kind: FieldKind; value: FieldValue | bigint }>();
  const taken = new Set<string>([""]);
  let droppedFields = 0;
  for (const [name, kind, value] of fields) {
    const key = sanitised(name);
    if (value !== undefined && !taken.has(key) && fits(kind, value))
      wantedFields.set(key, { kind, value: asRead(kind, value) });
    else if (value !== undefined) droppedFields += 1;
    taken.add(key);
  }
  const name = sanitised(point.measurement.name).replace(/^#*/, "");
  const inTime = point.time === undefined || Math.abs(point.time) <= 9_223_372_036_854;
  return {
    name,
    tags: wantedTags,
    fields: wantedFields,
    droppedFields,
    written: name !== "" && wantedFields.size > 0 && inTime,
  };
}

function asRead(kind: FieldKind, value: FieldValue): FieldValue | bigint {
  if (typeof value === "string") return sanitisedString(value);
  if (typeof value === "boolean") return value;
  return kind === "integer" ? BigInt(value) : value + 0;
}

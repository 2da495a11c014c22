import { readFileSync } from "node:fs";
import { test } from "tap";
import type { FieldKind, FieldValue, Point } from "../../lib/core/point.ts";
import { encodePoint } from "../../lib/line-protocol/encode.ts";
import { boolean, float, integer, measurement, string } from "../../lib/measurements/declare.ts";
import { type ParsedPoint, parseLineProtocol } from "../support/line-protocol-parser.ts";

type CorpusKind = FieldKind | "unsigned";

interface CorpusPoint {
  readonly name: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly fields: readonly (readonly [string, CorpusKind, string])[];
  readonly time?: string;
}

interface Corpus {
  readonly encode: readonly { readonly key: string; readonly point: CorpusPoint; readonly line: string | null }[];
  readonly decode: readonly {
    readonly key: string;
    readonly text?: string;
    readonly base64?: string;
    readonly points: readonly CorpusPoint[] | null;
  }[];
}

// The file is ours and its shape stands in the README beside it.
const corpus = JSON.parse(
  readFileSync(new URL("../data/line-protocol/corpus.json", import.meta.url), "utf8"),
) as Corpus;

const number = (kind: CorpusKind, text: string): string => (kind === "float" ? String(Number(text)) : text);

const flattened = ({ name, tags, fields, time }: CorpusPoint) => ({
  name,
  tags: Object.fromEntries(tags),
  fields: fields.map(([key, kind, value]) => [key, kind, number(kind, value)]),
  time,
});

const flattenedRead = ({ measurement: name, tags, fields, time }: ParsedPoint) => ({
  name,
  tags: Object.fromEntries(tags),
  fields: [...fields].map(([key, { kind, value }]) => [key, kind, String(value)]),
  time: time?.toString(),
});

/** Bytes that are not UTF-8 are refused before any parser of text sees them. */
const decodeUtf8 = (base64: string): string =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, "base64"));

test("our strict reader takes what both parsers read alike, and nothing else", async (t) => {
  for (const { key, text, base64 = "", points } of corpus.decode) {
    const read = () => parseLineProtocol(text ?? decodeUtf8(base64)).map(flattenedRead);
    if (points === null) t.throws(read, key);
    else t.strictSame(read(), points.map(flattened), key);
  }
});

const declare = { integer, float, boolean, string };

function readValue(kind: CorpusKind, text: string): FieldValue {
  if (kind === "string") return text;
  return kind === "boolean" ? text === "true" : Number(text);
}

function pointOf({ name, tags, fields, time = "0" }: CorpusPoint): Point {
  const declared = fields.map(
    ([key, kind]) => [key, declare[kind === "unsigned" ? "integer" : kind]("a field")] as const,
  );
  return {
    measurement: measurement({
      name,
      says: "a corpus case",
      tags: Object.fromEntries(tags.map(([key]) => [key, "a tag"])),
      fields: Object.fromEntries(declared),
    }),
    tags: Object.fromEntries(tags),
    fields: Object.fromEntries(fields.map(([key, kind, value]) => [key, readValue(kind, value)])),
    time: Number(BigInt(time) / 1_000_000n),
  };
}

/** The corpus' texts that the portable subset can't say: a backslash before a separator, a line break in a string. */
const rewritten = new Map([
  ["\\,,=east", ",,=east"],
  ["east\\ ", "east "],
  ["\\ east", " east"],
  ["eas\\ t", "eas t"],
  ["reg\\=ion", "reg=ion"],
  ["foo\nbar", "foo bar"],
]);

const rewrite = (text: string): string => rewritten.get(text) ?? text;

/** Nor can it say parts of milliseconds, whole numbers past 53 bits or empty tags. */
function portable({ name, tags, fields, time = "0" }: CorpusPoint): CorpusPoint {
  return {
    name,
    tags: tags.filter(([, value]) => value !== "").map(([key, value]) => [rewrite(key), rewrite(value)]),
    fields: fields
      .filter(([, kind, value]) => kind !== "integer" || Number.isSafeInteger(Number(value)))
      .map(([key, kind, value]) => [key, kind, rewrite(value)]),
    time: String((BigInt(time) / 1_000_000n) * 1_000_000n),
  };
}

test("the corpus' points, written by us, read back as themselves", async (t) => {
  for (const { key, point } of corpus.encode) {
    const { line } = encodePoint(pointOf(point));
    t.strictSame(parseLineProtocol(line ?? "").map(flattenedRead), [flattened(portable(point))], key);
  }
});

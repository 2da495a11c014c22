// A strict reader of line protocol, written from the grammars of Telegraf (plugins/parsers/influx/machine.go.rl) and
// influxdata/line-protocol v2 (line-protocol.ebnf), never from our encoder. It takes a text only when both take it and both
// read the same points from it.

export type ParsedValue =
  | { readonly kind: "integer" | "unsigned"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string };

export interface ParsedPoint {
  readonly measurement: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, ParsedValue>;
  /** Nanoseconds; undefined when the line names none. */
  readonly time: bigint | undefined;
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** Throws at the first character that either parser would refuse, or that the two would read differently. */
export function parseLineProtocol(text: string): readonly ParsedPoint[] {
  if (/\p{Surrogate}/u.test(text)) throw new SyntaxError("not valid unicode");
  const cursor: Cursor = { text, at: 0 };
  const points: ParsedPoint[] = [];
  while (cursor.at < text.length) {
    const point = readLine(cursor);
    if (point !== undefined) points.push(point);
  }
  return points;
}

function readLine(cursor: Cursor): ParsedPoint | undefined {
  take(cursor, /[ ]*/y);
  if (cursor.text[cursor.at] === "#") {
    take(cursor, /[ -~\u0080-\u{10ffff}]*/uy);
    readEnd(cursor);
    return undefined;
  }
  if (tryTake(cursor, lineEnd) !== undefined) return undefined;
  const measurement = readMeasurement(cursor);
  const tags = readTags(cursor);
  expect(cursor, /[ ]+/y, "a space before the fields");
  const fields = readFields(cursor);
  const time = readTime(cursor);
  readEnd(cursor);
  return { measurement, tags, fields, time };
}

const lineEnd = /\r?\n|\r?$/y;

function readEnd(cursor: Cursor): void {
  take(cursor, /[ ]*/y);
  expect(cursor, lineEnd, "the end of the line");
}

/** Telegraf takes a backslash together with whatever follows, upstream only with a separator: an even run before one is read two ways. */
function readMeasurement(cursor: Cursor): string {
  const raw = expect(cursor, /(?:(?![,\\])[!-~\u0080-\u{10ffff}]|\\+(?!\\)[ -~\u0080-\u{10ffff}])+/uy, "a measurement");
  refuseEvenRuns(cursor, raw, /\\+(?=[, ])/g);
  return raw.replace(/\\([, ])/g, "$1");
}

const key = /(?:(?![,=\\])[!-~\u0080-\u{10ffff}]|\\+(?!\\)[ -~\u0080-\u{10ffff}])+/uy;

function readTags(cursor: Cursor): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  while (tryTake(cursor, /,/y) !== undefined) {
    const name = unescapeKey(cursor, expect(cursor, key, "a tag key"));
    expect(cursor, /=/y, "an equals sign");
    const value = unescapeKey(cursor, expect(cursor, key, "a tag value"));
    if (tags.has(name)) fail(cursor, `one tag "${name}"`);
    tags.set(name, value);
  }
  return tags;
}

/** Telegraf undoes `\"` in keys and tag values, though only where there is a separator to undo as well. */
function unescapeKey(cursor: Cursor, raw: string): string {
  if (/[,= ]/.test(raw) && raw.includes('\\"')) fail(cursor, "no escaped quote outside a string");
  return raw.replace(/\\([,= ])/g, "$1");
}

function refuseEvenRuns(cursor: Cursor, raw: string, runs: RegExp): void {
  for (const [run] of raw.matchAll(runs)) if (run.length % 2 === 0) fail(cursor, "an odd run of backslashes");
}

function readFields(cursor: Cursor): ReadonlyMap<string, ParsedValue> {
  const fields = new Map<string, ParsedValue>();
  do {
    const raw = expect(cursor, key, "a field key");
    refuseEvenRuns(cursor, raw, /\\+(?=[,= ])/g);
    const name = unescapeKey(cursor, raw);
    expect(cursor, /=/y, "an equals sign");
    if (fields.has(name)) fail(cursor, `one field "${name}"`);
    fields.set(name, readValue(cursor));
  } while (tryTake(cursor, /,/y) !== undefined);
  return fields;
}

function readValue(cursor: Cursor): ParsedValue {
  const quoted = tryTake(cursor, /"(?:[^"\\]|\\["\\])*"/y);
  if (quoted !== undefined) return { kind: "string", value: quoted.slice(1, -1).replace(/\\(["\\])/g, "$1") };
  const word = expect(cursor, /[^, \r\n]+/y, "a field value");
  if (/^(?:t|T|true|True|TRUE)$/.test(word)) return { kind: "boolean", value: true };
  if (/^(?:f|F|false|False|FALSE)$/.test(word)) return { kind: "boolean", value: false };
  if (/^-?(?:0|[1-9]\d*)i$/.test(word)) return readWhole(cursor, "integer", word);
  if (/^(?:0|[1-9]\d*)u$/.test(word)) return readWhole(cursor, "unsigned", word);
  if (/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word) && Number.isFinite(Number(word)))
    return { kind: "float", value: Number(word) };
  return fail(cursor, `a field value in place of "${word}"`);
}

function readWhole(cursor: Cursor, kind: "integer" | "unsigned", word: string): ParsedValue {
  const value = BigInt(word.slice(0, -1));
  const fits = kind === "integer" ? BigInt.asIntN(64, value) === value : BigInt.asUintN(64, value) === value;
  return fits ? { kind, value } : fail(cursor, `64 bits in place of "${word}"`);
}

function readTime(cursor: Cursor): bigint | undefined {
  const stamp = tryTake(cursor, /[ ]+-?\d{1,19}/y);
  if (stamp === undefined) return undefined;
  const time = BigInt(stamp);
  return BigInt.asIntN(64, time) === time ? time : fail(cursor, "a time of 64 bits");
}

function tryTake(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return undefined;
  cursor.at += match[0].length;
  return match[0];
}

const take = (cursor: Cursor, optional: RegExp): string => tryTake(cursor, optional) ?? "";

const expect = (cursor: Cursor, pattern: RegExp, what: string): string =>
  tryTake(cursor, pattern) ?? fail(cursor, what);

function fail(cursor: Cursor, wanted: string): never {
  throw new SyntaxError(`wanted ${wanted} at character ${cursor.at} of ${JSON.stringify(cursor.text)}`);
}

import { type Test, test } from "tap";
import type { Point } from "../../lib/core/point.ts";
import { boolean, float, integer, measurement, point, string } from "../../lib/measurements/declare.ts";
import type { Sink } from "../../lib/sink/sink.ts";

/** A point as every kind of sink can say it: numbers and, as 0 and 1, booleans. */
export interface SeenPoint {
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number>>;
}

export interface OpenedSink {
  readonly sink: Sink;
  /** All that has come out so far. */
  readonly read: () => Promise<string>;
  readonly parse: (text: string) => readonly SeenPoint[];
  /** From now on nothing can be written to the target. */
  readonly breakTarget: () => Promise<void>;
}

type OpenSink = (t: Test) => Promise<OpenedSink>;

/** Its names come out of every sink unchanged. */
export const contractSample = measurement({
  name: "contract",
  says: "what the contract writes",
  tags: { name: "who", place: "where" },
  fields: { size: float("size"), items: integer("items"), active: boolean("state"), note: string("note") },
});

const sized = (name: string, size: number): Point => point(contractSample, { tags: { name }, fields: { size } });

const manySized = (count: number, prefix: string): readonly Point[] =>
  Array.from({ length: count }, (_, at) => sized(`${prefix}${at}`, at));

const names = (seen: readonly SeenPoint[]): readonly string[] => seen.map(({ tags }) => tags.name ?? "").sort();

const hostileTexts = [
  "line\nbreak",
  "carriage\rreturn",
  "forged size=9 1",
  "forged,place=here",
  'quote"d',
  'quote\\"d',
  "backslash\\",
  "backslash\\,place=here",
  "brace}",
  "nul\0",
  "escape\u001b[31m",
  "lone\ud800surrogate",
  "separator\u2028",
  "#comment",
  "zoë 東京 😀",
] as const;

/** What holds for every sink; called once by each implementation's own test. */
export function testSink(kind: string, open: OpenSink): void {
  test(`${kind}: nothing in, nothing out`, async (t) => {
    const { sink, read, parse } = await open(t);
    t.strictSame(await sink.write([]), { points: 0, droppedPoints: 0, droppedFields: 0 });
    await sink.flush();
    t.strictSame(parse(await read()), []);
  });

  test(`${kind}: tags and numbers come out as they went in`, async (t) => {
    const { sink, read, parse } = await open(t);
    const fields = { size: 1.5, items: -3, active: true, note: "n" };
    const totals = await sink.write([point(contractSample, { tags: { name: "a", place: "" }, fields })]);
    await sink.flush();
    t.strictSame(totals, { points: 1, droppedPoints: 0, droppedFields: 0 });
    t.strictSame(parse(await read()), [{ tags: { name: "a" }, fields: { size: 1.5, items: -3, active: 1 } }]);
  });

  test(`${kind}: what can't be encoded is counted, and the rest comes out`, async (t) => {
    const { sink, read, parse } = await open(t);
    const half = point(contractSample, { tags: { name: "half" }, fields: { size: Number.NaN, items: 1 } });
    const totals = await sink.write([sized("none", Number.NaN), half, sized("whole", 2)]);
    await sink.flush();
    t.strictSame(totals, { points: 2, droppedPoints: 1, droppedFields: 2 });
    t.strictSame(names(parse(await read())), ["half", "whole"]);
  });

  test(`${kind}: foreign text adds no point, no tag and no field`, async (t) => {
    const { sink, read, parse } = await open(t);
    const points = hostileTexts.map((text, at) =>
      point(contractSample, { tags: { name: `${at}${text}` }, fields: { size: at, note: text } }),
    );
    await sink.write(points);
    await sink.flush();
    const seen = [...parse(await read())].sort((left, right) => (left.fields.size ?? 0) - (right.fields.size ?? 0));
    t.strictSame(
      seen.map(({ fields }) => fields),
      hostileTexts.map((_, at) => ({ size: at })),
    );
    for (const [at, { tags }] of seen.entries()) {
      t.strictSame(Object.keys(tags), ["name"]);
      t.match(tags.name, new RegExp(`^${at}(?!\\d)`), `the tag of text ${at}`);
    }
  });

  test(`${kind}: rounds follow one another`, async (t) => {
    const { sink, read, parse } = await open(t);
    await sink.write([sized("first", 1)]);
    await sink.flush();
    t.strictSame(names(parse(await read())), ["first"]);
    await sink.write([sized("second", 2)]);
    await sink.flush();
    t.ok(names(parse(await read())).includes("second"));
  });

  test(`${kind}: close ends the open round, and nothing twice`, async (t) => {
    const { sink, read } = await open(t);
    await sink.write([sized("a", 1)]);
    await sink.close();
    const text = await read();
    t.match(text, /"a"|=a/);
    await sink.close();
    t.equal(await read(), text);
  });

  test(`${kind}: overlapping writes keep every point whole`, async (t) => {
    const { sink, read, parse } = await open(t);
    const batches = ["a", "b", "c", "d"].map((prefix) => manySized(1000, prefix));
    await Promise.all(batches.map((batch) => sink.write(batch)));
    await sink.flush();
    const want = batches.flat().map(({ tags }) => tags.name ?? "");
    t.strictSame(names(parse(await read())), want.sort());
  });

  test(`${kind}: a hundred thousand points at once come out, however slow the reader`, async (t) => {
    const { sink, read } = await open(t);
    const count = 100_000;
    t.equal((await sink.write(manySized(count, "user-"))).points, count);
    await sink.flush();
    t.equal((await read()).match(/user-/g)?.length, count);
  });

  test(`${kind}: a broken target is an error that names it, at once or at the end of the round`, async (t) => {
    const { sink, breakTarget } = await open(t);
    await breakTarget();
    const round = async () => {
      await sink.write([sized("a", 1)]);
      await sink.flush();
    };
    await t.rejects(round(), { name: /OpsError|ReaderGone/, message: new RegExp(`^can't write ${sink.name}: .+`) });
    await t.rejects(round(), { message: new RegExp(`^can't write ${sink.name}: .+`) });
  });
}

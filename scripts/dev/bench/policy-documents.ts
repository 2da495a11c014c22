import { performance } from "node:perf_hooks";
import { expand, minimise, type Policy, parsePolicy, permissionsOf, subtract } from "../../../lib/policy/library.ts";
import { round } from "./statistics.ts";

export interface Documents {
  readonly texts: Readonly<Record<string, string>>;
  /** Numbers of documents after which to say how long it took so far. */
  readonly counts: readonly number[];
  /** It ends then, wherever it is. */
  readonly limitMs: number;
}

/** Milliseconds of all documents so far. */
const stages = ["parse", "expand", "minimise_all", "minimise_less", "subtract_less"] as const;
type Stage = (typeof stages)[number];
type Times = Record<Stage, number>;

export type DocumentsRow = Readonly<Record<"documents" | "total_s" | `${Stage}_s`, number>>;

/** What became of the first so many documents; the last row may have fewer than were asked for. */
export function measureDocuments({ texts, counts, limitMs }: Documents): readonly DocumentsRow[] {
  const times: Times = { parse: 0, expand: 0, minimise_all: 0, minimise_less: 0, subtract_less: 0 };
  const rows: DocumentsRow[] = [];
  let documents = 0;
  for (const [name, text] of shuffle(Object.entries(texts))) {
    treat(name, text, times);
    documents += 1;
    const isOver = totalOf(times) > limitMs;
    if (isOver || counts.includes(documents)) rows.push({ documents, ...inSeconds(times) });
    if (isOver) break;
  }
  return rows;
}

/** Neither by name nor by size, and always the same: the ladder of counts is to have alike documents on each rung. */
const shuffle = <Entry>(entries: readonly Entry[]): readonly Entry[] =>
  entries
    .map((entry, index) => ({ entry, place: (index * 7919) % entries.length }))
    .sort((one, other) => one.place - other.place)
    .map(({ entry }) => entry);

const totalOf = (times: Times): number => stages.reduce((sum, stage) => sum + times[stage], 0);

const inSeconds = (times: Times): Omit<DocumentsRow, "documents"> => ({
  parse_s: round(times.parse / 1000, 2),
  expand_s: round(times.expand / 1000, 2),
  minimise_all_s: round(times.minimise_all / 1000, 2),
  minimise_less_s: round(times.minimise_less / 1000, 2),
  subtract_less_s: round(times.subtract_less / 1000, 2),
  total_s: round(totalOf(times) / 1000, 2),
});

const isKept = (_: string, index: number): boolean => index % 3 !== 2;
const isTaken = (_: string, index: number): boolean => index % 3 === 2;

function treat(name: string, text: string, times: Times): void {
  const time = <Result>(stage: Stage, work: () => Result): Result => {
    const started = performance.now();
    const result = work();
    times[stage] += performance.now() - started;
    return result;
  };
  const parsed = time("parse", () => parsePolicy(text, name));
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problems[0]?.says}`);
  const { policy } = parsed;
  for (const patterns of listsOf(policy)) {
    const kept = time("expand", () => expand(patterns));
    const less = kept.filter(isKept);
    time("minimise_all", () => minimise(kept, { within: patterns }));
    time("minimise_less", () => minimise(less, { within: patterns }));
  }
  const taken = permissionsOf([policy]).eligible.filter(isTaken);
  time("subtract_less", () => subtract([policy], taken));
}

const listsOf = ({ statements }: Policy): readonly (readonly string[])[] =>
  statements.filter(({ element }) => element === "Action").map(({ patterns }) => patterns);

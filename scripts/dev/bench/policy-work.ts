import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { catalogue, expand, includedInPatterns, minimise, readCatalogue } from "../../../lib/policy/library.ts";
import { type Documents, measureDocuments } from "./policy-documents.ts";
import { hostileQuestions, manyPatterns, type Question } from "./policy-questions.ts";
import { median, round } from "./statistics.ts";

// One kind of work on policies in a fresh process, so that its first time is cold; warm is the median of the times after it.

export interface MinimiseInput {
  readonly kept: readonly string[];
  /** Instead of AWS's as they are known here. */
  readonly actions?: readonly string[];
}

const [kind = "", file = ""] = process.argv.slice(2);
const readInput = <Input>(): Input => JSON.parse(readFileSync(file, "utf8"));

function timed<Result>(work: () => Result): { readonly result: Result; readonly ms: number } {
  const started = performance.now();
  const result = work();
  return { result, ms: performance.now() - started };
}

function coldAndWarm<Result>(times: number, work: () => Result) {
  const { result, ms } = timed(work);
  const warm = Array.from({ length: times }, () => timed(work).ms);
  return { result, times: { cold_ms: round(ms, 2), warm_ms: round(median(warm), 2) } };
}

function expandAll() {
  const { result, times } = coldAndWarm(20, () => expand(["*"]));
  return { actions: result.length, ...times };
}

function minimiseAll() {
  const { kept, actions } = readInput<MinimiseInput>();
  const known = actions === undefined ? catalogue : readCatalogue({ source: "", date: "", services: sort(actions) });
  const { result, times } = coldAndWarm(5, () => minimise(kept, { within: ["*"] }, { catalogue: known }));
  const again = expand(result.patterns, { catalogue: known });
  const wanted = new Set(kept.map((name) => name.toLowerCase()));
  if (again.length !== wanted.size || again.some((name) => !wanted.has(name.toLowerCase())))
    throw new Error("the patterns do not give what was to be kept");
  const characters = result.patterns.reduce((sum, pattern) => sum + pattern.length, 0);
  return { ...times, patterns: result.patterns.length, characters };
}

/** Which level an action has makes no difference here. */
function sort(actions: readonly string[]) {
  const services: Record<string, { Read: string }> = {};
  for (const action of actions) {
    const [service = "", name = ""] = action.split(":");
    services[service] = { Read: `${services[service]?.Read ?? ""} ${name}` };
  }
  return services;
}

function askAll() {
  return [...manyPatterns(expand(["*"])), ...hostileQuestions()].map(({ what, union, globs }: Question) => {
    const { result: ask, ms } = timed(() => includedInPatterns(union));
    const asked = globs.map((glob) => timed(() => ask(glob)));
    const count = (answer: string) => asked.filter(({ result }) => result === answer).length;
    return {
      ...{ what, union: union.length, questions: globs.length, prepare_ms: round(ms, 2) },
      median_us: round(median(asked.map((one) => one.ms)) * 1000),
      worst_ms: round(Math.max(...asked.map((one) => one.ms)), 2),
      ...{ inside: count("inside"), outside: count("outside"), undecided: count("undecided") },
    };
  });
}

const kinds: Readonly<Record<string, () => unknown>> = {
  expand: expandAll,
  minimise: minimiseAll,
  documents: () => measureDocuments(readInput<Documents>()),
  inclusion: askAll,
};
const work = kinds[kind];
if (work === undefined) throw new Error(`no such kind of work: ${kind}`);
process.stdout.write(JSON.stringify(work()));

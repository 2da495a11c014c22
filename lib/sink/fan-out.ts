import { messageOf, OpsError } from "../core/errors.ts";
import type { Sink, WriteDocuments } from "./sink.ts";
import { joinDocuments, largest, noTotals } from "./totals.ts";

/**
 * Several sinks as one. One that fails is left out for the rest of the round, and its error is thrown at the round's end;
 * a write throws only when none is left.
 */
export function fanOut(sinks: readonly Sink[]): Sink {
  const failures = new Map<Sink, unknown>();

  const tryAll = async <Result>(some: readonly Sink[], call: (sink: Sink) => Promise<Result>): Promise<Result[]> => {
    const results: Result[] = [];
    const calls = some.map(async (sink) => {
      try {
        results.push(await call(sink));
      } catch (thrown) {
        failures.set(sink, thrown);
      }
    });
    await Promise.all(calls);
    return results;
  };
  const endRound = async (call: (sink: Sink) => Promise<void>): Promise<void> => {
    await tryAll(sinks, call);
    const thrown = [...failures.values()];
    failures.clear();
    if (thrown.length > 0) throw joinFailures(thrown);
  };
  return {
    name: sinks.map(({ name }) => name).join(", "),
    async write(points) {
      const working = sinks.filter((sink) => !failures.has(sink));
      const totals = await tryAll(working, (sink) => sink.write(points));
      if (failures.size > 0 && failures.size === sinks.length) throw joinFailures([...failures.values()]);
      return totals.reduce(largest, noTotals);
    },
    ...writeEverywhere(sinks),
    flush: () => endRound((sink) => sink.flush()),
    close: () => endRound((sink) => sink.close()),
  };
}

/** Absent where none of them takes documents. */
function writeEverywhere(sinks: readonly Sink[]): Pick<Sink, "writeDocuments"> {
  const takers = sinks.flatMap(({ writeDocuments }) => writeDocuments ?? []);
  if (takers.length === 0) return {};
  const writeDocuments: WriteDocuments = async (documents, stop) =>
    joinDocuments(await Promise.all(takers.map((write) => write(documents, stop))));
  return { writeDocuments };
}

function joinFailures(thrown: readonly unknown[]): unknown {
  const [first, ...others] = thrown;
  if (others.length === 0) return first;
  return new OpsError("other", thrown.map(messageOf).join("; "), { cause: thrown });
}

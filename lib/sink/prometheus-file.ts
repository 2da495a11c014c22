import type { Point } from "../core/point.ts";
import { nameFailure } from "./errors.ts";
import { type Exposition, startExposition } from "./prometheus-text.ts";
import { checkReplaceable, openReplacement } from "./replace-file.ts";
import type { Sink, SinkTotals } from "./sink.ts";

/** A file for node_exporter's textfile collector, replaced whole at the end of each round; the round is held in memory. */
export async function openPrometheusSink({
  name,
  path,
}: Pick<Sink, "name"> & { readonly path: string }): Promise<Sink> {
  await nameFailure(name, checkReplaceable(path));
  let round: Exposition | undefined;
  const flush = (): Promise<void> => {
    const ended = round ?? startExposition();
    round = undefined;
    return nameFailure(name, replace(path, ended));
  };
  return {
    name,
    async write(points) {
      round ??= startExposition();
      return addAll(round, points);
    },
    flush,
    close: async () => (round === undefined ? undefined : flush()),
  };
}

function addAll(exposition: Exposition, points: readonly Point[]): SinkTotals {
  let written = 0;
  let droppedFields = 0;
  for (const point of points) {
    const added = exposition.add(point);
    if (added.isWritten) written += 1;
    droppedFields += added.droppedFields;
  }
  return { points: written, droppedPoints: points.length - written, droppedFields };
}

async function replace(path: string, exposition: Exposition): Promise<void> {
  const replacement = await openReplacement(path);
  try {
    for (const family of exposition.format()) await replacement.append(family);
    await replacement.publish();
  } catch (thrown) {
    await replacement.discard();
    throw thrown;
  }
}

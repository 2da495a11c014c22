import type { Point } from "../core/point.ts";
import { nameFailure } from "./errors.ts";
import { chunkLines, type EncodeLine, type LineChunks } from "./line-chunks.ts";
import { checkReplaceable, openReplacement, type Replacement } from "./replace-file.ts";
import type { Sink } from "./sink.ts";

export interface FileTarget {
  readonly name: string;
  readonly path: string;
  readonly encode: EncodeLine;
}

interface Round {
  readonly file: Promise<Replacement>;
  readonly lines: LineChunks;
}

/** Lines to a file that is replaced whole at the end of each round. */
export async function openFileSink({ name, path, encode }: FileTarget): Promise<Sink> {
  await nameFailure(name, checkReplaceable(path));
  let round: Round | undefined;

  const begin = (): Round => {
    const file = openReplacement(path);
    return { file, lines: chunkLines(encode, async (lines) => (await file).append(lines)) };
  };
  const writeTo = async ({ file, lines }: Round, points: readonly Point[]) => {
    await file;
    return lines.write(points);
  };
  const flush = (): Promise<void> => {
    const ended = round ?? begin();
    round = undefined;
    return nameFailure(name, publish(ended));
  };
  return {
    name,
    write(points) {
      round ??= begin();
      return nameFailure(name, writeTo(round, points));
    },
    flush,
    close: async () => (round === undefined ? undefined : flush()),
  };
}

async function publish({ file, lines }: Round): Promise<void> {
  const replacement = await file;
  try {
    await lines.flush();
    await replacement.publish();
  } catch (thrown) {
    await replacement.discard();
    throw thrown;
  }
}

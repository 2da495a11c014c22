import { statfsSync } from "node:fs";

/** LMDB prints on stderr, past the log, where a write finds no space; so writing ends while there is some. */
const least = 8 * 2 ** 20;

export function requireSpace(directory: string): void {
  const { blocks, bavail, bsize } = statfsSync(directory);
  // A file system without blocks does not say.
  if (blocks > 0 && bavail * bsize < least) {
    throw new Error(`no space left on its disk: ${bavail * bsize} bytes are free, ${least} are needed`);
  }
}

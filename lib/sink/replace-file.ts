import { constants } from "node:fs";
import { access, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pid } from "node:process";

/** A file's next content, written beside it. Readers see the old file until `publish`, and keep it after `discard`. */
export interface Replacement {
  append(text: string): Promise<void>;
  publish(): Promise<void>;
  discard(): Promise<void>;
}

/** Rejects what could only fail at the end of a run: no directory, no right to write there, a target that is no plain file. */
export async function checkReplaceable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK);
  const target = await stat(path).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== "ENOENT") throw thrown;
  });
  if (target?.isFile() === false) throw new Error("not a regular file");
}

export async function openReplacement(path: string): Promise<Replacement> {
  // Hidden and without the target's extension: collectors of *.prom or *.json do not see it. The process id keeps
  // concurrent runs apart; what a killed run of the same id left is removed, never followed or overwritten.
  const temporary = join(dirname(path), `.${basename(path)}.${pid}.tmp`);
  await rm(temporary, { force: true });
  const file = await open(temporary, "wx", 0o644);
  return {
    append: (text) => file.appendFile(text),
    async publish() {
      // The umask has narrowed the mode, and the collector is another user.
      await file.chmod(0o644);
      await file.sync();
      await file.close();
      await rename(temporary, path);
    },
    async discard() {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory for its owner alone, and those above it that are missing. Node's own `recursive` never ends where
 * the file system answers ENOENT below a directory that is there, as procfs does (seen with Node 20.20).
 */
export async function makeDirectory(path: string): Promise<void> {
  const failure = await tryMake(path);
  if (failure === undefined) return;
  const parent = dirname(path);
  if (failure.code !== "ENOENT" || parent === path) throw failure;
  await makeDirectory(parent);
  const again = await tryMake(path);
  if (again !== undefined) throw again;
}

/** What keeps it from being there. */
async function tryMake(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
    return undefined;
  } catch (thrown) {
    // `mkdir` throws no other.
    const failure = thrown as NodeJS.ErrnoException;
    return failure.code === "EEXIST" && (await isDirectory(path)) ? undefined : failure;
  }
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

import { lstatSync, mkdirSync } from "node:fs";
import * as nodeModule from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Node has it from 22.1 on; the types are those of the oldest Node that runs this. Node's own directory for it,
 * `node-compile-cache` among the temporary files, is whoever's was there first, and what lies in it is run without a look at
 * whose it is: anybody could have root run his code.
 */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = nodeModule as { readonly enableCompileCache?: (path?: string) => unknown };
  const uid = process.geteuid?.();
  // Windows gives each user temporary files of his own.
  const directory = uid === undefined ? tmpdir() : openOwnDirectory(tmpdir(), uid);
  if (directory !== undefined) enable?.(directory);
}

/** One that only this user can write to, which among temporary files nobody else can put another in place of. */
export function openOwnDirectory(parent: string, uid: number): string | undefined {
  const path = join(parent, `stalewatch-${uid}`);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // It is there, or can't be.
  }
  return isOwnDirectory(path, uid) ? path : undefined;
}

function isOwnDirectory(path: string, uid: number): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

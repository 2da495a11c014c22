import { constants } from "node:fs";
import { access, open as openFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { messageOf, OpsError } from "../core/errors.ts";
import { requireSpace } from "./disk-space.ts";
import { makeDirectory } from "./make-directory.ts";

export type Database = RootDatabase<string, Buffer>;

/** Address space, not memory or disk: what fits in it needs no new mapping. */
const mapSize = 2 ** 28;

/** lmdb 3.5 ends the process where a file can't be opened or is not its own, so that is looked at before. */
export async function openDatabase(directory: string): Promise<Database> {
  try {
    await makeDirectory(directory);
    await checkFiles(directory);
    const database: Database = open({
      ...{ path: directory, noSubdir: false, mapSize, encoding: "string", keyEncoding: "binary" },
      // What is committed is on disk, before anybody else can see it.
      overlappingSync: false,
    });
    await checkLength(database, directory);
    return database;
  } catch (thrown) {
    throw storeFailure("open", directory, thrown);
  }
}

export const storeFailure = (doing: "open" | "read" | "write", directory: string, cause: unknown): OpsError =>
  new OpsError("other", `can't ${doing} the state in "${directory}": ${messageOf(cause)}`, { cause });

async function checkFiles(directory: string): Promise<void> {
  await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  // Never opened here: to close it would take away the locks that this process may hold on it already.
  await access(join(directory, "lock.mdb"), constants.R_OK | constants.W_OK).catch(unlessAbsent);
  const file = await openFile(join(directory, "data.mdb"), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(headerLength), 0, headerLength, 0);
    if (bytesRead === 0) requireSpace(directory);
    else if (bytesRead < headerLength || !isHeader(buffer)) throw new Error("data.mdb is no database of LMDB's");
  } finally {
    await file.close();
  }
}

function unlessAbsent(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== "ENOENT") throw thrown;
}

const headerLength = 32;

/** LMDB's magic number and its data version 2, each in the machine's own byte order, behind the page's header of 24 bytes. */
function isHeader(bytes: Uint8Array<ArrayBuffer>): boolean {
  const [magic, version] = new Uint32Array(bytes.buffer, 24, 2);
  return magic === 0xbeefc0de && version === 2;
}

/** Pages that were given up again in the transaction that took them are counted and not written: some may be missing. */
const unwrittenPages = 256;

/** To read beyond the end of a mapped file ends the process. */
async function checkLength(database: Database, directory: string): Promise<void> {
  // As `getStats` answers beyond what its type says; asked first, since the file grows.
  const { pageSize, lastPageNumber } = database.getStats() as { pageSize: number; lastPageNumber: number };
  const { size } = await stat(join(directory, "data.mdb"));
  const least = (lastPageNumber + 1 - unwrittenPages) * pageSize;
  if (size >= least) return;
  await database.close();
  throw new Error(`data.mdb is cut short: it has ${size} bytes of at least ${least}`);
}

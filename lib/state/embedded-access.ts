import { requireSpace } from "./disk-space.ts";
import { type Database, storeFailure } from "./embedded-database.ts";
import { groupCommits } from "./group-commits.ts";

/** Reads and writes that name the directory where they fail, until the database is closed. */
export function openAccess(rows: Database, directory: string) {
  let closing: Promise<void> | undefined;
  let isClosed = false;

  const guard = <Result>(doing: "read" | "write", work: () => Result): Result => {
    try {
      // lmdb would reach into memory that is no longer mapped.
      if (isClosed) throw new Error("it is closed");
      return work();
    } catch (thrown) {
      throw storeFailure(doing, directory, thrown);
    }
  };
  const read = <Result>(work: () => Result): Result =>
    guard("read", () => {
      // Else it may see what was there when the event loop's turn began.
      rows.resetReadTxn();
      return work();
    });
  // On the main thread: lmdb's own prints its failures, on stdout too, and where it can't begin it never answers.
  const commit = groupCommits((writes) =>
    guard("write", () => {
      requireSpace(directory);
      return rows.transactionSync(writes);
    }),
  );
  const closeAfterCommits = async (): Promise<void> => {
    await new Promise(setImmediate);
    isClosed = true;
    await rows.close();
  };
  const close = (): Promise<void> => {
    closing ??= closeAfterCommits();
    return closing;
  };
  return { read, commit, close };
}

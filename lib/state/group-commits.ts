type Settle = () => void;

interface Waiting {
  readonly write: () => Settle;
  readonly reject: (reason: unknown) => void;
}

/** Runs all writes that are asked for in one turn of the event loop in one transaction, and answers once that is done. */
export function groupCommits(transact: (writes: () => readonly Settle[]) => readonly Settle[]) {
  const waiting: Waiting[] = [];

  const commit = () => {
    const batch = waiting.splice(0);
    try {
      for (const settle of transact(() => batch.map(({ write }) => write()))) settle();
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown);
    }
  };

  return <Result>(write: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      const answerLater = () => {
        const result = write();
        return () => resolve(result);
      };
      if (waiting.push({ write: answerLater, reject }) === 1) setImmediate(commit);
    });
}

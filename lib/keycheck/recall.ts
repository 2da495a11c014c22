import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import pLimit from "p-limit";
import { messageOf, OpsError } from "../core/errors.ts";
import { days, type Millis, seconds } from "../core/time.ts";
import type { Store, Stored } from "../state/store.ts";
import { formatMemory, parseMemory, type UserMemory } from "./memory.ts";

/** What earlier scans have read of an account's users. It never fails: without it a scan only reads more. */
export interface Recall {
  /** In parts, none of them empty; it ends where the store fails, and then nothing of this scan is remembered. */
  read(): AsyncGenerator<readonly UserMemory[]>;
  /** Both only begin to write. */
  remember(memory: UserMemory): void;
  forget(name: string): void;
  /** Waits until all is written, or until the scan must end. */
  settle(): Promise<void>;
}

interface Recalling {
  readonly store: Store;
  readonly accountId: string;
  /** Aborted at the deadline or on SIGTERM. */
  readonly stop: AbortSignal;
  /** Takes one line about a store in trouble. */
  readonly warn: (message: string) => void;
  /** How long a store that does not answer may hold up a scan, at its beginning and at its end. */
  readonly patience?: Millis;
}

export function openRecall({ store, accountId, stop, warn, patience = seconds(15) }: Recalling): Recall {
  const collection = `keycheck.users#${accountId}`;
  const versions = new Map<string, number>();
  const limits = { stop, patience, grace: seconds(1) };
  const writing = openWriting(limits, (failed, reason) =>
    warn(`${collection}: listings not remembered: ${failed}: ${reason}`),
  );
  return {
    async *read() {
      const records = store.list(collection)[Symbol.asyncIterator]();
      try {
        for (let isOver = false; !isOver; ) {
          const taken = await within(limits, take(records));
          isOver = taken.length < partSize;
          for (const { id, version } of taken) versions.set(id, version);
          const part = taken.flatMap(({ id, body }) => parseMemory(id, body) ?? []);
          if (part.length > 0) yield part;
        }
      } catch (thrown) {
        writing.stop();
        warn(`${collection}: earlier scans can't be remembered: ${messageOf(thrown)}`);
      }
    },
    // Conflicts are other runs' listings of the same minute, as good as this one's.
    remember(memory) {
      const expectedVersion = versions.get(memory.name);
      const body = formatMemory(memory);
      const expiresAt = memory.listedAt + lifetime;
      writing.add(() =>
        expectedVersion === undefined
          ? store.create(collection, memory.name, body, { expiresAt })
          : store.replace(collection, memory.name, { body, expectedVersion, expiresAt }),
      );
    },
    forget(name) {
      const version = versions.get(name);
      if (version !== undefined) writing.add(() => store.remove(collection, name, version));
    },
    settle: writing.settle,
  };
}

/** Every user is listed anew within a week; what is older is of an account that is scanned no more. */
const lifetime = days(30);

const partSize = 500;

async function take(records: AsyncIterator<Stored>): Promise<readonly Stored[]> {
  const taken: Stored[] = [];
  while (taken.length < partSize) {
    const next = await records.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

const concurrentWrites = 20;

/** After so many failures the store is left alone for the rest of the scan. */
const mostFailures = 3;

function openWriting(limits: Limits, warn: (failed: number, reason: string) => void) {
  const limit = pLimit(concurrentWrites);
  const pending = new Set<Promise<void>>();
  let isStopped = false;
  let failed = 0;
  let reason = "";
  const attempt = async (write: () => Promise<unknown>) => {
    try {
      if (failed >= mostFailures) failed += 1;
      else await write();
    } catch (thrown) {
      failed += 1;
      reason ||= messageOf(thrown);
    }
  };
  return {
    stop() {
      isStopped = true;
    },
    add(write: () => Promise<unknown>) {
      if (isStopped) return;
      const written = limit(attempt, write).finally(() => pending.delete(written));
      pending.add(written);
    },
    async settle() {
      const cut = await within(limits, Promise.all(pending)).then(() => "", messageOf);
      if (failed + pending.size > 0) warn(failed + pending.size, reason || cut);
    },
  };
}

interface Limits {
  readonly stop: AbortSignal;
  readonly patience: Millis;
  /** How long it may go on after the stop. */
  readonly grace: Millis;
}

/** @throws where the work is not done in time; it is then left to itself */
async function within<Value>({ stop, patience, grace }: Limits, work: Promise<Value>): Promise<Value> {
  const done = new AbortController();
  const { signal } = done;
  const stopped = async (): Promise<never> => {
    if (!stop.aborted) await once(stop, "abort", { signal });
    await pause(grace, undefined, { signal });
    throw stop.reason;
  };
  const overdue = async (): Promise<never> => {
    await pause(patience, undefined, { signal });
    throw new OpsError("unreachable", `the store has not answered for ${patience / 1000} s`);
  };
  try {
    return await Promise.race([work, stopped(), overdue()]);
  } finally {
    done.abort();
  }
}

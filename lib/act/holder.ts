import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** One process, as others can tell whether it still lives. */
export interface Holder {
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  /** The kernel and its process ids; undefined where they can't be told apart. */
  readonly machine?: string;
  /** Its start by the kernel's clock: a process id is given again. */
  readonly started?: string;
}

export function thisHolder(): Holder {
  const machine = thisMachine();
  const started = readStat(process.pid)?.started;
  return {
    ...{ token: randomUUID(), host: hostname(), pid: process.pid },
    ...(machine === undefined ? {} : { machine }),
    ...(started === undefined ? {} : { started }),
  };
}

/** Certain only on the same machine: a process elsewhere may always be slow rather than dead. */
export function isDead(holder: Holder): boolean {
  if (holder.machine === undefined || holder.machine !== thisMachine() || holder.started === undefined) return false;
  const seen = readStat(holder.pid);
  // Where /proc is mounted with hidepid, another user's process is not seen in it (proc(5)).
  if (seen === undefined) return !exists(holder.pid);
  return hasEnded(seen) || seen.started !== holder.started;
}

/** Containers of a pod share its host name and not their process ids: the namespace tells them apart. */
function thisMachine(): string | undefined {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

interface ProcessStat {
  readonly state: string | undefined;
  readonly started: string | undefined;
}

/** Fields 3 and 22 of its `stat`, after a name in parentheses that may hold anything (proc(5)). */
function readStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, started: fields[18] };
  } catch {
    return undefined;
  }
}

/** Nobody may have waited for it yet. */
const hasEnded = ({ state }: ProcessStat): boolean => state === "Z" || state === "X";

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return !(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH");
  }
}

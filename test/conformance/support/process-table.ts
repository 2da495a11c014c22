import { readdirSync, readFileSync } from "node:fs";

/** Resident memory in bytes, as Linux counts it. */
export function residentMemory(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kibibytes === undefined) throw new Error(`process ${pid} has no resident memory`);
  return Number(kibibytes) * 1024;
}

/** The only child of a process. */
export function childOf(pid: number): number {
  // Every thread has its own children; Go starts them from any.
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
  );
  const [child, ...others] = children.map(Number);
  if (child === undefined || others.length > 0) throw new Error(`process ${pid} has ${children.length} children`);
  return child;
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

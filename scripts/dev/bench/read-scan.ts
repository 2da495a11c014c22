export interface ScanFacts {
  /** Points of keys, or of key slots. */
  readonly keys: number;
  readonly isComplete: boolean;
  readonly retries: number;
}

/** What a scan says of itself on stdout. */
export function readScan(stdout: string): ScanFacts {
  const lines = stdout.split("\n");
  const status = lines.findLast((line) => line.startsWith("stalewatch_run,")) ?? "";
  return {
    keys: lines.filter((line) => /^iam(_report)?,/.test(line)).length,
    isComplete: status.includes(" ok=true,partial=false,"),
    retries: Number(/retries=(\d+)i/.exec(status)?.[1]),
  };
}

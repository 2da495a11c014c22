import type { ScopeSource } from "../aws/scopes.ts";
import { callsBetween } from "../core/call-counts.ts";
import { formatMissing } from "../core/coverage.ts";
import { messageOf } from "../core/errors.ts";
import type { Point } from "../core/point.ts";
import type { ScanReport } from "../core/scan-report.ts";
import type { Millis } from "../core/time.ts";
import type { Scan, ScanContext } from "./program.ts";

export interface Emitted {
  readonly points: number;
  readonly droppedPoints: number;
}

export interface ScopeScan<Settings> extends Pick<ScanContext<Settings>, "run" | "settings" | "stop"> {
  readonly program: string;
  readonly source: ScopeSource;
  readonly scan: Scan<Settings>;
  readonly clock: () => Millis;
  readonly write: (points: readonly Point[]) => Promise<Emitted>;
}

type Judged = Pick<ScanReport, "outcome" | "items" | "lastError" | "evidenceAge">;

/** Scans one scope. Its failure is a value: the other scopes of a run go on. */
export async function scanScope<Settings>(request: ScopeScan<Settings>): Promise<ScanReport> {
  const { program, source, run, clock } = request;
  const started = clock();
  const before = { ...source.counts };
  const emitted = { points: 0, droppedPoints: 0 };
  let accountId: string | undefined;

  const judge = async (): Promise<Judged> => {
    const { scope, session } = await source.open(request.stop);
    accountId = scope.accountId;
    const { items, coverage, evidenceAge } = await request.scan({
      ...{ scope, session, run, settings: request.settings, now: started, stop: request.stop },
      async emit(points) {
        const written = await request.write(points);
        emitted.points += written.points;
        emitted.droppedPoints += written.droppedPoints;
      },
    });
    const lastError = formatMissing(coverage);
    return { outcome: lastError === undefined ? "ok" : "partial", items, lastError, evidenceAge };
  };

  const judged = await judge().catch(
    (thrown: unknown): Judged => ({
      outcome: emitted.points > 0 ? "partial" : "failed",
      items: 0,
      lastError: messageOf(thrown),
      evidenceAge: undefined,
    }),
  );
  const calls = callsBetween(before, source.counts);
  return { program, mode: run.mode, scopeName: source.name, accountId, duration: clock() - started, calls, ...emitted, ...judged };
}

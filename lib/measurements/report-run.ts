import type { Point } from "../core/point.ts";
import type { ActCounts, ScanReport } from "../core/scan-report.ts";
import { point } from "./declare.ts";
import { stalewatchRun } from "./run.ts";

/** What observing never does. */
const nothingDone: ActCounts = { planned: 0, permitted: 0, refused: 0, applied: 0, failed: 0 };

/** The status point of one scope's scan. */
export const reportRun = (report: ScanReport): Point =>
  point(stalewatchRun, {
    tags: { program: report.program, account: report.accountId, scope: report.scopeName, mode: report.mode },
    fields: {
      ok: report.outcome !== "failed",
      partial: report.outcome !== "ok",
      duration_ms: Math.round(report.duration),
      api_calls: report.calls.calls,
      throttles: report.calls.throttles,
      retries: report.calls.retries,
      items: report.items,
      points: report.points,
      dropped_points: report.droppedPoints,
      ...(report.acts ?? nothingDone),
      last_error: report.lastError,
      evidence_age_s: report.evidenceAge === undefined ? undefined : Math.floor(report.evidenceAge / 1000),
    },
  });

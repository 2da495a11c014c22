import { test } from "tap";
import type { ScanReport } from "../../lib/core/scan-report.ts";
import { reportRun } from "../../lib/measurements/report-run.ts";

const aReport = (changes: Partial<ScanReport> = {}): ScanReport => ({
  program: "keycheck",
  mode: "observe",
  scopeName: "prod",
  accountId: "123456789012",
  outcome: "ok",
  duration: 1234.6,
  calls: { calls: 12, throttles: 2, retries: 3 },
  items: 5,
  points: 6,
  droppedPoints: 1,
  lastError: undefined,
  evidenceAge: 90_999,
  ...changes,
});

test("a whole scan", async (t) => {
  const { tags, fields } = reportRun(aReport());
  t.strictSame(tags, { program: "keycheck", account: "123456789012", scope: "prod", mode: "observe" });
  t.strictSame(fields, {
    ...{ ok: true, partial: false, duration_ms: 1235, api_calls: 12, throttles: 2, retries: 3 },
    ...{ planned: 0, permitted: 0, refused: 0, applied: 0, failed: 0 },
    ...{ items: 5, points: 6, dropped_points: 1, last_error: undefined, evidence_age_s: 90 },
  });
});

test("a scan that acted says what came of it", async (t) => {
  const acts = { planned: 5, permitted: 3, refused: 2, applied: 2, failed: 1 };
  t.match(reportRun(aReport({ mode: "commit", acts })).fields, acts);
});

const outcomes = [
  { name: "a partial scan is usable", outcome: "partial", want: { ok: true, partial: true } },
  { name: "a failed scan is not, and lacks all", outcome: "failed", want: { ok: false, partial: true } },
] as const;

for (const { name, outcome, want } of outcomes) {
  test(name, async (t) => {
    const { fields } = reportRun(aReport({ outcome, lastError: "sts: no", evidenceAge: undefined }));
    t.match(fields, { ...want, last_error: "sts: no", evidence_age_s: undefined });
  });
}

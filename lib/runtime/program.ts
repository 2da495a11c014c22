import type { Session } from "../aws/session.ts";
import type { Coverage } from "../core/coverage.ts";
import type { Point } from "../core/point.ts";
import type { Scope } from "../core/scope.ts";
import type { Millis } from "../core/time.ts";
import type { RunSettings } from "../settings/run-settings.ts";

/** What one program does with one scope. All else of a run (settings, scopes, sinks, status points) is the same for all. */
export interface ScanContext<Settings> {
  readonly scope: Scope;
  readonly session: Session;
  readonly run: RunSettings;
  readonly settings: Settings;
  readonly now: Millis;
  readonly stop: AbortSignal;
  readonly emit: (points: readonly Point[]) => Promise<void>;
}

export interface ScanResult {
  /** Subjects judged: keys, instances, roles. */
  readonly items: number;
  readonly coverage: Coverage;
  /** Age of the oldest evidence that was judged by. */
  readonly evidenceAge: Millis;
}

export type Scan<Settings> = (context: ScanContext<Settings>) => Promise<ScanResult>;

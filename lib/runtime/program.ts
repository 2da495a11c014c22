import type { Session } from "../aws/session.ts";
import type { Coverage } from "../core/coverage.ts";
import type { Point } from "../core/point.ts";
import type { ScanReport } from "../core/scan-report.ts";
import type { Scope } from "../core/scope.ts";
import type { Millis } from "../core/time.ts";
import type { Environment } from "../settings/read-environment.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { WriteDocuments } from "../sink/sink.ts";
import type { Store } from "../state/store.ts";
import type { Log } from "./log.ts";

/** What one program does with one scope. All else of a run (settings, scopes, sinks, status points) is the same for all. */
export interface ScanContext<Settings> {
  readonly scope: Scope;
  readonly session: Session;
  readonly run: RunSettings;
  readonly settings: Settings;
  readonly now: Millis;
  readonly clock: () => Millis;
  readonly stop: AbortSignal;
  readonly emit: (points: readonly Point[]) => Promise<void>;
  /** Undefined where nothing is remembered, which only `observe` can do without; the same for all scopes and rounds. */
  readonly openState: () => Promise<Store | undefined>;
  /** As `openState`, but what has never been made is left so: opening costs more than a small scan. */
  readonly findState: () => Promise<Store | "unmade" | undefined>;
  /** Absent where no sink takes any. */
  readonly writeDocuments?: WriteDocuments | undefined;
  readonly environment: Environment;
  readonly log: Log;
}

/** What a scan may know of the process around it. */
export type Surroundings = Pick<
  ScanContext<never>,
  "clock" | "openState" | "findState" | "writeDocuments" | "environment" | "log"
>;

export interface ScanResult {
  /** Subjects judged: keys, instances, roles. */
  readonly items: number;
  readonly coverage: Coverage;
  /** Age of the oldest evidence that was judged by. */
  readonly evidenceAge: Millis;
  /** Absent where nothing was planned. */
  readonly acts?: ScanReport["acts"];
}

export type Scan<Settings> = (context: ScanContext<Settings>) => Promise<ScanResult>;

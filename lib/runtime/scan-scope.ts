import { isChosenAccount } from "../aws/choose-account.ts";
import type { OpenScope, ScopeSource } from "../aws/scopes.ts";
import { callsBetween } from "../core/call-counts.ts";
import { formatMissing } from "../core/coverage.ts";
import { type FailureCode, failureCodeOf, messageOf } from "../core/errors.ts";
import type { Point } from "../core/point.ts";
import type { ScanReport } from "../core/scan-report.ts";
import type { Millis } from "../core/time.ts";
import type { Scan, ScanContext, Surroundings } from "./program.ts";
import { openStop } from "./stop.ts";

export interface Emitted {
  readonly points: number;
  readonly droppedPoints: number;
}

export interface ScopeScan<Settings> extends Pick<ScanContext<Settings>, "run" | "settings" | "stop"> {
  readonly program: string;
  readonly source: ScopeSource;
  readonly scan: Scan<Settings>;
  readonly surroundings: Surroundings;
  readonly write: (points: readonly Point[]) => Promise<Emitted>;
}

/**
 * Scans one scope. Its failure is a value: the other scopes of a run go on. Undefined for an account that the settings
 * leave out, which of a profile shows only once it is opened.
 */
export async function scanScope<Settings>(request: ScopeScan<Settings>): Promise<ScanReport | undefined> {
  const { program, source, run, surroundings } = request;
  const { clock } = surroundings;
  const started = clock();
  const before = { ...source.counts };
  const emitted = { points: 0, droppedPoints: 0 };
  const emit = async (points: readonly Point[]): Promise<void> => {
    const written = await request.write(points);
    emitted.points += written.points;
    emitted.droppedPoints += written.droppedPoints;
  };
  const { accountId, ...judged } = await judge(request, started, emit);
  if (accountId !== undefined && !isChosenAccount(accountId, run)) return undefined;
  return {
    ...{ program, mode: run.mode, scopeName: source.name, accountId },
    duration: clock() - started,
    calls: callsBetween(before, source.counts),
    ...emitted,
    ...judged,
    outcome: judged.outcome ?? (emitted.points > 0 ? "partial" : "failed"),
  };
}

interface Judged extends Pick<ScanReport, "accountId" | "items" | "lastError" | "evidenceAge" | "acts"> {
  /** Undefined for a scan that broke off: what it had printed by then decides. */
  readonly outcome?: ScanReport["outcome"];
}

async function judge<Settings>(
  { source, scan, run, settings, stop, surroundings }: ScopeScan<Settings>,
  now: Millis,
  emit: ScanContext<Settings>["emit"],
): Promise<Judged> {
  let opened: OpenScope | undefined;
  const accountId = () => opened?.scope.accountId ?? source.accountId;
  const own = openStop(stop);
  try {
    opened = await source.open(stop);
    if (!isChosenAccount(opened.scope.accountId, run)) return unjudged(accountId());
    const context = { ...opened, ...surroundings, run, settings, stop: own.signal, now, emit };
    const { items, coverage, evidenceAge, acts } = await scan(context);
    if (coverage.missing.some(({ code }) => mayBeRotated.includes(code))) source.reopen();
    const lastError = formatMissing(coverage);
    return {
      accountId: accountId(),
      outcome: lastError === undefined ? "ok" : "partial",
      items,
      ...{ lastError, evidenceAge, acts },
    };
  } catch (thrown) {
    if (mayBeRotated.includes(failureCodeOf(thrown))) source.reopen();
    return { ...unjudged(accountId()), lastError: messageOf(thrown) };
  } finally {
    // Reads that a failed scan left under way would count into the next round.
    own.stop("the end of its scan");
    own.release();
  }
}

/** Failures that other credentials under the same name may not have. */
const mayBeRotated: readonly FailureCode[] = ["no_credentials", "expired"];

const unjudged = (accountId: string | undefined): Judged => ({
  ...{ accountId, items: 0, lastError: undefined, evidenceAge: undefined },
});

import pLimit from "p-limit";
import { openScopeLister, type ScopeLister, type ScopeSettings } from "../aws/list-scopes.ts";
import type { ScopeSource } from "../aws/scopes.ts";
import { callsBetween, noCalls } from "../core/call-counts.ts";
import { messageOf } from "../core/errors.ts";
import type { ScanReport } from "../core/scan-report.ts";
import { type Millis, minutes } from "../core/time.ts";
import { reportRun } from "../measurements/report-run.ts";
import { ReaderGone } from "../sink/errors.ts";
import type { Sink } from "../sink/sink.ts";
import type { Frame } from "./frame.ts";
import type { Scan, Surroundings } from "./program.ts";
import { scanScope } from "./scan-scope.ts";
import { openDeadline } from "./stop.ts";

export interface Gathering<Settings> extends ScopeSettings {
  readonly frame: Frame;
  readonly settings: Settings;
  readonly scan: Scan<Settings>;
  readonly sink: Sink;
  readonly state: Pick<Surroundings, "openState" | "findState">;
}

/** One round over all scopes; true if it brought anything usable, and all of it is out. */
export type Gather = (stop: AbortSignal) => Promise<boolean>;

/** Sessions and clients live as long as the gatherer, so later rounds of an execd process find them warm. */
export function openGatherer<Settings>(
  gathering: Gathering<Settings>,
  lister: ScopeLister = openScopeLister(gathering),
): Gather {
  const { run } = gathering;
  return async (outer) => {
    const deadline = openDeadline(outer, run.deadline);
    const reports = await gatherScopes(gathering, lister, deadline.signal).finally(deadline.release);
    const isOut = await flush(gathering);
    // A shard may well have no account of its own, which is no failure.
    return isOut && (reports.length === 0 || reports.some(({ outcome }) => outcome !== "failed"));
  };
}

/** A file that can't be written now may be writable in the next round; a reader that is gone stays gone. */
async function flush({ sink, frame }: Announced): Promise<boolean> {
  try {
    await sink.flush();
    return true;
  } catch (thrown) {
    if (thrown instanceof ReaderGone) throw thrown;
    frame.log.error(messageOf(thrown));
    return false;
  }
}

async function gatherScopes<Settings>(gathering: Gathering<Settings>, lister: ScopeLister, stop: AbortSignal) {
  const { scopes, failure } = await listScopes(gathering, lister, stop);
  if (failure !== undefined) return [failure];
  const limit = pLimit(gathering.run.accountConcurrency);
  const scans = rotate(scopes, gathering.frame.now()).map((source) =>
    limit(() => gatherScope(gathering, source, stop)),
  );
  const reports = (await Promise.all(scans)).filter((report) => report !== undefined);
  if (reports.length === 0) gathering.frame.log.warn("the settings leave no account to scan");
  return reports;
}

interface Listed {
  readonly scopes: readonly ScopeSource[];
  readonly failure?: ScanReport;
}

/** An organization's listing has a status point of its own, so that one which failed is seen to work again. */
async function listScopes<Settings>(
  gathering: Gathering<Settings>,
  lister: ScopeLister,
  stop: AbortSignal,
): Promise<Listed> {
  const { organization } = lister;
  const reportListing = openListingReport(gathering, organization);
  try {
    const scopes = await lister.list(stop);
    if (organization !== undefined) await announce(gathering, reportListing(scopes.length));
    return { scopes };
  } catch (thrown) {
    organization?.reopen();
    const failure = { ...reportListing(0), outcome: "failed", lastError: messageOf(thrown) } as const;
    await announce(gathering, failure);
    return { scopes: [], failure };
  }
}

function openListingReport<Settings>(
  { program, run, frame }: Gathering<Settings>,
  organization: ScopeSource | undefined,
) {
  const started = frame.now();
  const before = organization === undefined ? noCalls() : { ...organization.counts };
  return (items: number): ScanReport => ({
    ...{ program, mode: run.mode, scopeName: "organization", accountId: undefined, outcome: "ok", items },
    ...{ duration: frame.now() - started, calls: callsBetween(before, organization?.counts ?? before) },
    ...{ points: 0, droppedPoints: 0, lastError: undefined, evidenceAge: undefined },
  });
}

/** Another scope is first in each minute, so that of more than fit into the deadline none is always among the last. */
function rotate(scopes: readonly ScopeSource[], now: Millis): readonly ScopeSource[] {
  const first = Math.floor(now / minutes(1)) % Math.max(scopes.length, 1);
  return [...scopes.slice(first), ...scopes.slice(0, first)];
}

async function gatherScope<Settings>(gathering: Gathering<Settings>, source: ScopeSource, stop: AbortSignal) {
  const { program, run, settings, scan, sink, frame, state } = gathering;
  const { environment, log, now: clock } = frame;
  const report = await scanScope({
    ...{ program, source, run, settings, scan, stop },
    surroundings: { ...state, writeDocuments: sink.writeDocuments, environment, log, clock },
    write: (points) => sink.write(points),
  });
  if (report !== undefined) await announce(gathering, report);
  return report;
}

type Announced = Pick<Gathering<never>, "sink" | "frame">;

/**
 * The status point ends a scope's points; people and Telegraf's log get one line where not all went well. What keeps the
 * point from being written is told when the round is flushed.
 */
async function announce({ sink, frame }: Announced, report: ScanReport): Promise<void> {
  const { outcome, scopeName, lastError } = report;
  if (outcome === "failed") frame.log.error(`${scopeName}: ${lastError}`);
  if (outcome === "partial") frame.log.warn(`${scopeName}: partial: ${lastError}`);
  await sink.write([reportRun(report)]).catch(() => undefined);
}

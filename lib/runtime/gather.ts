import pLimit from "p-limit";
import { type ListScopes, type ScopeSettings, scopeLister } from "../aws/list-scopes.ts";
import type { ScopeSource } from "../aws/scopes.ts";
import { noCalls } from "../core/call-counts.ts";
import { messageOf } from "../core/errors.ts";
import type { ScanReport } from "../core/scan-report.ts";
import { reportRun } from "../measurements/report-run.ts";
import { ReaderGone } from "../sink/errors.ts";
import type { Sink } from "../sink/sink.ts";
import type { Frame } from "./frame.ts";
import type { Scan } from "./program.ts";
import { scanScope } from "./scan-scope.ts";
import { openDeadline } from "./stop.ts";

export interface Gathering<Settings> extends ScopeSettings {
  readonly frame: Frame;
  readonly settings: Settings;
  readonly scan: Scan<Settings>;
  readonly sink: Sink;
}

/** One round over all scopes; true if it brought anything usable, and all of it is out. */
export type Gather = (stop: AbortSignal) => Promise<boolean>;

/** Sessions and clients live as long as the gatherer, so later rounds of an execd process find them warm. */
export function openGatherer<Settings>(
  gathering: Gathering<Settings>,
  listScopes: ListScopes = scopeLister(gathering),
): Gather {
  const { run } = gathering;
  return async (outer) => {
    const deadline = openDeadline(outer, run.deadline);
    const reports = await gatherScopes(gathering, listScopes, deadline.signal).finally(deadline.release);
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

async function gatherScopes<Settings>(gathering: Gathering<Settings>, listScopes: ListScopes, stop: AbortSignal) {
  let scopes: readonly ScopeSource[];
  try {
    scopes = await listScopes(stop);
  } catch (thrown) {
    const failure = listingFailure(gathering, thrown);
    await announce(gathering, failure);
    return [failure];
  }
  const limit = pLimit(gathering.run.accountConcurrency);
  const scans = scopes.map((source) => limit(() => gatherScope(gathering, source, stop)));
  const reports = (await Promise.all(scans)).filter((report) => report !== undefined);
  if (reports.length === 0) gathering.frame.log.warn("the settings leave no account to scan");
  return reports;
}

async function gatherScope<Settings>(gathering: Gathering<Settings>, source: ScopeSource, stop: AbortSignal) {
  const { program, run, settings, scan, sink, frame } = gathering;
  const report = await scanScope({
    ...{ program, source, run, settings, scan, stop },
    clock: frame.now,
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

const listingFailure = ({ program, run }: ScopeSettings, thrown: unknown): ScanReport => ({
  ...{ program, mode: run.mode, scopeName: "organization", accountId: undefined, outcome: "failed" },
  ...{ duration: 0, calls: noCalls(), items: 0, points: 0, droppedPoints: 0, evidenceAge: undefined },
  lastError: messageOf(thrown),
});

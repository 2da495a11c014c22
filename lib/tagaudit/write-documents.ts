import type { Document } from "../core/document.ts";
import type { ScanContext } from "../runtime/program.ts";
import type { DocumentTotals, WriteDocuments } from "../sink/sink.ts";
import { openSpool, type Spool } from "../sink/spool.ts";
import type { Store } from "../state/store.ts";
import type { Finding } from "./assess.ts";
import type { AuditRun } from "./audit-run.ts";
import { documentViolator, isViolator, rollUp } from "./documents.ts";

/** One account's documents of one run. */
export interface AuditDocuments {
  add(findings: readonly Finding[]): Promise<void>;
  /** Writes the account's own document; why not all of this run and earlier ones are stored, if so. */
  finish(): Promise<string | undefined>;
}

interface DocumentsRequest extends Pick<ScanContext<never>, "clock" | "stop" | "log" | "scope"> {
  readonly run: AuditRun;
  readonly writeDocuments: WriteDocuments;
  /** Keeps what can't be delivered now; without one it is lost. */
  readonly store: Store | undefined;
}

export async function openDocuments(request: DocumentsRequest): Promise<AuditDocuments> {
  const { run, writeDocuments, stop } = request;
  const rollup = rollUp(run);
  const write = (documents: readonly Document[]) => writeDocuments(documents, stop);
  const spool = openSpoolOf(request);
  const earlier = await spool?.deliverWaiting(write);
  const problems = earlier?.reason === undefined ? [] : [earlier.reason];
  const account = async (totals: DocumentTotals): Promise<void> => {
    await spool?.keepRejected(totals.rejected);
    if (totals.rejected[0] !== undefined) problems.push(`refused: ${totals.rejected[0].reason}`);
    if (totals.undelivered.length === 0) return;
    const { dropped } = (await spool?.keep(totals.undelivered)) ?? { dropped: totals.undelivered.length };
    const lost = dropped === 0 ? "kept for the next run" : `${dropped} are lost`;
    problems.push(`${totals.undelivered.length} could not be delivered, ${lost}: ${totals.reason}`);
  };
  return {
    async add(findings) {
      for (const finding of findings) rollup.add(finding);
      await account(await write(findings.filter(isViolator).map((finding) => documentViolator(finding, run))));
    },
    async finish() {
      await account(await write([rollup.document()]));
      return problems.length === 0 ? undefined : problems[0];
    },
  };
}

const openSpoolOf = ({ store, scope, clock, log }: DocumentsRequest): Spool | undefined =>
  store && openSpool(store, { program: "tagaudit", accountId: scope.accountId, clock, warn: log.warn });

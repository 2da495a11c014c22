import type { Document } from "../core/document.ts";
import { messageOf } from "../core/errors.ts";
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
  const problems: string[] = [];
  const spool = openSpoolOf(request);
  /** That nothing can be kept is a problem of the documents: regions were read all the same. */
  const keeping = async <Value>(work: (spool: Spool) => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await (spool && work(spool));
    } catch (thrown) {
      problems.push(messageOf(thrown));
      return undefined;
    }
  };
  const earlier = await keeping((one) => one.deliverWaiting(write));
  if (earlier?.reason !== undefined) problems.push(earlier.reason);
  const account = async ({ rejected, undelivered, reason }: DocumentTotals): Promise<void> => {
    await keeping((one) => one.keepRejected(rejected));
    if (rejected[0] !== undefined) problems.push(`refused: ${rejected[0].reason}`);
    if (undelivered.length === 0) return;
    const { dropped } = (await keeping((one) => one.keep(undelivered))) ?? { dropped: undelivered.length };
    const lost = dropped === 0 ? "kept for the next run" : `${dropped} are lost`;
    problems.push(`${undelivered.length} could not be delivered, ${lost}: ${reason}`);
  };
  return {
    async add(findings) {
      for (const finding of findings) rollup.add(finding);
      await account(await write(findings.filter(isViolator).map((finding) => documentViolator(finding, run))));
    },
    async finish() {
      await account(await write([rollup.document()]));
      return problems[0];
    },
  };
}

const openSpoolOf = ({ store, scope, clock, log }: DocumentsRequest): Spool | undefined =>
  store && openSpool(store, { program: "tagaudit", accountId: scope.accountId, clock, warn: log.warn });

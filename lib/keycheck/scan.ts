import type { CoverageNotes } from "../core/coverage.ts";
import type { CredentialReport } from "../core/iam.ts";
import type { Millis } from "../core/time.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { tallyAccount } from "./account-summary.ts";
import { assessSlots, assessUser, type KeyFinding } from "./assess.ts";
import { collectKeys, type KeycheckReads } from "./collect.ts";
import { type Printing, reportAccount, reportKey, reportSlot, reportSlotAccount } from "./report.ts";
import type { KeycheckSettings } from "./settings.ts";

export interface KeycheckContext extends ScanContext<KeycheckSettings> {
  readonly printing: Printing;
  readonly notes: CoverageNotes;
}

/** Judges every key of every user, each as it is read. */
export async function scanKeys(context: KeycheckContext, reads: KeycheckReads): Promise<ScanResult> {
  const { scope, run, settings, now, emit, printing, notes } = context;
  const inventory = collectKeys(reads, { notes, partition: scope.partition, concurrency: run.concurrency });
  const tally = tallyAccount();
  for await (const user of inventory.users) {
    const findings = assessUser(user, settings, settings.at ?? now);
    tally.add(findings);
    await emit(findings.map((finding) => reportKey(finding, printing)));
  }
  const { report, serviceCredentials } = await inventory.account;
  const root = rootKeys(report, context);
  const coverage = notes.coverage();
  const evidenceAge = report === undefined ? 0 : ageOf(report, now);
  const facts = {
    ...{ rootKeys: countActive(root), serviceCredentials, usersMissing: coverage.subjectsMissing },
    reportAge: report === undefined ? undefined : evidenceAge,
  };
  const summary = tally.summary();
  await emit([...(root ?? []).map((key) => reportSlot(key, printing)), reportAccount(summary, facts, printing)]);
  return { items: summary.keys, coverage, evidenceAge };
}

/** Judges the report's key slots: at most four IAM calls for any number of users, and a lower bound of every age. */
export async function scanCredentialReport(context: KeycheckContext, reads: KeycheckReads): Promise<ScanResult> {
  const { settings, now, emit, printing, notes } = context;
  const report = await reads.readCredentialReport();
  const tally = tallyAccount();
  for (const row of report.rows.values()) {
    const findings = assessSlots(row, settings, settings.at ?? now);
    tally.add(findings);
    await emit(findings.map((finding) => reportSlot(finding, printing)));
  }
  const root = rootKeys(report, context);
  const evidenceAge = ageOf(report, now);
  const facts = { rootKeys: countActive(root), reportAge: evidenceAge };
  const summary = tally.summary();
  await emit([...(root ?? []).map((key) => reportSlot(key, printing)), reportSlotAccount(summary, facts, printing)]);
  return { items: summary.keys, coverage: notes.coverage(), evidenceAge };
}

/** The root user's keys, which no listing shows; undefined where no report tells of them. */
function rootKeys(report: CredentialReport | undefined, { settings, now }: KeycheckContext) {
  return report?.root === undefined ? undefined : assessSlots(report.root, settings, settings.at ?? now);
}

const countActive = (keys: readonly KeyFinding[] | undefined): number | undefined =>
  keys?.filter((key) => key.active).length;

/** IAM's clock may be ahead of ours. */
const ageOf = ({ generatedAt }: CredentialReport, now: Millis): Millis => Math.max(0, now - generatedAt);

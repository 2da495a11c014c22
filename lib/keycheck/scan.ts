import { trackCoverage } from "../core/coverage.ts";
import type { CredentialReport, ReportRow } from "../core/iam.ts";
import { type Millis, seconds } from "../core/time.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { tallyAccount } from "./account-summary.ts";
import { assessSlots, assessUser, type KeyFinding } from "./assess.ts";
import { collectKeys, type KeycheckReads } from "./collect.ts";
import { type Printing, reportAccount, reportKey, reportSlot, reportSlotAccount } from "./report.ts";
import type { KeycheckSettings } from "./settings.ts";

type Context = ScanContext<KeycheckSettings> & { readonly printing: Printing };

/** Judges every key of every user, each as it is read. */
export async function scanKeys(context: Context, reads: KeycheckReads): Promise<ScanResult> {
  const { scope, run, settings, now, emit, printing } = context;
  const inventory = collectKeys(reads, { partition: scope.partition, concurrency: run.concurrency });
  const tally = tallyAccount();
  for await (const user of inventory.users) {
    const findings = assessUser(user, settings, settings.at ?? now);
    tally.add(findings);
    await emit(findings.map((finding) => reportKey(finding, printing)));
  }
  const { report, serviceCredentials } = await inventory.account;
  const root = rootKeys(report, context);
  const facts = { rootKeys: countActive(root), serviceCredentials, reportAge: reportAge(report, now) };
  const summary = tally.summary();
  await emit([...(root ?? []).map((key) => reportSlot(key, printing)), reportAccount(summary, facts, printing)]);
  return { items: summary.keys, coverage: inventory.coverage(), evidenceAge: 0 };
}

/** Judges the report's key slots: three or four calls for any number of users, and a lower bound of every age. */
export async function scanCredentialReport(context: Context, reads: KeycheckReads): Promise<ScanResult> {
  const { settings, now, emit, printing } = context;
  const report = await reads.readCredentialReport();
  const tally = tallyAccount();
  for (const row of report.rows.values()) {
    const findings = assessSlots(row, settings, settings.at ?? now);
    tally.add(findings);
    await emit(findings.map((finding) => reportSlot(finding, printing)));
  }
  const root = rootKeys(report, context);
  const facts = { rootKeys: countActive(root), reportAge: reportAge(report, now) };
  const summary = tally.summary();
  await emit([...(root ?? []).map((key) => reportSlot(key, printing)), reportSlotAccount(summary, facts, printing)]);
  return { items: summary.keys, coverage: trackCoverage().coverage(), evidenceAge: ageOf(report, now) };
}

/** The root user's keys, which no listing shows; undefined where there is no report to tell. */
function rootKeys(report: CredentialReport | undefined, { settings, now }: Context): readonly KeyFinding[] | undefined {
  if (report === undefined) return undefined;
  const slots = (root: ReportRow) => assessSlots(root, settings, settings.at ?? now);
  return report.root === undefined ? [] : slots(report.root);
}

const countActive = (keys: readonly KeyFinding[] | undefined): number | undefined =>
  keys?.filter((key) => key.active).length;

/** Never negative: a report may be made while the scan runs, and by a clock that is not ours. */
const ageOf = (report: CredentialReport, now: Millis): Millis => Math.max(0, now - report.generatedAt);

const reportAge = (report: CredentialReport | undefined, now: Millis): number | undefined =>
  report === undefined ? undefined : Math.floor(ageOf(report, now) / seconds(1));

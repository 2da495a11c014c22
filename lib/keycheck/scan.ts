import type { Acts } from "../act/act-on-account.ts";
import { countActs } from "../act/count-acts.ts";
import type { Exemption } from "../act/exemptions.ts";
import type { Coverage, CoverageNotes } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { CredentialReport, ReportRow } from "../core/iam.ts";
import type { Millis } from "../core/time.ts";
import { reportRefusals } from "../measurements/refusal.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { tallyAccount } from "./account-summary.ts";
import { assessSlots, assessUser, type Judging, type KeyFinding } from "./assess.ts";
import { collectKeys, type Inventory, type KeycheckReads } from "./collect.ts";
import { collectWarm, type Remembering } from "./collect-warm.ts";
import type { Following } from "./follow-keys.ts";
import { type KindUser, kindOf, pathOf } from "./kinds.ts";
import {
  type ActingSummary,
  type Printing,
  reportAccount,
  reportKey,
  reportSlot,
  reportSlotAccount,
} from "./report.ts";
import type { KeycheckSettings } from "./settings.ts";

export interface KeycheckContext extends ScanContext<KeycheckSettings> {
  /** It may still be asked for while users are read. */
  readonly printing: Promise<Printing>;
  readonly notes: CoverageNotes;
  /** Those of the settings and of the store. */
  readonly exemptions: readonly Exemption[];
  /** Absent where nothing can be remembered: every user is listed. */
  readonly remembering?: Remembering | undefined;
  /** Absent where nothing is remembered of what was done. */
  readonly keeping?: Keeping | undefined;
}

/** What is done about keys beside printing them. */
export interface Keeping {
  readonly following: Following;
  /** Acts, where the mode allows it, and sums up what has come of it so far. */
  readonly conclude: (judged: { readonly coverage: Coverage; readonly keys: number }) => Promise<Kept>;
}

export interface Kept {
  readonly summary: ActingSummary;
  /** Absent in observe, and where another run acts on the account. */
  readonly acts?: Acts | undefined;
}

/** Judges every key of every user, each as it is read. */
export async function scanKeys(context: KeycheckContext, reads: KeycheckReads): Promise<ScanResult> {
  const { now, emit, notes, keeping, scope } = context;
  const inventory = openInventory(context, reads);
  const tally = tallyAccount();
  let oldest = now;
  for await (const user of inventory.users) {
    oldest = Math.min(oldest, user.confirmedAt);
    const findings = assessUser(user, judgingOf(user, context));
    tally.add(findings);
    keeping?.following.see(user, findings);
    const printing = await context.printing;
    await emit(findings.map((finding) => reportKey(finding, printing)));
  }
  const { report, serviceCredentials } = await inventory.account;
  const printing = await context.printing;
  const root = rootKeys(report, context);
  const coverage = notes.coverage();
  const reportAge = report === undefined ? undefined : ageOf(report, now);
  const usersMissing = coverage.subjectsMissing;
  const summary = tally.summary();
  const kept = await concludeOrNote(context, { coverage, keys: summary.keys });
  const facts = {
    ...{ rootKeys: countActive(root), serviceCredentials, usersMissing, reportAge },
    acting: kept?.summary,
  };
  await emit([
    ...(root ?? []).map((key) => reportSlot(key, printing)),
    reportAccount(summary, facts, printing),
    ...reportRefusals("keycheck", scope.accountId, kept?.acts?.refusals ?? []),
  ]);
  const evidenceAge = Math.max(reportAge ?? 0, now - oldest);
  return { items: summary.keys, coverage: notes.coverage(), evidenceAge, acts: countActs(kept?.acts) };
}

/** That nothing can be done about keys takes nothing from what was found out about them. */
async function concludeOrNote(
  { keeping, notes }: KeycheckContext,
  judged: Parameters<Keeping["conclude"]>[0],
): Promise<Kept | undefined> {
  try {
    return await keeping?.conclude(judged);
  } catch (thrown) {
    const reason = messageOf(thrown);
    notes.note({ what: "what is done about keys", code: failureCodeOf(thrown), reason, subjects: false });
    return undefined;
  }
}

function openInventory({ scope, run, now, notes, remembering }: KeycheckContext, reads: KeycheckReads): Inventory {
  const collecting = { notes, partition: scope.partition, concurrency: run.concurrency, now };
  return remembering === undefined
    ? collectKeys(reads, collecting)
    : collectWarm(reads, { ...collecting, ...remembering });
}

/** Judges the report's key slots: at most four IAM calls for any number of users, and a lower bound of every age. */
export async function scanCredentialReport(context: KeycheckContext, reads: KeycheckReads): Promise<ScanResult> {
  const { now, emit, notes } = context;
  const [report, printing] = await Promise.all([reads.readCredentialReport(), context.printing]);
  const tally = tallyAccount();
  for (const row of report.rows.values()) {
    const findings = assessRow(row, context);
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
function rootKeys(report: CredentialReport | undefined, context: KeycheckContext) {
  return report?.root === undefined ? undefined : assessRow(report.root, context);
}

const assessRow = (row: ReportRow, context: KeycheckContext) =>
  assessSlots(row, judgingOf({ name: row.user, path: pathOf(row.arn) }, context));

export const judgingOf = (user: KindUser, { settings, exemptions, now }: Judges): Judging => ({
  ...{ policy: kindOf(user, settings), exemptions, now: settings.at ?? now },
});

type Judges = Pick<KeycheckContext, "settings" | "exemptions" | "now">;

const countActive = (keys: readonly KeyFinding[] | undefined): number | undefined =>
  keys?.filter((key) => key.active).length;

/** IAM's clock may be ahead of ours. */
const ageOf = ({ generatedAt }: CredentialReport, now: Millis): Millis => Math.max(0, now - generatedAt);

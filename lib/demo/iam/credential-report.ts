import { hours } from "../../core/time.ts";
import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../operation.ts";
import type { Account, StoredReport } from "../state.ts";
import { formatCredentialReport } from "./credential-report-csv.ts";
import { everything } from "./resources.ts";

/** IAM keeps one report and makes a new one at most this often. */
const lifetime = hours(4);

export const generateCredentialReport: Operation = {
  action: "GenerateCredentialReport",
  resource: everything,
  answer(call) {
    const { account } = call.caller;
    if (account.report.refusesGeneration)
      throw new AwsError("LimitExceeded", 409, "Cannot exceed the limit for credential report generation");
    const { storedReport } = account;
    if (storedReport === undefined || isExpired(storedReport, call)) {
      account.storedReport = startReport(account, call);
      return {
        State: "STARTED",
        Description: storedReport ? undefined : "No report exists. Starting a new report generation task",
      };
    }
    return { State: isComplete(storedReport, call) ? "COMPLETE" : "INPROGRESS" };
  },
};

/** IAM says no more than "Unknown" of a report that is not there. */
export const getCredentialReport: Operation = {
  action: "GetCredentialReport",
  resource: everything,
  answer(call) {
    const report = call.caller.account.storedReport;
    if (report === undefined) throw new AwsError("ReportNotPresent", 410, "Unknown");
    if (!isComplete(report, call)) throw new AwsError("ReportInProgress", 404, "Unknown");
    if (isExpired(report, call)) throw new AwsError("ReportExpired", 410, "Unknown");
    return {
      Content: Buffer.from(report.content).toString("base64"),
      ReportFormat: "text/csv",
      GeneratedTime: new Date(report.generatedAt),
    };
  },
};

/** What the report says is fixed here: later changes wait for the next one. */
const startReport = (account: Account, { now }: Call): StoredReport => ({
  content: formatCredentialReport(account),
  generatedAt: now,
  completeFrom: now + account.report.generationMs,
  pollsLeft: account.report.pollsUntilComplete,
});

const isExpired = (report: StoredReport, { now }: Call): boolean => now - report.generatedAt > lifetime;

/** Asking is what brings a report nearer, as far as it waits for polls. */
function isComplete(report: StoredReport, { now }: Call): boolean {
  if (now < report.completeFrom) return false;
  if (report.pollsLeft === 0) return true;
  report.pollsLeft -= 1;
  return false;
}

import type { Millis } from "../../lib/core/time.ts";
import { formatCredentialReport } from "../../lib/demo/iam/credential-report-csv.ts";
import type { Account } from "../../lib/demo/state.ts";

/** Lets the account have a credential report from the start, so that a run does not wait for the first one. */
export function storeReport(account: Account, generatedAt: Millis): void {
  account.storedReport = { content: formatCredentialReport(account), generatedAt, completeFrom: 0, pollsLeft: 0 };
}

import { setTimeout as pause } from "node:timers/promises";
import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from "@aws-sdk/client-iam";
import { type FailureCode, failureCodeOf, OpsError } from "../../core/errors.ts";
import type { CredentialReport } from "../../core/iam.ts";
import { type Millis, seconds } from "../../core/time.ts";
import { type Calling, call } from "../call.ts";
import { liftReport } from "./lift-report.ts";
import { parseCredentialReport } from "./parse-credential-report.ts";

export const credentialReportActions = ["iam:GenerateCredentialReport", "iam:GetCredentialReport"] as const;

const [generate, get] = credentialReportActions;

/**
 * The account's credential report, at most 4 h old by IAM's own rule. Where IAM refuses to generate one (its limit
 * counts per account, not per caller), the report that is still there is taken: `generatedAt` says its age.
 *
 * @param reporting a client that tries each call once; the pauses between polls grow here
 * @throws OpsError, `not_ready` when it is not there within `patience`
 */
export async function readCredentialReport(reporting: Calling<IAMClient>, patience: Millis): Promise<CredentialReport> {
  let waited = 0;
  let state = await requestReport(reporting);
  for (const wait of growingPauses()) {
    const report = state === "underway" && waited === 0 ? undefined : await fetchReport(reporting);
    if (report !== undefined) return report;
    if (waited + wait > patience) break;
    await pause(wait, undefined, { signal: reporting.stop }).catch(() => undefined);
    waited += wait;
    if (state === "refused") state = await requestReport(reporting);
  }
  throw new OpsError("not_ready", `${get}: the report was not ready within ${patience / 1000} s`);
}

function* growingPauses(): Generator<Millis> {
  for (let wait = seconds(0.5); ; wait = Math.min(wait * 2, seconds(8))) yield wait;
}

async function requestReport({ client, stop }: Calling<IAMClient>): Promise<"underway" | "complete" | "refused"> {
  try {
    const answer = await call(generate, stop, () =>
      client.send(new GenerateCredentialReportCommand({}), { abortSignal: stop }),
    );
    return answer.State === "COMPLETE" ? "complete" : "underway";
  } catch (thrown) {
    if (failureCodeOf(thrown) === "throttled") return "refused";
    throw thrown;
  }
}

const worthWaitingFor: readonly FailureCode[] = ["not_ready", "missing", "throttled"];

async function fetchReport({ client, stop }: Calling<IAMClient>): Promise<CredentialReport | undefined> {
  try {
    const command = new GetCredentialReportCommand({});
    const lifted = liftReport(command);
    const answer = await call(get, stop, () => client.send(command, { abortSignal: stop }));
    const csv = lifted();
    if (csv === undefined || answer.GeneratedTime === undefined)
      throw new OpsError("other", `${get}: the answer is empty`);
    return parseCredentialReport(csv, answer.GeneratedTime.getTime());
  } catch (thrown) {
    if (worthWaitingFor.includes(failureCodeOf(thrown))) return undefined;
    throw thrown;
  }
}

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

export interface ReportPatience {
  readonly patience: Millis;
  /** How many times to ask for the report at most while it is being made; absent: at growing pauses, to the end. */
  readonly polls?: number;
}

/**
 * The account's credential report, at most 4 h old by IAM's own rule. Where IAM refuses to generate one (its limit
 * counts per account, not per caller), the report that is still there is taken: `generatedAt` says its age.
 *
 * @param reporting a client that tries each call once; what passes is tried again here, between the pauses
 * @throws OpsError, `not_ready` when it is not there within `patience`
 */
export async function readCredentialReport(
  reporting: Calling<IAMClient>,
  waiting: ReportPatience,
): Promise<CredentialReport> {
  let state = await requestReport(reporting);
  const isMade = state !== "underway";
  for (const wait of isMade ? [0, ...pauses(waiting)] : pauses(waiting)) {
    await pause(wait, undefined, { signal: reporting.stop }).catch(() => undefined);
    const report = await fetchReport(reporting);
    if (report !== undefined) return report;
    if (state === "refused") state = await requestReport(reporting);
  }
  throw new OpsError("not_ready", `${get}: the report was not ready within ${waiting.patience / 1000} s`);
}

/** Together as long as the patience: doubling up to 8 s, or, where polls are counted, a short one and the rest. */
export function pauses({ patience, polls }: ReportPatience): readonly Millis[] {
  const waits: Millis[] = [];
  let left = patience;
  for (let wait = polls === undefined ? seconds(0.5) : seconds(3); left > 0; wait = Math.min(wait * 2, seconds(8))) {
    const isLast = waits.length + 1 === polls;
    waits.push(isLast ? left : Math.min(wait, left));
    left -= waits.at(-1) ?? left;
  }
  return waits.length > 0 ? waits : [0];
}

async function requestReport({ client, stop }: Calling<IAMClient>): Promise<"underway" | "complete" | "refused"> {
  try {
    const answer = await call(generate, stop, () =>
      client.send(new GenerateCredentialReportCommand({}), { abortSignal: stop }),
    );
    return answer.State === "COMPLETE" ? "complete" : "underway";
  } catch (thrown) {
    if (passing.includes(failureCodeOf(thrown))) return "refused";
    throw thrown;
  }
}

/** IAM's limit on reports, a server's bad moment, a torn answer. */
const passing: readonly FailureCode[] = ["throttled", "unreachable"];

const worthWaitingFor: readonly FailureCode[] = [...passing, "not_ready", "missing"];

async function fetchReport({ client, stop }: Calling<IAMClient>): Promise<CredentialReport | undefined> {
  try {
    const command = new GetCredentialReportCommand({});
    const lifted = liftReport(command);
    const answer = await call(get, stop, () => client.send(command, { abortSignal: stop }));
    const csv = lifted() ?? textOf(answer.Content);
    if (csv === undefined || answer.GeneratedTime === undefined)
      throw new OpsError("other", `${get}: the answer is empty`);
    return parseCredentialReport(csv, answer.GeneratedTime.getTime());
  } catch (thrown) {
    if (worthWaitingFor.includes(failureCodeOf(thrown))) return undefined;
    throw thrown;
  }
}

const textOf = (content: Uint8Array | undefined): string | undefined =>
  content === undefined || content.length === 0 ? undefined : new TextDecoder().decode(content);

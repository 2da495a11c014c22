import { setTimeout as pause } from "node:timers/promises";
import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from "@aws-sdk/client-iam";
import { type FailureCode, failureCodeOf, OpsError } from "../../core/errors.ts";
import type { CredentialReport } from "../../core/iam.ts";
import { hours, type Millis, seconds } from "../../core/time.ts";
import { type Calling, call } from "../call.ts";
import { sendOnce } from "../send-once.ts";
import { liftReport } from "./lift-report.ts";
import { parseCredentialReport } from "./parse-credential-report.ts";

export const credentialReportActions = ["iam:GenerateCredentialReport", "iam:GetCredentialReport"] as const;

const [generate, get] = credentialReportActions;

/** IAM makes a new one at most this often, and answers ReportExpired for an older one. */
const lifetime = hours(4);

export interface ReportPatience {
  readonly now: Millis;
  readonly patience: Millis;
  /** How many times to ask for the report at most while it is being made; absent: at growing pauses, to the end. */
  readonly polls?: number;
}

/**
 * The account's credential report: the last one, unless it is older than IAM's 4 h or gone, else a new one. Where IAM
 * refuses to generate one (its limit counts per account, not per caller), the report that is still there is taken:
 * `generatedAt` says its age. Each call is tried once, and what passes is tried again here, between the pauses: the limit
 * of reports answers by a name that the SDK takes for throttling.
 *
 * @throws OpsError, `not_ready` when it is not there within `patience`
 */
export async function readCredentialReport(
  iam: Calling<IAMClient>,
  waiting: ReportPatience,
): Promise<CredentialReport> {
  // Most runs find the one that an earlier run asked for. Where polls are counted, a miss would be a call too many.
  const there = waiting.polls === undefined ? await fetchReport(iam) : undefined;
  if (there !== undefined && waiting.now - there.generatedAt < lifetime) return there;
  let state = await requestReport(iam);
  const waits = state === "underway" ? pauses(waiting) : [0, ...pauses(waiting)].slice(0, waiting.polls);
  for (const wait of waits) {
    await pause(wait, undefined, { signal: iam.stop }).catch(() => undefined);
    const report = await fetchReport(iam);
    if (report !== undefined) return report;
    if (state === "refused" && waiting.polls === undefined) state = await requestReport(iam);
  }
  const waited = waits.reduce((sum, wait) => sum + wait, 0);
  throw new OpsError("not_ready", `${get}: the report was not ready within ${waited / 1000} s`);
}

/** Doubling up to 8 s for as long as the patience; where polls are counted, a short one and then long ones. */
export function pauses({ patience, polls }: Omit<ReportPatience, "now">): readonly Millis[] {
  const [first, longest] = polls === undefined ? [seconds(0.5), seconds(8)] : [seconds(3), seconds(20)];
  const waits: Millis[] = [];
  let left = patience;
  for (
    let wait = first;
    left > 0 && waits.length !== polls;
    wait = Math.min(polls === undefined ? wait * 2 : longest, longest)
  ) {
    waits.push(Math.min(wait, left));
    left -= wait;
  }
  return waits.length > 0 ? waits : [0];
}

async function requestReport({ client, stop }: Calling<IAMClient>): Promise<"underway" | "complete" | "refused"> {
  try {
    const answer = await call(generate, stop, () =>
      sendOnce(new GenerateCredentialReportCommand({}), (command) => client.send(command, { abortSignal: stop })),
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
    const answer = await call(get, stop, () => sendOnce(command, (once) => client.send(once, { abortSignal: stop })));
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

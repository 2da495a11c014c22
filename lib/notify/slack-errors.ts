import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { type FailureCode, messageOf } from "../core/errors.ts";
import { seconds } from "../core/time.ts";
import { NotifyError } from "./notifier.ts";
import { NoAnswer } from "./slack-fetch.ts";

/** Those errors of https://docs.slack.dev/reference/methods that say more than that our request was wrong. */
const namesByCode = {
  denied: [
    ...["not_authed", "invalid_auth", "account_inactive", "token_revoked", "missing_scope", "no_permission"],
    ...["not_allowed_token_type", "access_denied", "accesslimited", "org_login_required", "ekm_access_denied"],
    ...["two_factor_setup_required", "enterprise_is_restricted", "team_access_not_granted", "not_in_channel"],
    ...["restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"],
    ...["restricted_action_non_threadable_channel", "restricted_action_thread_locked"],
  ],
  expired: ["token_expired"],
  missing: [
    ...["channel_not_found", "is_archived", "messages_tab_disabled"],
    ...["user_not_found", "users_not_found", "user_not_visible", "user_disabled"],
  ],
  throttled: ["ratelimited", "rate_limited", "message_limit_exceeded"],
  unreachable: ["fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"],
} as const satisfies Partial<Record<FailureCode, readonly string[]>>;

const codeByName: ReadonlyMap<string, FailureCode> = new Map(
  // Object.entries forgets which keys there are.
  (Object.entries(namesByCode) as [FailureCode, readonly string[]][]).flatMap(([code, names]) =>
    names.map((name): [string, FailureCode] => [name, code]),
  ),
);

/** Of these Slack says that some aspect of the operation may have succeeded, or says nothing of it. */
const halfDone: readonly string[] = ["fatal_error", "internal_error", "service_unavailable"];

/** The only method of ours that leaves anything behind. */
const posting = "chat.postMessage";

type Failure = ConstructorParameters<typeof NotifyError>[1];
type Judged = Failure & { readonly says: string };

export function classifySlackError(method: string, thrown: unknown): NotifyError {
  const { says, mayBeSent = false, ...failure } = judge(thrown);
  return new NotifyError(`${method}: ${says}`, {
    ...{ ...failure, mayBeSent: mayBeSent && method === posting, cause: thrown },
  });
}

function judge(thrown: unknown): Judged {
  if (thrown instanceof WebAPIPlatformError) return judgeAnswer(thrown.data);
  if (thrown instanceof WebAPIRateLimitedError) {
    const { retryAfter } = thrown;
    return { code: "throttled", says: `asked to wait ${retryAfter} s`, retryAfter: seconds(retryAfter) };
  }
  if (thrown instanceof WebAPIHTTPError) {
    const { statusCode } = thrown;
    return { code: "unreachable", says: `HTTP ${statusCode}`, mayBeSent: statusCode >= 500 };
  }
  if (thrown instanceof WebAPIRequestError && thrown.original instanceof NoAnswer) {
    return { code: "unreachable", says: reasonOf(thrown.original), mayBeSent: thrown.original.isSent };
  }
  return { code: "other", says: messageOf(thrown), mayBeSent: true };
}

type SlackAnswer = WebAPIPlatformError["data"];

function judgeAnswer(answer: SlackAnswer): Judged {
  const { error } = answer;
  // The client takes whatever is no JSON for an error's name: a proxy's page, or half an answer.
  if (!/^[a-z0-9_]+$/.test(error)) return { code: "unreachable", says: "the answer is not Slack's", mayBeSent: true };
  const needed = "needed" in answer ? [`needs ${answer.needed}`] : [];
  const says = [error, ...needed, ...(answer.response_metadata?.messages ?? [])].join(", ");
  return { code: codeByName.get(error) ?? "other", says, mayBeSent: halfDone.includes(error) };
}

/** Socket errors of several addresses come as an AggregateError without a message of its own. */
function reasonOf({ message, cause }: NoAnswer): string {
  return cause instanceof AggregateError && cause.errors.length > 0 ? messageOf(cause.errors[0]) : message;
}

/** Slack's own name for a failure, where it gave one. */
export const slackNameOf = ({ cause }: NotifyError): string | undefined =>
  cause instanceof WebAPIPlatformError ? cause.data.error : undefined;

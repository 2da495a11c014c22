import { messageOf } from "../core/errors.ts";
import type { Message } from "../core/message.ts";
import { ticketAddress } from "./jira-address.ts";
import type { JiraCalls } from "./jira-calls.ts";
import { JiraFailure } from "./jira-failure.ts";
import { type Issue, type IssueFields, type IssueSetting, issueFields, labelQuery } from "./jira-issue.ts";
import { hideSecrets } from "./jira-text.ts";
import { chooseTransition } from "./jira-transition.ts";
import { type Ticket, type Tracker, TrackerError } from "./tracker.ts";

export interface TrackerSetting extends IssueSetting {
  readonly siteAddress: string | undefined;
  /** What no error may say. */
  readonly secrets: readonly string[];
}

export function jiraTracker<Body>(calls: JiraCalls<Body>, setting: TrackerSetting): Tracker {
  const { projectKey, secrets } = setting;
  let site = setting.siteAddress;

  const getSite = async (): Promise<string> => {
    site ??= await calls.getSiteAddress();
    return site;
  };

  const asTicket = async ({ key, status, isDone }: Issue): Promise<Ticket> => ({
    ...{ key, status, isDone },
    url: ticketAddress(await getSite(), key),
  });

  const explain = <Value>(what: string, run: () => Promise<Value>): Promise<Value> =>
    run().catch((thrown: unknown) => {
      throw explained(`can't ${what}`, thrown, secrets);
    });

  const move = async (key: string, { text, reference, towards }: Move): Promise<void> => {
    const { isDone } = await calls.getIssue(key);
    const isThere = isDone === (towards === "done");
    // Before the comment, so that none tells of what can't happen.
    const step = isThere ? undefined : await findStep(calls, key, towards);
    if (!(await hasReference(calls, key, reference))) await calls.addComment(key, calls.formatBody(text, reference));
    if (step !== undefined) await calls.doTransition(key, step);
  };

  return {
    findTicket: (label) =>
      explain(`search jira for the label "${label}"`, async () => {
        const found = await calls.searchIssues(labelQuery(projectKey, label));
        return await Promise.all(found.filter(({ labels }) => labels.includes(label)).map(asTicket));
      }),

    getTicket: (key) =>
      explain(`read ticket "${key}"`, async () => {
        const issue = await findIssue(calls, key);
        return issue === undefined ? undefined : await asTicket(issue);
      }),

    createTicket: (intent, ticket) =>
      explain(`create a ticket in jira project "${projectKey}"`, async () => {
        // Before the change, so that nothing can fail behind it.
        const address = await getSite();
        const body = calls.formatBody(ticket.message, intent.reference);
        const key = await createIssue(calls, issueFields(ticket, body, setting));
        return { key, url: ticketAddress(address, key), isDone: false, status: "created" };
      }),

    comment: (intent, key, message) =>
      explain(`comment on ticket "${key}"`, () => calls.addComment(key, calls.formatBody(message, intent.reference))),

    hasComment: (key, reference) =>
      explain(`read the comments of ticket "${key}"`, () => hasReference(calls, key, reference)),

    close: ({ reference }, key, text) =>
      explain(`close ticket "${key}"`, () => move(key, { text, reference, towards: "done" })),

    reopen: ({ reference }, key, text) =>
      explain(`reopen ticket "${key}"`, () => move(key, { text, reference, towards: "open" })),
  };
}

interface Move {
  readonly text: Message;
  readonly reference: string;
  readonly towards: "done" | "open";
}

type Calls = Omit<JiraCalls<never>, "formatBody">;

/** Jira answers 404, too, for what this user may not see: only who sees the project can know that an issue is not there. */
async function findIssue(calls: Calls, key: string): Promise<Issue | undefined> {
  try {
    return await calls.getIssue(key);
  } catch (thrown) {
    if (!(thrown instanceof JiraFailure) || thrown.code !== "missing" || thrown.status !== 404) throw thrown;
    const projectKey = key.slice(0, key.lastIndexOf("-"));
    if (await calls.mayBrowse(projectKey)) return undefined;
    const reason = `${thrown.message}, and this user may not browse project "${projectKey}"`;
    throw new JiraFailure("denied", reason, { mayBeDone: false });
  }
}

/** A due date is worth less than the ticket: many projects don't have the field on their screens. */
async function createIssue<Body>(calls: JiraCalls<Body>, fields: IssueFields<Body>): Promise<string> {
  try {
    return await calls.createIssue(fields);
  } catch (thrown) {
    if (!(thrown instanceof JiraFailure) || Object.keys(thrown.fieldErrors).join() !== "duedate") throw thrown;
    const { duedate: _, ...others } = fields;
    return await calls.createIssue(others);
  }
}

async function hasReference(calls: Calls, key: string, reference: string): Promise<boolean> {
  let seen = 0;
  for (let page = 0; page < mostCommentPages; page++) {
    const { bodies, total } = await calls.listComments(key, seen);
    if (bodies.some((body) => JSON.stringify(body).includes(reference))) return true;
    seen += bodies.length;
    if (bodies.length === 0 || seen >= total) break;
  }
  return false;
}

/** Jira Cloud keeps at most 5,000 comments of an issue. */
const mostCommentPages = 100;

async function findStep(calls: Calls, key: string, towards: "done" | "open") {
  const choice = chooseTransition(await calls.listTransitions(key), towards);
  if ("refusal" in choice) throw new JiraFailure("other", choice.refusal, { mayBeDone: false });
  return choice.step;
}

/** Without its cause: the client's own errors hold the request with its credentials. Cut only once none of them is in it. */
function explained(what: string, thrown: unknown, secrets: readonly string[]): TrackerError {
  const failure =
    thrown instanceof JiraFailure ? thrown : { code: "other" as const, message: String(thrown), mayBeDone: true };
  const says = messageOf(hideSecrets(`${what}: ${failure.message}`, secrets));
  return new TrackerError(failure.code, says, failure.mayBeDone);
}

import type { Message } from "../core/message.ts";
import type { Issue, IssueFields } from "./jira-issue.ts";
import type { Step, Transition } from "./jira-transition.ts";

/** What is asked of Jira, by either of its APIs; every call throws JiraFailure. */
export interface JiraCalls<Body> extends SharedCalls {
  /** As this API wants descriptions and comments. */
  formatBody(message: Message, reference: string): Body;
  /** Its key. */
  createIssue(fields: IssueFields<Body>): Promise<string>;
  addComment(key: string, body: Body): Promise<void>;
  /** All that match, however many pages that takes. */
  searchIssues(query: string): Promise<readonly Issue[]>;
}

export interface SharedCalls {
  getIssue(key: string): Promise<Issue>;
  /** Latest first. */
  listComments(key: string, startAt: number): Promise<CommentPage>;
  listTransitions(key: string): Promise<readonly Transition[]>;
  doTransition(key: string, step: Step): Promise<void>;
  /** Whether this user sees a project's issues. */
  mayBrowse(projectKey: string): Promise<boolean>;
  /** Where people reach this Jira. */
  getSiteAddress(): Promise<string>;
}

export interface CommentPage {
  /** Of a form that differs by API. */
  readonly bodies: readonly unknown[];
  /** Of all pages. */
  readonly total: number;
}

import type { SharedCalls } from "./jira-calls.ts";
import { answers, readAnswer } from "./jira-issue.ts";

/** What jira.js has alike for versions 2 and 3 of the API. */
export interface SharedApi {
  readonly issues: {
    getIssue(parameters: { issueIdOrKey: string; fields: string[] }): Promise<unknown>;
    getTransitions(parameters: { issueIdOrKey: string; expand: string }): Promise<unknown>;
    doTransition(parameters: { issueIdOrKey: string; transition: { id: string }; fields: unknown }): Promise<unknown>;
  };
  readonly comments: {
    getComments(parameters: {
      issueIdOrKey: string;
      startAt: number;
      maxResults: number;
      orderBy: string;
    }): Promise<unknown>;
  };
  readonly permissions: {
    getMyPermissions(parameters: { projectKey: string; permissions?: string }): Promise<unknown>;
  };
  readonly serverInfo: { getServerInfo(): Promise<unknown> };
  /** What API 3 must be asked for by name; API 2 tells of every permission and knows no such parameter. */
  readonly permissionQuery: { readonly permissions?: string };
}

export const sharedCalls = ({ issues, comments, permissions, ...api }: SharedApi): SharedCalls => ({
  async getIssue(key) {
    return readAnswer(answers.issue, await issues.getIssue({ issueIdOrKey: asPath(key), fields: issueFieldNames }));
  },

  async listComments(key, startAt) {
    const page = { startAt, maxResults: 100, orderBy: "-created" };
    const answer = await comments.getComments({ issueIdOrKey: asPath(key), ...page });
    const { comments: found, total } = readAnswer(answers.comments, answer);
    return { bodies: found.map(({ body }) => body), total };
  },

  async listTransitions(key) {
    const answer = await issues.getTransitions({ issueIdOrKey: asPath(key), expand: "transitions.fields" });
    return readAnswer(answers.transitions, answer);
  },

  async doTransition(key, { id, fields }) {
    await issues.doTransition({ issueIdOrKey: asPath(key), transition: { id }, fields });
  },

  async mayBrowse(projectKey) {
    const answer = await permissions.getMyPermissions({ projectKey, ...api.permissionQuery });
    return readAnswer(answers.permissions, answer).permissions[browse]?.havePermission === true;
  },

  async getSiteAddress() {
    return readAnswer(answers.serverInfo, await api.serverInfo.getServerInfo()).baseUrl;
  },
});

/** Of an issue, nothing else is read. */
export const issueFieldNames = ["status", "labels"];

export const browse = "BROWSE_PROJECTS";

/** jira.js puts a key into the path as it is. */
export const asPath = (key: string): string => encodeURIComponent(key);

import type { Client } from "jira.js";
import { IssueComments } from "jira.js/version2/issueComments";
import { IssueSearch } from "jira.js/version2/issueSearch";
import { Issues } from "jira.js/version2/issues";
import { Permissions } from "jira.js/version2/permissions";
import { ServerInfo } from "jira.js/version2/serverInfo";
import type { JiraCalls } from "./jira-calls.ts";
import { answers, type Issue, readAnswer } from "./jira-issue.ts";
import { asPath, issueFieldNames, sharedCalls } from "./jira-shared-calls.ts";
import { formatWiki } from "./jira-wiki.ts";

/** Jira Server and Data Center, by API 2, of which jira.js describes the Cloud's: only what both know is used. */
export function serverCalls(client: Client): JiraCalls<string> {
  const issues = new Issues(client);
  const comments = new IssueComments(client);
  const search = new IssueSearch(client);
  const api = { issues, comments, permissions: new Permissions(client), serverInfo: new ServerInfo(client) };
  const permissionQuery = {};
  return {
    ...sharedCalls({ ...api, permissionQuery }),
    formatBody: formatWiki,

    async createIssue({ labels, ...fields }) {
      const answer = await issues.createIssue<unknown>({ fields: { ...fields, labels: [...labels] } });
      return readAnswer(answers.created, answer, true).key;
    },

    async addComment(key, body) {
      await comments.addComment({ issueIdOrKey: asPath(key), comment: body });
    },

    async searchIssues(query) {
      const found: Issue[] = [];
      for (let page = 0; page < mostPages; page++) {
        const answer = await search.searchForIssuesUsingJql<unknown>({
          ...{ jql: query, fields: issueFieldNames, startAt: found.length, maxResults: 100 },
        });
        const { issues: next, total } = readAnswer(answers.countedPage, answer);
        found.push(...next);
        if (next.length === 0 || found.length >= total) break;
      }
      return found;
    },
  };
}

/** A label of ours has one issue, seldom a few. */
const mostPages = 20;

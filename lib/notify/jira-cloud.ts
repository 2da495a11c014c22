import type { Client } from "jira.js";
import { IssueComments } from "jira.js/version3/issueComments";
import { IssueSearch } from "jira.js/version3/issueSearch";
import { Issues } from "jira.js/version3/issues";
import type { Document } from "jira.js/version3/models";
import { Permissions } from "jira.js/version3/permissions";
import { ServerInfo } from "jira.js/version3/serverInfo";
import type { JiraCalls } from "./jira-calls.ts";
import { formatDocument, type JiraDocument } from "./jira-document.ts";
import { answers, type Issue, readAnswer } from "./jira-issue.ts";
import { asPath, browse, issueFieldNames, sharedCalls } from "./jira-shared-calls.ts";

/** Jira Cloud, by API 3: documents instead of text, and a search of its own. */
export function cloudCalls(client: Client): JiraCalls<JiraDocument> {
  const issues = new Issues(client);
  const comments = new IssueComments(client);
  const search = new IssueSearch(client);
  const api = { issues, comments, permissions: new Permissions(client), serverInfo: new ServerInfo(client) };
  const permissionQuery = { permissions: browse };
  return {
    ...sharedCalls({ ...api, permissionQuery }),
    formatBody: formatDocument,

    async createIssue({ labels, description, ...fields }) {
      const issue = { ...fields, labels: [...labels], description: asDocument(description) };
      return readAnswer(answers.created, await issues.createIssue<unknown>({ fields: issue }), true).key;
    },

    async addComment(key, body) {
      await comments.addComment({ issueIdOrKey: asPath(key), comment: asDocument(body) });
    },

    async searchIssues(query) {
      const found: Issue[] = [];
      let nextPageToken: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const answer = await search.searchForIssuesUsingJqlEnhancedSearch<unknown>({
          ...{ jql: query, fields: issueFieldNames, maxResults: 100 },
          ...(nextPageToken === undefined ? {} : { nextPageToken }),
        });
        const read = readAnswer(answers.tokenPage, answer);
        found.push(...read.issues);
        if (read.isLast === true || !read.nextPageToken) break;
        nextPageToken = read.nextPageToken;
      }
      return found;
    },
  };
}

/** A label of ours has one issue, seldom a few. */
const mostPages = 20;

/** jira.js only serializes it, though its type would let it be changed. */
const asDocument = (document: JiraDocument): Document => document as Document;

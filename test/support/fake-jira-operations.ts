import type { SeenRequest } from "./fake-jira-description.ts";
import {
  type FakeAnswer,
  type FakeIssue,
  type FakeProject,
  formatTransition,
  refuse,
  statusOf,
  transitionsOf,
  workflowOf,
  wrongFields,
  wrongText,
} from "./fake-jira-project.ts";

export interface FakeState {
  readonly kind: "cloud" | "server";
  readonly project: FakeProject;
  readonly issues: FakeIssue[];
  /** How long the search's index is behind. */
  readonly searchLag: number;
  /** Of search results and comments. */
  readonly pageSize: number;
  readonly siteAddress: string;
}

export type OperationName = keyof typeof operations;

type Handle = (state: FakeState, request: SeenRequest, key: string) => FakeAnswer;

const missing = refuse(404, ["Issue does not exist or you do not have permission to see it."]);

const ofIssue =
  (handle: (state: FakeState, request: SeenRequest, issue: FakeIssue) => FakeAnswer): Handle =>
  (state, request, key) => {
    const issue = state.project.mayBrowse ? state.issues.find((one) => one.key === key) : undefined;
    return issue === undefined ? missing : handle(state, request, issue);
  };

export const operations = {
  createIssue(state, { body }) {
    const { fields = {} } = Object(body);
    const { key } = Object(fields.project);
    if (key !== state.project.key || !state.project.mayBrowse)
      return refuse(400, [], { project: "valid project is required" });
    if (!state.project.mayCreate) return refuse(403, ["You do not have permission to create issues in this project."]);
    const wrong = wrongFields(state.kind, state.project, fields);
    if (Object.keys(wrong).length > 0) return refuse(400, [], wrong);
    const issue = newIssue(state, fields);
    state.issues.push(issue);
    return {
      status: 201,
      body: { id: issue.id, key: issue.key, self: `${state.siteAddress}/rest/api/2/issue/${issue.id}` },
    };
  },

  getIssue: ofIssue((state, { query }, issue) => ({
    status: 200,
    body: formatIssue(state, issue, { status: lastOf(issue), fields: query.get("fields") }),
  })),

  searchIssues: (state, request) => (state.kind === "cloud" ? searchByToken : searchByOffset)(state, request),

  listComments: ofIssue((state, { query }, { comments }) => {
    const startAt = Number(query.get("startAt") ?? 0);
    const size = Math.min(Number(query.get("maxResults") ?? 50), state.pageSize);
    const ordered = query.get("orderBy") === "-created" ? comments.toReversed() : comments;
    const page = ordered.slice(startAt, startAt + size);
    return { status: 200, body: { startAt, maxResults: size, total: comments.length, comments: page } };
  }),

  addComment: ofIssue((state, { body: sent }, { comments }) => {
    const { body } = Object(sent);
    const wrong = wrongText(state.kind, body);
    if (wrong !== undefined) return refuse(400, [], { comment: wrong });
    const comment = { id: String(20_000 + comments.length), body };
    comments.push(comment);
    return { status: 201, body: comment };
  }),

  listTransitions: ofIssue(({ project }, { query }, issue) => {
    const withFields = query.get("expand") === "transitions.fields";
    const offered = transitionsOf(project, lastOf(issue)).map((transition) => {
      const { fields, ...rest } = formatTransition(project, transition);
      return withFields ? { ...rest, fields } : rest;
    });
    return { status: 200, body: { expand: "transitions", transitions: offered } };
  }),

  doTransition: ofIssue(({ project }, { body }, issue) => {
    const { transition, fields = {} } = Object(body);
    const offered = transitionsOf(project, lastOf(issue)).find(({ id }) => id === Object(transition).id);
    if (offered === undefined)
      return refuse(400, ["It seems that you have tried to perform an illegal workflow operation."]);
    const screen = Object.entries(offered.fields ?? {});
    const unset = screen.filter(
      ([key, { required, hasDefaultValue }]) => required && !hasDefaultValue && !(key in fields),
    );
    const off = Object.keys(fields).filter((key) => !screen.some(([known]) => known === key));
    const wrong = [
      ...unset.map(([key, { name }]) => [key, `${name} is required.`] as const),
      ...off.map(
        (key) => [key, `Field '${key}' cannot be set. It is not on the appropriate screen, or unknown.`] as const,
      ),
    ];
    if (wrong.length > 0) return refuse(400, [], Object.fromEntries(wrong));
    issue.history.push({ at: Date.now(), status: offered.to });
    return { status: 204 };
  }),

  getMyPermissions({ kind, project }, { query }) {
    const asked = query.get("permissions");
    if (kind === "cloud" && asked === null) return refuse(400, ["The 'permissions' query parameter is required."]);
    const key = query.get("projectKey");
    if (key !== project.key) return refuse(404, [`No project could be found with key '${key}'.`]);
    const name = "BROWSE_PROJECTS";
    const permission = {
      id: "10",
      key: name,
      name: "Browse Projects",
      type: "PROJECT",
      havePermission: project.mayBrowse,
    };
    return { status: 200, body: { permissions: { [name]: permission } } };
  },

  getServerInfo: ({ siteAddress, kind }) => ({
    status: 200,
    body: { baseUrl: siteAddress, deploymentType: kind === "cloud" ? "Cloud" : "Server" },
  }),
} as const satisfies Readonly<Record<string, Handle>>;

function newIssue({ project, issues }: FakeState, fields: FakeIssue["fields"]): FakeIssue {
  const number = issues.length + 1;
  const [status = ""] = Object.keys(workflowOf(project).statuses);
  return {
    ...{ id: String(10_000 + number), key: `${project.key}-${number}`, fields },
    ...{ comments: [], history: [{ at: Date.now(), status }] },
  };
}

export const lastOf = ({ history }: FakeIssue): string => history.at(-1)?.status ?? "";

/** Only the fields that were asked for, as both searches and a read have it. */
function formatIssue(
  state: FakeState,
  issue: FakeIssue,
  seen: { readonly status: string; readonly fields: string | null },
) {
  const all: Readonly<Record<string, unknown>> = { ...issue.fields, status: statusOf(state.project, seen.status) };
  const asked = seen.fields?.split(",") ?? Object.keys(all);
  const fields = Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
  return { id: issue.id, key: issue.key, self: `${state.siteAddress}/rest/api/2/issue/${issue.id}`, fields };
}

const jql = /^project = "((?:[^"\\]|\\.)*)" AND labels = "((?:[^"\\]|\\.)*)" ORDER BY created ASC$/;

/** As the index knows it, which is behind. */
function search(state: FakeState, { query }: SeenRequest): FakeAnswer | readonly object[] {
  const match = jql.exec(query.get("jql") ?? "");
  if (match === null) return refuse(400, ["Error in the JQL Query."]);
  const [project, label] = match.slice(1).map((quoted) => quoted.replace(/\\(.)/g, "$1"));
  if (project !== state.project.key || !state.project.mayBrowse)
    return refuse(400, [`The value '${project}' does not exist for the field 'project'.`]);
  return state.issues.flatMap((issue) => {
    const known = issue.history.findLast(({ at }) => at <= Date.now() - state.searchLag);
    const { labels } = issue.fields;
    if (known === undefined || !Array.isArray(labels) || !labels.includes(label)) return [];
    return [formatIssue(state, issue, { status: known.status, fields: query.get("fields") })];
  });
}

const isRefusal = (found: FakeAnswer | readonly object[]): found is FakeAnswer => "status" in found;

function searchByToken(state: FakeState, request: SeenRequest): FakeAnswer {
  const found = search(state, request);
  if (isRefusal(found)) return found;
  const token = request.query.get("nextPageToken");
  const startAt = token === null ? 0 : Number(Buffer.from(token, "base64url").toString());
  const end = startAt + Math.min(Number(request.query.get("maxResults") ?? 50), state.pageSize);
  const next = { nextPageToken: Buffer.from(String(end)).toString("base64url") };
  const isLast = end >= found.length;
  return { status: 200, body: { issues: found.slice(startAt, end), isLast, ...(isLast ? {} : next) } };
}

function searchByOffset(state: FakeState, request: SeenRequest): FakeAnswer {
  const found = search(state, request);
  if (isRefusal(found)) return found;
  const startAt = Number(request.query.get("startAt") ?? 0);
  const maxResults = Math.min(Number(request.query.get("maxResults") ?? 50), state.pageSize);
  const issues = found.slice(startAt, startAt + maxResults);
  return { status: 200, body: { startAt, maxResults, total: found.length, issues } };
}

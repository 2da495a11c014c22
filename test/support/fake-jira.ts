import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describeJira, type SeenRequest } from "./fake-jira-description.ts";
import { type FakeState, lastOf, type OperationName, operations } from "./fake-jira-operations.ts";
import { type FakeAnswer, type FakeIssue, type FakeProject, refuse } from "./fake-jira-project.ts";

export interface FakeJiraOptions {
  readonly kind?: "cloud" | "server";
  readonly project?: Partial<FakeProject>;
  /** How long, in milliseconds, the search does not see what was changed. */
  readonly searchLag?: number;
  readonly pageSize?: number;
  /** A wrong sign-in is refused, or taken for nobody's, as Jira does where anonymous reading is on. */
  readonly login?: "strict" | "anonymous";
}

interface TroubleRule {
  readonly on: OperationName | "any";
  /** `fail` answers `status`; `hang` never answers; `cut` closes the connection. */
  readonly does: "throttle" | "fail" | "hang" | "cut";
  /** The deed is done before the trouble comes. */
  readonly after?: boolean;
  /** How often; once unless said. */
  readonly times?: number;
  /** Seconds; left out of the answer where undefined. */
  readonly retryAfter?: number;
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeJira {
  readonly address: string;
  readonly issues: readonly FakeIssue[];
  /** What was asked, in order, by operation. */
  readonly requests: readonly { readonly operation: OperationName; readonly request: SeenRequest }[];
  /** What in requests Atlassian's description does not know. */
  readonly violations: readonly string[];
  trouble(rule: TroubleRule): void;
  /** As a person would: by its status' name. */
  setStatus(key: string, status: string): void;
  statusOf(key: string): string;
  setProject(change: Partial<FakeProject>): void;
  close(): Promise<void>;
}

/** Who may sign in. */
export const fakeJiraLogin = { email: "tester@example.com", token: "fake-api-token-7f3a" } as const;

const basic = `Basic ${Buffer.from(`${fakeJiraLogin.email}:${fakeJiraLogin.token}`).toString("base64")}`;
const accepted = [basic, `Bearer ${fakeJiraLogin.token}`];

const ordinary: FakeProject = {
  ...{ key: "OPS", workflow: "simple", required: {}, offScreen: [] },
  ...{ mayBrowse: true, mayCreate: true, mayTransition: true },
};

/** A Jira on loopback that answers as Atlassian documents it, and refuses requests that it does not describe. */
export async function startFakeJira(options: FakeJiraOptions = {}): Promise<FakeJira> {
  const { kind = "cloud", searchLag = 0, pageSize = 50, login = "strict" } = options;
  const issues: FakeIssue[] = [];
  const requests: { operation: OperationName; request: SeenRequest }[] = [];
  const violations: string[] = [];
  const rules: { rule: TroubleRule; left: number }[] = [];
  const judge = describeJira(kind);
  let project: FakeProject = { ...ordinary, ...options.project };
  let address = "";

  const work = ({ operation, key }: Asked, request: SeenRequest): FakeAnswer => {
    const state: FakeState = { kind, project, issues, searchLag, pageSize, siteAddress: address };
    return operations[operation](state, request, key);
  };

  const answer = (asked: Asked, request: SeenRequest, authorization: string | undefined): FakeAnswer => {
    const isSignedIn = authorization !== undefined && accepted.includes(authorization);
    if (isSignedIn) return work(asked, request);
    if (login === "strict") return unauthorized;
    const hidden = { ...project, mayBrowse: false };
    const state: FakeState = { kind, project: hidden, issues, searchLag, pageSize, siteAddress: address };
    const given = operations[asked.operation](state, request, asked.key);
    return { ...given, headers: { "x-seraph-loginreason": "AUTHENTICATED_FAILED" } };
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await read(incoming);
    const asked = findAsked(kind, request);
    const wrong = asked === undefined ? [`no operation ${request.method} ${request.path}`] : judge(request);
    if (asked === undefined || wrong.length > 0) {
      violations.push(...wrong);
      return reply(response, refuse(400, [`not as described: ${wrong.join("; ")}`]));
    }
    requests.push({ operation: asked.operation, request });
    const trouble = rules.find(({ rule, left }) => left > 0 && (rule.on === "any" || rule.on === asked.operation));
    if (trouble !== undefined) trouble.left -= 1;
    const authorization = incoming.headers.authorization;
    if (trouble === undefined) return reply(response, answer(asked, request, authorization));
    if (trouble.rule.after === true) answer(asked, request, authorization);
    make(trouble.rule, response);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
  const find = (key: string): FakeIssue => {
    const found = issues.find((issue) => issue.key === key);
    if (found === undefined) throw new Error(`no issue ${key}`);
    return found;
  };
  return {
    ...{ address, issues, requests, violations },
    trouble: (rule) => void rules.push({ rule, left: rule.times ?? 1 }),
    setStatus: (key, status) => void find(key).history.push({ at: Date.now(), status }),
    statusOf: (key) => lastOf(find(key)),
    setProject: (change) => {
      project = { ...project, ...change };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const unauthorized: FakeAnswer = {
  ...refuse(401, ["You are not authenticated. Authentication required to perform this operation."]),
  headers: { "www-authenticate": 'OAuth realm="https%3A%2F%2Fexample.atlassian.net"' },
};

interface Asked {
  readonly operation: OperationName;
  readonly key: string;
}

const routes: readonly (readonly [OperationName, string, RegExp])[] = [
  ["createIssue", "POST", /^\/issue$/],
  ["getIssue", "GET", /^\/issue\/([^/]+)$/],
  ["listComments", "GET", /^\/issue\/([^/]+)\/comment$/],
  ["addComment", "POST", /^\/issue\/([^/]+)\/comment$/],
  ["listTransitions", "GET", /^\/issue\/([^/]+)\/transitions$/],
  ["doTransition", "POST", /^\/issue\/([^/]+)\/transitions$/],
  ["searchIssues", "GET", /^\/search(?:\/jql)?$/],
  ["getMyPermissions", "GET", /^\/mypermissions$/],
  ["getServerInfo", "GET", /^\/serverInfo$/],
];

function findAsked(kind: "cloud" | "server", { method, path }: SeenRequest): Asked | undefined {
  const prefix = kind === "cloud" ? "/rest/api/3" : "/rest/api/2";
  if (!path.startsWith(prefix)) return undefined;
  for (const [operation, wanted, pattern] of routes) {
    const match = method === wanted ? pattern.exec(path.slice(prefix.length)) : null;
    if (match !== null) return { operation, key: decodeURIComponent(match[1] ?? "") };
  }
  return undefined;
}

/** The gateway's address of a site, and a context path, go before `/rest`. */
async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const path = url.pathname.slice(Math.max(url.pathname.indexOf("/rest/"), 0));
  return {
    ...{ method: incoming.method ?? "", path, query: url.searchParams },
    body: text === "" ? undefined : JSON.parse(text),
  };
}

function reply(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  const isText = typeof body === "string";
  const type = isText ? "text/html;charset=UTF-8" : "application/json;charset=UTF-8";
  response.writeHead(status, { ...(body === undefined ? {} : { "content-type": type }), ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function make(rule: TroubleRule, response: ServerResponse): void {
  if (rule.does === "hang") return;
  if (rule.does === "cut") response.destroy();
  else reply(response, rule.does === "throttle" ? throttled(rule) : failed(rule));
}

function throttled({ retryAfter, headers }: TroubleRule): FakeAnswer {
  const wait = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return { ...refuse(429, ["Rate limit exceeded."]), headers: { ...wait, ...headers } };
}

const failed = ({ status = 500, body, headers = {} }: TroubleRule): FakeAnswer => ({
  ...{ status, headers },
  body: body ?? refuse(status, ["Internal server error"]).body,
});

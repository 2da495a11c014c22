import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { refuseBlocks, refuseParameters, webApi } from "./fake-slack-rules.ts";
import {
  type FakeChannel,
  type FakePerson,
  type Form,
  methods,
  type PostedMessage,
  type Workspace,
} from "./fake-slack-workspace.ts";

/** What goes wrong with one call. */
export type Fault =
  /** Slack refuses, with whatever else its answer has. */
  | { readonly error: string; readonly also?: object }
  /** Too many calls; no number: the answer says no time. */
  | { readonly throttle: number | undefined }
  | { readonly status: number }
  /** A proxy's page in place of an answer. */
  | { readonly page: string }
  /** No answer, and the connection stays; or it is cut; or it is cut within the answer. */
  | { readonly silent: "hang" | "cut" | "half"; readonly done: boolean };

export interface FakeSlackOptions {
  readonly token?: string;
  /** The bot's; all that it needs, if not said. */
  readonly scopes?: readonly string[];
  readonly people?: readonly FakePerson[];
  readonly channels?: readonly FakeChannel[];
}

export interface FakeSlack {
  readonly apiUrl: string;
  readonly token: string;
  /** All that is in its channels, in the order of posting. */
  readonly posts: PostedMessage[];
  readonly people: FakePerson[];
  /** Every call that reached it, faults included. */
  readonly calls: readonly string[];
  /** What our requests did that Slack's documents don't allow. */
  readonly violations: readonly string[];
  /** The next `times` calls of the method meet this. */
  fail(method: string, fault: Fault, times?: number): void;
  /** From now on the bot has these scopes alone. */
  grant(scopes: readonly string[]): void;
  close(): Promise<void>;
}

const allScopes = ["chat:write", "users:read", "users:read.email", "im:write", "im:history", "channels:history"];

interface State {
  readonly token: string;
  scopes: readonly string[];
  readonly workspace: Workspace;
  readonly calls: string[];
  readonly violations: string[];
}

/** A Slack workspace on this machine that speaks Slack's documented answers and holds requests against its documents. */
export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const { token = "xoxb-fake-token", scopes = allScopes, people = [], channels = [] } = options;
  const workspace = { people: [...people], channels: [...channels], posts: [], clock: () => Date.now() / 1000 };
  const state: State = { token, scopes, workspace, calls: [], violations: [] };
  const faults: { readonly method: string; readonly fault: Fault }[] = [];
  const server = createServer(async (request, response) => {
    const method = (request.url ?? "").replace(/^\/api\//, "");
    const form: Form = new Map(new URLSearchParams(await readText(request)));
    state.calls.push(method);
    const at = faults.findIndex((one) => one.method === method);
    const [planned] = at === -1 ? [] : faults.splice(at, 1);
    const { authorization } = request.headers;
    respond(response, planned?.fault, () => answer({ method, authorization, form }, state));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on a port, it has an address of this form.
  const { port } = server.address() as AddressInfo;
  const { calls, violations } = state;
  return {
    ...{ apiUrl: `http://127.0.0.1:${port}/api/`, token, ...workspace, calls, violations },
    fail: (method, fault, times = 1) => faults.push(...Array.from({ length: times }, () => ({ method, fault }))),
    grant(granted) {
      state.scopes = granted;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Call {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly form: Form;
}

function answer({ method, authorization, form }: Call, { token, scopes, workspace, violations }: State): object {
  const rules = webApi.methods[method];
  const perform = methods[method];
  if (rules === undefined || perform === undefined) return { ok: false, error: "unknown_method" };
  if (authorization === undefined) return { ok: false, error: "not_authed" };
  if (authorization !== `Bearer ${token}`) return { ok: false, error: "invalid_auth" };
  if (rules.scopes.length > 0 && !rules.scopes.some((scope) => scopes.includes(scope)))
    return { ok: false, error: "missing_scope", needed: rules.scopes.join(), provided: scopes.join() };
  const wrong = refuseParameters(rules, form);
  violations.push(...wrong.map((says) => `${method}: ${says}`));
  if (wrong.length > 0) return refuseWith("invalid_arguments", wrong);
  const wrongBlocks = refuseBlocks(JSON.parse(form.get("blocks") ?? "[]"));
  violations.push(...wrongBlocks.map((says) => `${method}: ${says}`));
  return wrongBlocks.length > 0 ? refuseWith("invalid_blocks", wrongBlocks) : perform(workspace, form);
}

const refuseWith = (error: string, says: readonly string[]) => ({
  ...{ ok: false, error, response_metadata: { messages: says.map((one) => `[ERROR] ${one}`) } },
});

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

interface Reply {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

function replyTo(fault: Exclude<Fault, { silent: unknown }>): Reply {
  if ("status" in fault) return { status: fault.status, body: "<html>trouble</html>" };
  if ("page" in fault) return { status: 200, body: fault.page };
  if ("error" in fault) return { status: 200, body: { ok: false, error: fault.error, ...fault.also } };
  const headers = fault.throttle === undefined ? {} : { "retry-after": String(fault.throttle) };
  return { status: 429, body: { ok: false, error: "ratelimited" }, headers };
}

function respond(response: ServerResponse, fault: Fault | undefined, perform: () => object): void {
  if (fault !== undefined && "silent" in fault) {
    keepSilent(response, fault.silent, fault.done ? perform() : {});
    return;
  }
  const { status, body, headers }: Reply = fault === undefined ? { status: 200, body: perform() } : replyTo(fault);
  const isPage = typeof body === "string";
  response.writeHead(status, { "content-type": isPage ? "text/html" : "application/json; charset=utf-8", ...headers });
  response.end(isPage ? body : JSON.stringify(body));
}

function keepSilent(response: ServerResponse, how: "hang" | "cut" | "half", answer: object): void {
  if (how === "cut") response.destroy();
  if (how !== "half") return;
  const body = JSON.stringify(answer);
  response.writeHead(200, { "content-type": "application/json", "content-length": String(body.length + 1) });
  response.write(body, () => response.destroy());
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { JsonObject } from "../../lib/core/json.ts";
import { type Answer, answerRequest, type Cluster, refusal } from "./fake-elasticsearch-api.ts";

/** What a request meets in place of an answer, or behind one: `done` says whether Elasticsearch did what it was asked. */
export type Fault =
  | { readonly status: number; readonly type?: string; readonly reason?: string; readonly retryAfter?: string }
  /** A proxy's page. */
  | { readonly page: string; readonly status?: number; readonly location?: string }
  /** JSON of anybody's, with Elasticsearch's own header. */
  | { readonly json: unknown }
  /** No answer, and the connection stays; or it is cut; or the answer begins and never ends. */
  | { readonly silent: "hang" | "cut" | "half"; readonly done: boolean };

export interface FakeElasticsearchOptions {
  /** The Authorization header that it takes; any, if not said. */
  readonly authorization?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Some other server that speaks the same API. */
  readonly isOther?: true;
}

export interface FakeElasticsearch extends Cluster {
  readonly url: string;
  /** Every request that reached it, faults included. */
  readonly calls: readonly string[];
  /** The next `times` requests whose `METHOD path` begins so meet this. */
  fail(call: string, fault: Fault, times?: number): void;
  countConnections(): Promise<number>;
  close(): Promise<void>;
}

/** An Elasticsearch on this machine, as far as we use one; `test/conformance` holds it against the real one. */
export async function startFakeElasticsearch(options: FakeElasticsearchOptions = {}): Promise<FakeElasticsearch> {
  const { authorization, tls, isOther } = options;
  const calls: string[] = [];
  const faults: { readonly call: string; readonly fault: Fault }[] = [];
  const cluster: Cluster = {
    ...{ documents: new Map<string, JsonObject>(), templates: new Map(), itemFaults: new Map(), bulks: [] },
    ...{ privileges: new Set(["templates", "create"] as const), largestBody: Number.POSITIVE_INFINITY, violations: [] },
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const body = await text(request);
    const isKnown = authorization === undefined || request.headers.authorization === authorization;
    return isKnown ? answerRequest(cluster, { request, body }) : refusal(401, ...unauthorized(request));
  };
  const listen = async (request: IncomingMessage, response: ServerResponse) => {
    const call = `${request.method} ${request.url?.replace(/\?.*/, "")}`;
    calls.push(call);
    const at = faults.findIndex((one) => call.startsWith(one.call));
    const [planned] = at === -1 ? [] : faults.splice(at, 1);
    await respond({ request, response, isOther: isOther === true }, planned?.fault, answer);
  };
  const server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on a port, it has an address of this form.
  const { port } = server.address() as AddressInfo;
  return Object.assign(cluster, {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    calls,
    fail: (call: string, fault: Fault, times = 1) =>
      void faults.push(...Array.from({ length: times }, () => ({ call, fault }))),
    countConnections: () =>
      new Promise<number>((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

/** Elasticsearch's own words, which show who asked. */
const unauthorized = ({ headers, url }: IncomingMessage): readonly [string, string] => [
  "security_exception",
  headers.authorization === undefined
    ? `missing authentication credentials for REST request [${url}]`
    : `unable to authenticate with provided credentials and anonymous access is not allowed: ${headers.authorization}`,
];

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly isOther: boolean;
}

async function respond(
  { request, response, isOther }: Exchange,
  fault: Fault | undefined,
  answer: (request: IncomingMessage) => Promise<Answer>,
): Promise<void> {
  const product = isOther ? {} : { "x-elastic-product": "Elasticsearch" };
  const json = "application/vnd.elasticsearch+json;compatible-with=8";
  if (fault !== undefined && "page" in fault) {
    await text(request);
    const location = fault.location === undefined ? {} : { location: fault.location };
    response.writeHead(fault.status ?? 200, { "content-type": "text/html", ...location }).end(fault.page);
    return;
  }
  if (fault !== undefined && "silent" in fault) {
    const body = fault.done ? JSON.stringify((await answer(request)).body) : "{";
    if (fault.silent === "cut") response.destroy();
    if (fault.silent === "half")
      response.writeHead(200, { ...product, "content-type": json, "content-length": body.length + 1 }).write(body);
    return;
  }
  const { status, headers, body } = fault === undefined ? await answer(request) : await faultyAnswer(request, fault);
  response.writeHead(status, { ...product, "content-type": json, ...headers }).end(JSON.stringify(body));
}

async function faultyAnswer(request: IncomingMessage, fault: Exclude<Fault, { page: string } | { silent: string }>) {
  await text(request);
  if ("json" in fault) return { status: 200, headers: {}, body: fault.json };
  const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
  const said = refusal(fault.status, fault.type ?? "es_rejected_execution_exception", fault.reason ?? "too much");
  return { ...said, headers };
}

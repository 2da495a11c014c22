import type { IncomingMessage } from "node:http";
import type { JsonObject } from "../../lib/core/json.ts";

export interface ItemFault {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
  /** How often it happens; for ever, if not said. */
  times?: number;
}

export interface Cluster {
  /** By `index/id`. */
  readonly documents: Map<string, JsonObject>;
  readonly templates: Map<string, JsonObject>;
  /** What documents of these ids meet. */
  readonly itemFaults: Map<string, ItemFault>;
  /** How many documents and bytes each `_bulk` had that was answered item by item. */
  readonly bulks: { readonly documents: number; readonly bytes: number }[];
  readonly privileges: Set<"templates" | "create">;
  largestBody: number;
  /** What our requests did that Elasticsearch's documents don't allow. */
  readonly violations: string[];
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
}

export const refusal = (status: number, type: string, reason: string): Answer => ({
  status,
  body: { error: { root_cause: [{ type, reason }], type, reason }, status },
});

const templatePath = "/_index_template/";

export function answerRequest(cluster: Cluster, asked: Asked): Answer {
  const { method = "", url = "", headers } = asked.request;
  const path = decodeURIComponent(url.replace(/\?.*/, ""));
  if (!headers.accept?.includes("compatible-with=8"))
    cluster.violations.push(`${method} ${path}: no version is asked for`);
  if (Buffer.byteLength(asked.body) > cluster.largestBody) return { status: 413, body: {} };
  if (path.startsWith(templatePath)) return answerTemplate(cluster, asked, path.slice(templatePath.length));
  if (method === "POST" && path === "/_bulk") return answerBulk(cluster, asked);
  return {
    status: 405,
    body: { error: `Incorrect HTTP method for uri [${path}] and method [${method}]`, status: 405 },
  };
}

function answerTemplate(
  { templates, privileges }: Cluster,
  { request: { method }, body }: Asked,
  name: string,
): Answer {
  if (!privileges.has("templates"))
    return refusal(403, "security_exception", `action [indices:admin/index_template] is unauthorized for user [ops]`);
  if (method === "PUT") {
    templates.set(name, JSON.parse(body));
    return { status: 200, body: { acknowledged: true } };
  }
  const template = templates.get(name);
  if (template === undefined)
    return refusal(404, "resource_not_found_exception", `index template matching [${name}] not found`);
  return { status: 200, body: { index_templates: [{ name, index_template: template }] } };
}

function answerBulk(cluster: Cluster, { request, body }: Asked): Answer {
  if (request.headers["content-type"] !== "application/vnd.elasticsearch+x-ndjson; compatible-with=8")
    cluster.violations.push(`content type ${request.headers["content-type"]}`);
  if (!body.endsWith("\n"))
    return refusal(400, "illegal_argument_exception", "the bulk request must be terminated by a newline [\\n]");
  const lines = body
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const pairs = lines.flatMap((line, at) => (at % 2 === 0 ? [{ action: line.create, source: lines[at + 1] }] : []));
  for (const { action } of pairs) {
    if (typeof action?._id !== "string")
      cluster.violations.push(`not a creation with an id: ${JSON.stringify(action)}`);
    if (Buffer.byteLength(action._id) > 512)
      return refusal(
        400,
        "action_request_validation_exception",
        `Validation Failed: 1: id [${action._id}] is too long;`,
      );
  }
  cluster.bulks.push({ documents: pairs.length, bytes: Buffer.byteLength(body) });
  const items = pairs.map(({ action, source }) => ({ create: createDocument(cluster, action, source) }));
  const errors = items.some(({ create }) => "error" in create);
  return { status: 200, body: { took: 1, errors, items } };
}

interface Action {
  readonly _index: string;
  readonly _id: string;
}

function createDocument(cluster: Cluster, { _index, _id }: Action, source: JsonObject) {
  const { documents, itemFaults, privileges } = cluster;
  const failed = (status: number, type: string, reason: string) => ({ _index, _id, status, error: { type, reason } });
  if (!privileges.has("create"))
    return failed(403, "security_exception", `action [indices:data/write/bulk[s]] is unauthorized for user [ops]`);
  const fault = itemFaults.get(_id);
  if (fault !== undefined) {
    const { status, type, reason, times = Number.POSITIVE_INFINITY } = fault;
    if (times <= 1) itemFaults.delete(_id);
    else itemFaults.set(_id, { ...fault, times: times - 1 });
    return failed(status, type, reason);
  }
  const key = `${_index}/${_id}`;
  if (documents.has(key))
    return failed(409, "version_conflict_engine_exception", `[${_id}]: version conflict, document already exists`);
  documents.set(key, source);
  return { _index, _id, status: 201 };
}

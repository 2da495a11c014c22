import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Millis } from "../../core/time.ts";
import { type Answer, answerMetadata } from "./answers.ts";
import type { InstanceMetadata } from "./instance-metadata.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** What goes wrong with answers to one path; the path of tokens included. */
export interface MetadataTrouble {
  /** In place of the answer. */
  readonly answer?: Partial<Answer>;
  readonly delayMs?: Millis;
  /** No answer ever comes. */
  readonly hangs?: true;
  /** The connection is reset in the middle of the answer. */
  readonly cut?: true;
}

export interface MetadataServiceOptions {
  readonly instance: InstanceMetadata;
  /** A free one if absent. */
  readonly port?: number;
  readonly now?: () => Millis;
}

export interface MetadataService {
  /** For AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  readonly url: string;
  /** By path; change it between requests. */
  readonly troubles: Map<string, MetadataTrouble>;
  /** Method and path of each request so far. */
  requests(): readonly string[];
  close(): Promise<void>;
}

/** The instance metadata service of one instance, on a port of its own. */
export async function startMetadataService(options: MetadataServiceOptions): Promise<MetadataService> {
  const { instance, now = Date.now } = options;
  const troubles = new Map<string, MetadataTrouble>();
  const requests: string[] = [];
  const tokens = createTokens(now);
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    serve({ request, response, instance, tokens, trouble: troubles.get(request.url ?? "") });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, troubles, requests: () => [...requests], close };
}

interface Serving {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly instance: InstanceMetadata;
  readonly tokens: Tokens;
  readonly trouble: MetadataTrouble | undefined;
}

function serve({ request, response, instance, tokens, trouble = {} }: Serving): void {
  request.resume();
  const { method = "", url: path = "", headers } = request;
  const answer = answerMetadata({ method, path, headers }, { instance, tokens });
  if (trouble.hangs === true || answer === "lost") return;
  const deliver = () => send(response, { ...answer, ...trouble.answer }, trouble.cut === true);
  if (trouble.delayMs === undefined) deliver();
  else setTimeout(deliver, trouble.delayMs).unref();
}

function send(response: ServerResponse, { status, type, body, headers }: Answer, isCut: boolean): void {
  if (response.destroyed) return;
  const content = Buffer.from(body);
  response.writeHead(status, {
    ...{ server: "EC2ws", "content-type": type, "content-length": content.length, connection: "close" },
    ...headers,
  });
  if (isCut) response.write(content.subarray(0, content.length >>> 1), () => response.destroy());
  else response.end(content);
}

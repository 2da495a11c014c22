import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Millis } from "../core/time.ts";
import { minutes } from "../core/time.ts";
import type { Reply } from "./reply.ts";
import type { SignedRequest } from "./signature.ts";

export interface Certificate {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

export interface ListenerOptions {
  readonly port: number;
  readonly tls: Certificate | undefined;
  readonly latencyMs: Millis;
  readonly dispatch: (request: SignedRequest) => Reply | Promise<Reply>;
  /** Answers of the demo's own, outside AWS's protocols. */
  readonly control: (method: string, path: string) => object | undefined;
}

export interface Listener {
  readonly url: string;
  readonly port: number;
  /** Ends at once: open connections, hanging answers included, are cut. */
  close(): Promise<void>;
}

export async function listen(options: ListenerOptions): Promise<Listener> {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => serve(options, request, response);
  const server = options.tls ? createSecureServer(options.tls, onRequest) : createServer(onRequest);
  // A connection that is closed while the client reuses it reads as a fault of AWS's.
  server.keepAliveTimeout = minutes(5);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A batch of SQS is a megabyte of text, which JSON may write six times as long; what is longer is cut off. */
const longestBody = 8 << 20;

function serve(options: ListenerOptions, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > longestBody) request.destroy();
    chunks.push(chunk);
  });
  request.on("end", () => {
    const { method = "", url = "/", headers } = request;
    const controlled = options.control(method, url);
    if (controlled !== undefined) return respondJson(response, controlled);
    const isGone = () => response.destroyed;
    const reply = options.dispatch({ method, url, headers, body: Buffer.concat(chunks), isGone });
    const answer = (ready: Reply) => deliverAfter(options.latencyMs + ready.delayMs, ready, response);
    // What is ready is sent in this turn of the loop, so that nothing comes in between.
    if (reply instanceof Promise) reply.then(answer, () => response.destroy());
    else answer(reply);
  });
}

function respondJson(response: ServerResponse, content: object): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(content));
}

function deliverAfter(delay: Millis, reply: Reply, response: ServerResponse): void {
  if (reply.delivery === "never") return;
  if (delay === 0) deliver(reply, response);
  // The server keeps the process alive while it listens; a late answer need not.
  else setTimeout(deliver, delay, reply, response).unref();
}

function deliver({ status, contentType, requestId, headers, body, delivery }: Reply, response: ServerResponse): void {
  if (response.destroyed) return;
  if (delivery === "cut") {
    response.destroy();
    return;
  }
  const content = Buffer.from(body);
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": content.length,
    "x-amzn-requestid": requestId,
    ...headers,
  });
  if (delivery === "whole") {
    response.end(content);
    return;
  }
  response.write(content.subarray(0, content.length >>> 1), () => response.destroy());
}

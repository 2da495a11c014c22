import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Test } from "tap";

export interface TroubledDynamoDb {
  readonly url: string;
  /** The operations that were asked for so far, in order. */
  readonly asked: readonly string[];
  /** The next such operation is carried out, and its answer lost. */
  loseAnswer(operation: string, meanwhile?: () => Promise<unknown>): void;
  /** Every such operation is answered with an error from now on. */
  refuse(operation: string, error: { readonly status: number; readonly type: string; readonly message: string }): void;
}

/** Stands between a client and a DynamoDB, and troubles single operations. */
export async function startTroubledDynamoDb(t: Test, target: string): Promise<TroubledDynamoDb> {
  const asked: string[] = [];
  const lost = new Map<string, () => Promise<unknown>>();
  const refused = new Map<string, { status: number; body: string }>();

  const answer = async (asking: IncomingMessage, answering: ServerResponse) => {
    const body = await buffer(asking);
    const operation = String(asking.headers["x-amz-target"]).split(".")[1] ?? "";
    asked.push(operation);
    const refusal = refused.get(operation);
    if (refusal !== undefined) {
      answering.writeHead(refusal.status, { "content-type": "application/x-amz-json-1.0" }).end(refusal.body);
      return;
    }
    const reply = await forward(target, asking, body);
    const content = await buffer(reply);
    const meanwhile = lost.get(operation);
    if (meanwhile === undefined) {
      answering.writeHead(reply.statusCode ?? 500, reply.headers).end(content);
      return;
    }
    lost.delete(operation);
    await meanwhile();
    asking.socket.destroy();
  };

  const server = createServer((asking, answering) => {
    answer(asking, answering).catch((thrown: unknown) => asking.socket.destroy(thrown as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    loseAnswer: (operation, meanwhile = async () => undefined) => lost.set(operation, meanwhile),
    refuse: (operation, { status, type, message }) =>
      refused.set(operation, { status, body: JSON.stringify({ __type: type, message }) }),
  };
}

const forward = (target: string, { method, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(target, { method, headers }, resolve).on("error", reject).end(body);
  });

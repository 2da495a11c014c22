import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Test } from "tap";

export interface FakeAnswer {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string | Buffer;
  /** The connection breaks after so many bytes. */
  readonly breaksAfter?: number;
}

export interface FakeEc2 {
  /** Every request, in order, as EC2's query protocol has it. */
  readonly requests: readonly URLSearchParams[];
  /** What an action is answered with: each in turn, the last one ever after. */
  answer(action: string, ...answers: readonly [FakeAnswer | string, ...(FakeAnswer | string)[]]): void;
  environment(): Readonly<Record<string, string>>;
}

/** A document of test/data/ec2. */
export const ec2Document = (name: string): string =>
  readFileSync(new URL(`../data/ec2/${name}.xml`, import.meta.url), "utf8");

/** An error as EC2 words it (Error codes, EC2 API reference). */
export const ec2Error = (code: string, status = 400): FakeAnswer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>${code}</Code><Message>words</Message></Error></Errors><RequestID>1</RequestID></Response>`,
});

/** Answers recorded documents; what the offline AWS, which judges requests, would not answer so. */
export async function startFakeEc2(t: Test): Promise<FakeEc2> {
  const requests: URLSearchParams[] = [];
  const queues = new Map<string, FakeAnswer[]>();
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parameters = new URLSearchParams(await text(request));
    requests.push(parameters);
    const queue = queues.get(parameters.get("Action") ?? "") ?? [];
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? ec2Error("InvalidAction");
    response.writeHead(answer.status ?? 200, { "content-type": answer.contentType ?? "text/xml;charset=UTF-8" });
    if (answer.breaksAfter === undefined) response.end(answer.body);
    else response.write(Buffer.from(answer.body).subarray(0, answer.breaksAfter), () => response.destroy());
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    answer(action, ...answers) {
      queues.set(
        action,
        answers.map((one) => (typeof one === "string" ? { body: one } : one)),
      );
    },
    environment: () => ({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAFAKEEC2",
      AWS_SECRET_ACCESS_KEY: "secret",
    }),
  };
}

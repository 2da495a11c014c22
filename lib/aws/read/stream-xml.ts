import { StringDecoder } from "node:string_decoder";
import type { MiddlewareStack } from "@smithy/types";
import { scanXml } from "./scan-xml.ts";
import { UnreadableXml } from "./unreadable-xml.ts";
import type { XmlEvents } from "./walk-elements.ts";

interface Sendable {
  // biome-ignore lint/suspicious/noExplicitAny: MiddlewareStack is invariant in both parameters, and reading looks at neither
  readonly middlewareStack: MiddlewareStack<any, any>;
}

/** The parts of a raw answer that are read. */
interface RawResponse {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/**
 * Reads the answer to a command as it comes, in place of the SDK's deserializer, which needs all of it at once and
 * several times as long. What AWS answers with an error is left to the SDK, and so are signing, endpoints and retries.
 *
 * @param begin called for each answer: a command may be sent more than once
 * @returns tells, once the command was sent, what read the answer
 */
export function streamXml<Events extends XmlEvents>(command: Sendable, begin: () => Events): () => Events | undefined {
  let read: Events | undefined;
  command.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      // Whatever the handler of HTTP requests is, its answers have these.
      const response = result.response as RawResponse;
      if (response.statusCode >= 300 || response.body instanceof Uint8Array) return result;
      const events = begin();
      await readBody(response.body, events);
      read = events;
      response.body = new Uint8Array();
      return result;
    },
    { step: "deserialize", priority: "low", name: "streamXml" },
  );
  return () => read;
}

async function readBody(body: AsyncIterable<Uint8Array>, events: XmlEvents): Promise<void> {
  const scanner = scanXml(events);
  const decoder = new StringDecoder("utf8");
  try {
    for await (const chunk of body)
      scanner.write(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)));
    scanner.write(decoder.end());
  } catch (thrown) {
    throw thrown instanceof UnreadableXml ? thrown : tornAnswer(thrown);
  }
  if (scanner.isWhole()) return;
  // All answers of AWS are called so; a proxy's page that has no end is one that was never given any.
  const outermost = scanner.outermost() ?? "Response";
  throw outermost.endsWith("Response") ? tornAnswer() : new UnreadableXml(`it is a torn "${outermost}"`);
}

/** Marked for the SDK to try again, as it does where a connection breaks. */
const tornAnswer = (cause?: unknown): Error =>
  Object.assign(new Error("the answer ends in the middle", { cause }), { name: "TornAnswer", $retryable: {} });

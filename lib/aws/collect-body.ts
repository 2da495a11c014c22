import type { Readable } from "node:stream";

/**
 * The whole of an answer's body. The SDK's own collector first asks whether it is a web stream or a blob, and Node loads
 * both at the question, in every start, for answers that never are.
 */
export const collectBody = (body: Readable): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    body.on("data", (chunk: Buffer) => chunks.push(chunk));
    body.once("end", () => resolve(Buffer.concat(chunks)));
    body.once("error", reject);
    // An answer may be cut off without an error of its own.
    body.once("close", () => reject(new Error("the connection closed before the answer's end")));
  });

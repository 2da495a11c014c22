import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Json } from "../core/json.ts";

const [compress, expand] = [promisify(gzip), promisify(gunzip)];

const mostItems = 1000;

/** Of JSON before it is compressed: what is in memory at once. */
const mostText = 2 * 1024 * 1024;

/** A store takes 400,000 bytes in a record, its members' names and quotes included. */
const pieceLength = 390_000;

/** Items as JSON lines, each text within limits; an item that is larger has one of its own. */
export function* cutTexts(items: readonly Json[]): Generator<{ readonly text: string; readonly count: number }> {
  let text = "";
  let count = 0;
  for (const item of items) {
    const line = `${JSON.stringify(item)}\n`;
    if (count === mostItems || (count > 0 && text.length + line.length > mostText)) {
      yield { text, count };
      [text, count] = ["", 0];
    }
    text += line;
    count += 1;
  }
  if (count > 0) yield { text, count };
}

/** As records can hold it: tags and ids repeat so much that a tenth remains. */
export async function packText(text: string): Promise<readonly string[]> {
  const packed = (await compress(text)).toString("base64");
  return Array.from({ length: Math.ceil(packed.length / pieceLength) }, (_, at) =>
    packed.slice(at * pieceLength, (at + 1) * pieceLength),
  );
}

/** Throws for pieces that are not all there. */
export async function unpackItems(pieces: readonly string[]): Promise<readonly Json[]> {
  const text = (await expand(Buffer.from(pieces.join(""), "base64"))).toString();
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

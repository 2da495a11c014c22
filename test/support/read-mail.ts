/** A mail as its reader shows it. */
export interface ReadMail {
  readonly headers: ReadonlyMap<string, string>;
  /** Every header line, unfolded. */
  readonly lines: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function readMail(raw: string): ReadMail {
  const { lines, headers, body } = cut(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get("content-type") ?? "")?.[1];
  const parts = body
    .split(`\r\n--${boundary}`)
    .slice(1, -1)
    .map((part) => cut(part.slice(2)));
  const find = (type: string): string => {
    const found = parts.filter((part) => part.headers.get("content-type") === `${type}; charset=utf-8`);
    const [part, ...others] = found;
    if (part === undefined || others.length > 0) throw new Error(`${found.length} parts of ${type}`);
    return decodePart(part);
  };
  const subject = decodeWords(headers.get("subject") ?? "");
  return { headers, lines, subject, text: find("text/plain"), html: find("text/html") };
}

interface Cut extends Pick<ReadMail, "headers" | "lines"> {
  readonly body: string;
}

function cut(raw: string): Cut {
  const at = raw.indexOf("\r\n\r\n");
  const lines = raw
    .slice(0, at)
    .replaceAll(/\r\n[ \t]/g, " ")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { lines, headers, body: raw.slice(at + 2) };
}

/** RFC 2045 section 6.7. */
function decodePart({ headers, body }: Cut): string {
  const encoding = headers.get("content-transfer-encoding");
  const text = body.slice(2);
  if (encoding !== "quoted-printable") throw new Error(`encoded as "${encoding}"`);
  return decodeBytes(text.replaceAll("=\r\n", "")).replaceAll("\r\n", "\n");
}

const decodeBytes = (quoted: string): string =>
  Buffer.from(
    quoted.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString();

/** RFC 2047: space between two encoded words is none of the text. */
const decodeWords = (value: string): string =>
  value
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === "b" ? Buffer.from(word, "base64").toString() : decodeBytes(word.replaceAll("_", " ")),
    );

/** Foreign text as Jira can store and show it: no control characters but newlines, nothing that reorders what is read. */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(/\t/g, " ")
    .replace(unshowable, "")
    .replace(/\p{Cs}/gu, "\ufffd");

/** Bidirectional overrides let a name read as another; U+FFFE and U+FFFF are no characters of XML. */
const unshowable = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, " ").trim();

/** The lines of a text that are not blank. */
export const linesOf = (text: string): readonly string[] =>
  cleanText(text)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");

/** At most so many UTF-16 units, which is how Jira counts; no character is cut in two. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest - ellipsis.length).replace(/[\ud800-\udbff]$/, "");
  return `${kept}${ellipsis}`;
}

const ellipsis = "...";

/** Jira takes 255 characters and no newline. */
export const formatSummary = (subject: string): string => clip(cleanLine(subject), 255) || "(no subject)";

/** What Jira takes for a description or a comment (jira.text.field.character.limit), markup included. */
export const longestBody = 32_767;

/** What an intent leaves in a ticket or comment, to be found there again. */
export const formatReference = (reference: string): string => `stalewatch reference ${reference}`;

interface Fitting<Block> {
  /** In characters, with what parts it from the next. */
  readonly sizeOf: (block: Block) => number;
  /** Stands for the blocks that found no room. */
  readonly note: Block;
  /** Comes last, in any case. */
  readonly last: Block;
}

/** As many blocks from the beginning as a body has room for. */
export function fitBlocks<Block>(blocks: readonly Block[], { sizeOf, note, last }: Fitting<Block>): readonly Block[] {
  const whole = [...blocks, last];
  if (sum(whole.map(sizeOf)) <= roomForBlocks) return whole;
  let room = roomForBlocks - sizeOf(note) - sizeOf(last);
  const count = blocks.findIndex((block) => {
    room -= sizeOf(block);
    return room < 0;
  });
  return [...blocks.slice(0, count), note, last];
}

/** Some is left for what holds the blocks. */
const roomForBlocks = longestBody - 100;

export const cutNote = "The rest is left out: it was too long for Jira.";

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

/** An address that may be followed, as a browser would spell it; undefined for anything but http and https. */
export function webAddress(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, href, username, password } = new URL(url);
  const isWeb = protocol === "https:" || protocol === "http:";
  return isWeb && username === "" && password === "" ? href : undefined;
}

/** So short a secret would be found in any text. */
const shortestSecret = 4;

export const hideSecrets = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length >= shortestSecret)
    .reduce((shown, secret) => shown.replaceAll(secret, "[redacted]"), text);

import { UnreadableXml } from "./unreadable-xml.ts";
import type { XmlEvents } from "./walk-elements.ts";
import { decodeText, unifyLines } from "./xml-text.ts";

export interface XmlScanner {
  /** The document comes in pieces, cut anywhere but inside a character. */
  write(piece: string): void;
  /** Whether what has come is a whole document. */
  isWhole(): boolean;
  /** The outermost element's name, once it has come. */
  outermost(): string | undefined;
}

/**
 * Finds elements and text in XML as AWS writes it. It goes from sign to sign rather than from character to character,
 * which takes half the time of a parser that knows all of XML, and refuses what it does not know.
 */
export function scanXml(events: XmlEvents): XmlScanner {
  const open: string[] = [];
  let outermost: string | undefined;
  let rest = "";

  const takeText = (text: string, read: (text: string) => string): void => {
    if (events.wantsText()) events.text(read(text));
    else if (open.length === 0 && text.trim() !== "") throw new UnreadableXml("it has text outside of its elements");
  };

  const takeOpening = (tag: string): void => {
    const isEmpty = tag.endsWith("/");
    const name = nameIn(isEmpty ? tag.slice(0, -1) : tag);
    if (outermost !== undefined && open.length === 0) throw new UnreadableXml("it has two outermost elements");
    outermost ??= name;
    events.open(name);
    if (isEmpty) events.close();
    else open.push(name);
  };

  const takeClosing = (tag: string): void => {
    const name = open.pop();
    if (name !== tag && name !== tag.trimEnd()) throw new UnreadableXml(`it closes "${name}" with "${tag}"`);
    events.close();
  };

  const takeMarkup = (kind: Markup, content: string): void => {
    if (kind === markup.opening) takeOpening(content);
    else if (kind === markup.closing) takeClosing(content);
    else if (kind === markup.cdata) takeText(content, unifyLines);
  };

  return {
    write(piece) {
      const document = rest + piece;
      let at = 0;
      for (let sign = document.indexOf("<"); sign !== -1; sign = document.indexOf("<", at)) {
        // Most text is layout, and not worth a copy.
        if (sign > at && (open.length === 0 || events.wantsText())) takeText(document.slice(at, sign), decodeText);
        at = sign;
        const kind = markupAt(document, at);
        const end = kind === undefined ? -1 : document.indexOf(kind.end, at + kind.start.length);
        // The rest of it comes with the next piece.
        if (kind === undefined || end === -1) break;
        takeMarkup(kind, document.slice(at + kind.start.length, end));
        at = end + kind.end.length;
      }
      rest = document.slice(at);
    },
    isWhole: () => outermost !== undefined && open.length === 0 && rest.trim() === "",
    outermost: () => outermost,
  };
}

interface Markup {
  readonly start: string;
  readonly end: string;
}

const markup = {
  opening: { start: "<", end: ">" },
  closing: { start: "</", end: ">" },
  instruction: { start: "<?", end: "?>" },
  comment: { start: "<!--", end: "-->" },
  cdata: { start: "<![CDATA[", end: "]]>" },
} as const satisfies Readonly<Record<string, Markup>>;

/** Undefined where too little of it has come to tell. */
function markupAt(document: string, at: number): Markup | undefined {
  switch (document[at + 1]) {
    case "/":
      return markup.closing;
    case "?":
      return markup.instruction;
    case "!":
      return declaredAt(document, at);
    default:
      return markup.opening;
  }
}

function declaredAt(document: string, at: number): Markup | undefined {
  for (const kind of [markup.comment, markup.cdata]) {
    if (document.startsWith(kind.start, at)) return kind;
    if (kind.start.startsWith(document.slice(at))) return undefined;
  }
  throw new UnreadableXml("it has a document type declaration");
}

/** Attributes say nothing that is used; one that holds a `>` would have cut the tag short. */
function nameIn(tag: string): string {
  if (name.test(tag)) return tag;
  const [, found] = nameAndAttributes.exec(tag) ?? [];
  if (found === undefined) throw new UnreadableXml(`it has the tag "${tag}"`);
  return found;
}

const name = /^[^\s<"'=/&]+$/;
const nameAndAttributes = /^([^\s<"'=/&]+)(?:\s+[^\s<"'=/&]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*$/;

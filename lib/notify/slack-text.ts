/** Slack's control sequences all begin with these, and need these alone escaped: https://docs.slack.dev/messaging/formatting-message-text */
const escapes: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

/** Controls, separators of lines, what turns the direction of writing, and halves of characters: none can be seen. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const showUnseen = (text: string): string => text.replace(unseen, "\ufffd");

/** Foreign text on one line, with a mark where something can't be seen. */
export const showLine = (text: string): string => orDash(showUnseen(text));

/** The same, where line breaks may stay. */
export const showLines = (text: string): string =>
  orDash(
    text
      .split(/\r\n|\n/)
      .map(showUnseen)
      .join("\n"),
  );

/** Slack refuses texts without a character. */
const orDash = (text: string): string => (text.trim() === "" ? "-" : text);

/** Escaped text in pieces of at most `limit` UTF-16 units, none of which begins inside a character or an escape. */
export function splitEscaped(text: string, limit: number): readonly [string, ...string[]] {
  const pieces: string[] = [];
  let piece = "";
  for (const letter of text) {
    const escaped = escapes.get(letter) ?? letter;
    if (piece.length + escaped.length > limit) {
      pieces.push(piece);
      piece = "";
    }
    piece += escaped;
  }
  const [first = piece, ...others] = pieces;
  return pieces.length === 0 ? [first] : [first, ...others, piece];
}

/** Escaped text of at most `limit` UTF-16 units, of which the last is an ellipsis where something is left out. */
export function fitEscaped(text: string, limit: number): string {
  const [whole, ...rest] = splitEscaped(text, limit);
  return rest.length === 0 ? whole : `${splitEscaped(text, limit - 1)[0]}…`;
}

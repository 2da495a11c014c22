/** A regular expression taken apart: what it repeats and chooses between, down to single letters. */
export type PatternTree =
  | { readonly kind: "letter"; readonly fits: (letter: string) => boolean }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "sequence"; readonly parts: readonly PatternTree[] }
  | { readonly kind: "choice"; readonly options: readonly PatternTree[] }
  | { readonly kind: "repeat"; readonly part: PatternTree; readonly min: number; readonly max: number | undefined };

export type ReadPattern =
  | { readonly ok: true; readonly tree: PatternTree }
  | { readonly ok: false; readonly says: string };

/**
 * Reads JavaScript's syntax, unicode mode, but for look-arounds, back-references, word boundaries and inline flags, which
 * no matcher of linear time has. Single letters and classes keep the meaning that JavaScript gives them.
 */
export function readPattern(source: string): ReadPattern {
  const fault = findFault(source);
  if (fault !== undefined) return { ok: false, says: fault };
  return { ok: true, tree: readChoice({ source, at: 0 }) };
}

/** The longest first: a pair of surrogates is one letter. */
const letter =
  /\[(?:\\.|[^\]\\])*\]|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\(?:[pPu]\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|.)|./suy;
const opening = /\((?:\?:|\?<[^=!>]*>)?/uy;
const quantifier = /(?:([*+?])|\{(\d+)(,(\d*))?\})\??/uy;

const unsupported = [
  { at: /^\(\?(?:[=!]|<[=!])/u, says: "look-arounds are not supported" },
  { at: /^\(\?[-a-z]/u, says: "inline flags are not supported" },
  { at: /^\\(?:[1-9]|k<)/u, says: "back-references are not supported" },
  { at: /^\\[bB]/u, says: "word boundaries are not supported" },
] as const;

function findFault(source: string): string | undefined {
  try {
    new RegExp(source, "u");
  } catch (thrown) {
    return String(thrown).replace(/^.*: /su, "").toLowerCase();
  }
  const cursor = { source, at: 0 };
  while (cursor.at < source.length) {
    const rest = source.slice(cursor.at);
    const found = unsupported.find(({ at }) => at.test(rest));
    if (found !== undefined) return found.says;
    take(letter, cursor);
  }
  return undefined;
}

interface Cursor {
  readonly source: string;
  at: number;
}

function take(token: RegExp, cursor: Cursor): RegExpExecArray | undefined {
  token.lastIndex = cursor.at;
  const match = token.exec(cursor.source);
  if (match === null) return undefined;
  cursor.at = token.lastIndex;
  return match;
}

function readChoice(cursor: Cursor): PatternTree {
  const options = [readSequence(cursor)];
  while (cursor.source[cursor.at] === "|") {
    cursor.at += 1;
    options.push(readSequence(cursor));
  }
  return { kind: "choice", options };
}

function readSequence(cursor: Cursor): PatternTree {
  const parts: PatternTree[] = [];
  while (cursor.at < cursor.source.length && !"|)".includes(cursor.source.charAt(cursor.at)))
    parts.push(readRepeat(readAtom(cursor), cursor));
  return { kind: "sequence", parts };
}

function readAtom(cursor: Cursor): PatternTree {
  if (take(opening, cursor) !== undefined) {
    const tree = readChoice(cursor);
    cursor.at += 1;
    return tree;
  }
  // What JavaScript took as a pattern has a letter wherever it has nothing else.
  const [token] = take(letter, cursor) as RegExpExecArray;
  if (token === "^") return { kind: "start" };
  if (token === "$") return { kind: "end" };
  const one = new RegExp(`^${token}$`, "u");
  return { kind: "letter", fits: (candidate) => one.test(candidate) };
}

function readRepeat(part: PatternTree, cursor: Cursor): PatternTree {
  const match = take(quantifier, cursor);
  if (match === undefined) return part;
  const [, sign, least, comma, most] = match;
  if (sign !== undefined) return { kind: "repeat", part, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : undefined };
  const min = Number(least);
  if (comma === undefined) return { kind: "repeat", part, min, max: min };
  return { kind: "repeat", part, min, max: most === "" ? undefined : Number(most) };
}

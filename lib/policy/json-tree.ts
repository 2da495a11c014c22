import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type PolicyProblem, placesIn, quote } from "./problem.ts";

export type JsonNode = Node;

export type JsonTree =
  | { readonly ok: true; readonly root: JsonNode }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** JSON as it is written, with the place of everything in it; a member named twice is a fault, since readers differ on which counts. */
export function parseJsonTree(text: string): JsonTree {
  const placeOf = placesIn(text);
  const refuse = (offset: number, says: string): JsonTree => ({ ok: false, problems: [{ ...placeOf(offset), says }] });
  if (text.startsWith("\uFEFF"))
    return refuse(0, "begins with a byte order mark, which is no JSON: save it without one");
  const deep = findTooDeep(text);
  if (deep !== undefined) return refuse(deep, `is nested more than ${deepest} levels deep`);
  const errors: ParseError[] = [];
  // Where nothing is wrong there is a root.
  const root = parseTree(text, errors, { disallowComments: true }) as JsonNode;
  const [first] = errors;
  if (first !== undefined) return refuse(first.offset, `is not JSON: ${wordsOf(first)}`);
  const twice = findRepeatedMembers(root).map((key) => ({
    ...placeOf(key.offset),
    says: `${quote(key.value)} is written twice`,
  }));
  return twice.length > 0 ? { ok: false, problems: twice } : { ok: true, root };
}

export const childrenOf = ({ children = [] }: JsonNode): readonly JsonNode[] => children;

/** Members of an object with their keys, in the order they are written. */
export const membersOf = (node: JsonNode): readonly (readonly [key: JsonNode, value: JsonNode])[] =>
  // Of what is JSON, each member has both.
  childrenOf(node).map(({ children }) => children as [JsonNode, JsonNode]);

/** Far more than any element of a policy needs; a parser that calls itself for each level would end with the stack. */
const deepest = 64;

/**
 * Sees what the parser sees, which goes on behind what is no JSON, and counts as it does: a bracket is open until one of its kind
 * closes it.
 */
function findTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  const open: number[] = [];
  for (let token: number = scanner.scan(); token !== tokens.end; token = scanner.scan()) {
    if (token === tokens.openBrace || token === tokens.openBracket) open.push(token);
    // The library's kinds of tokens: each that closes comes behind the one that opens.
    else if (open.length > 0 && token - 1 === open.at(-1)) open.pop();
    if (open.length > deepest) return scanner.getTokenOffset();
  }
  return undefined;
}

/** As jsonc-parser numbers them, in an enum that is gone once it is compiled. */
const tokens = { openBrace: 1, openBracket: 3, end: 17 } as const;

function findRepeatedMembers(node: JsonNode): readonly JsonNode[] {
  if (node.type === "array") return childrenOf(node).flatMap(findRepeatedMembers);
  if (node.type !== "object") return [];
  const seen = new Set<unknown>();
  return membersOf(node).flatMap(([key, value]) => {
    const isRepeated = seen.has(key.value);
    seen.add(key.value);
    return [...(isRepeated ? [key] : []), ...findRepeatedMembers(value)];
  });
}

/** `CommaExpected` as words. */
const wordsOf = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .toLowerCase();

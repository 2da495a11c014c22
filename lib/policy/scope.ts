import { childrenOf, type JsonNode, membersOf } from "./json-tree.ts";

/**
 * All that a statement says but its Sid and actions, in one form for all ways to write it: members in the order of their names, one
 * string as a list of one, lists as sets. The version belongs to it, since by that of 2008 `${aws:username}` is plain text.
 */
export const scopeOf = (statement: JsonNode, version: string): string =>
  JSON.stringify([version, ...entriesOf(statement).filter(([name]) => !leftOut.has(name))]);

const leftOut: ReadonlySet<unknown> = new Set(["Sid", "Action", "NotAction"]);

const entriesOf = (node: JsonNode): readonly (readonly [name: string, form: unknown])[] =>
  membersOf(node)
    .map(([key, value]): [string, unknown] => [key.value, formOf(value)])
    .sort(([one], [other]) => (one < other ? -1 : 1));

function formOf(node: JsonNode): unknown {
  if (node.type === "object") return { members: entriesOf(node) };
  const values = node.type === "array" ? childrenOf(node) : [node];
  return [...new Set(values.map((value) => JSON.stringify(isScalar(value) ? value.value : formOf(value))))].sort();
}

const isScalar = ({ type }: JsonNode): boolean => type !== "array" && type !== "object";

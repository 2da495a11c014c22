import { childrenOf, type JsonNode, membersOf } from "./json-tree.ts";
import { textAt } from "./policy.ts";

/**
 * All that a statement says but its Sid and actions, in one form for all ways to write it: members in the order of their names, one
 * string as a list of one, lists as sets. The version belongs to it, since by that of 2008 `${aws:username}` is plain text.
 */
export const scopeOf = (statement: JsonNode, { version, text }: { version: string; text: string }): string =>
  JSON.stringify([version, ...entriesOf(statement, text).filter(([name]) => !leftOut.has(name))]);

const leftOut: ReadonlySet<unknown> = new Set(["Sid", "Action", "NotAction"]);

const entriesOf = (node: JsonNode, text: string): readonly (readonly [name: string, form: unknown])[] =>
  membersOf(node)
    .map(([key, value]): [string, unknown] => [key.value, formOf(value, text)])
    .sort(([one], [other]) => (one < other ? -1 : 1));

function formOf(node: JsonNode, text: string): unknown {
  if (node.type === "object") return { members: entriesOf(node, text) };
  const values = node.type === "array" ? childrenOf(node) : [node];
  return [...new Set(values.map((value) => textOf(value, text)))].sort();
}

/** A number as it is written: two that JavaScript can't tell apart may be two. */
function textOf(node: JsonNode, text: string): string {
  if (node.type === "number") return textAt(text, node);
  return JSON.stringify(node.type === "array" || node.type === "object" ? formOf(node, text) : node.value);
}

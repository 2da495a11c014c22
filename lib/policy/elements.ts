import { childrenOf, type JsonNode, membersOf } from "./json-tree.ts";
import { quote } from "./problem.ts";

/** Says what is wrong with a part of the document. */
export type Refuse = (node: JsonNode, says: string) => void;

export interface Element {
  readonly key: JsonNode;
  readonly value: JsonNode;
}

/** The members of an object by their names, of which all must be known: AWS refuses others. */
export function readElements(node: JsonNode, known: readonly string[], refuse: Refuse): ReadonlyMap<string, Element> {
  const elements = membersOf(node).map(([key, value]) => ({ key, value }));
  for (const { key } of elements) if (!known.includes(key.value)) refuse(key, sayUnknown(key.value, known));
  return new Map(elements.map((element) => [element.key.value, element]));
}

function sayUnknown(written: string, known: readonly string[]): string {
  const meant = known.find((name) => name.toLowerCase() === written.toLowerCase());
  return `${quote(written)} is no element${meant === undefined ? `: there are ${known.join(", ")}` : `: write ${meant}`}`;
}

/** What stands there, as a message says it. */
export function describe({ type, value }: JsonNode): string {
  if (type === "array") return "a list";
  return type === "object" ? "an object" : quote(value);
}

/** The strings of an element that is a string or a list of strings; undefined where it is neither. */
export function stringsOf(node: JsonNode): readonly string[] | undefined {
  const children = childrenOf(node);
  if (node.type === "string") return [node.value];
  if (node.type !== "array" || children.some((child) => child.type !== "string")) return undefined;
  return children.map((child) => child.value);
}

import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import { messageOf } from "../core/errors.ts";
import type { Path } from "./kind.ts";
import type { YamlFile } from "./read-file.ts";

/** Parses YAML 1.2, of which JSON is a part, and remembers the line of everything in it. */
export function loadYaml(path: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineOf = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const unreadable = (problems: readonly string[]): YamlFile => ({
    ...{ path, value: undefined, lineAt: () => 1 },
    ...{ problems, isIncomplete: true },
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0)
    return unreadable(faults.map((fault) => `file ${path} line ${lineOf(fault.pos[0])}: ${sayFault(fault, text)}`));
  visit(document, {
    Scalar(_key, node) {
      // An account id with a leading zero is a number to YAML, and would lose the zero.
      if (typeof node.value === "number" && String(node.value) !== node.source) node.value = node.source;
    },
  });
  try {
    const value: unknown = document.toJS();
    return { path, value, lineAt: (at) => lineOf(offsetAt(document, at)), problems: [], isIncomplete: false };
  } catch (thrown) {
    return unreadable([`file ${path}: ${messageOf(thrown)}`]);
  }
}

type Document = ReturnType<typeof parseDocument>;

function sayFault({ code, message, pos }: YAMLError, text: string): string {
  if (code !== "DUPLICATE_KEY") return `not YAML: ${message}`;
  const [key] = /^[^\s:]+/.exec(text.slice(pos[0])) ?? [""];
  return `${key} stands here a second time`;
}

/** Where the last step of the path begins that the document has. */
function offsetAt(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    const item = isSeq(node) && typeof step === "number" ? node.items[step] : undefined;
    const found = pair?.key ?? item;
    if (!isNode(found)) break;
    offset = found.range?.[0] ?? offset;
    node = pair === undefined ? item : pair.value;
  }
  return offset;
}

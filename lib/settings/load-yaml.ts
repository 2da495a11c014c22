import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import { messageOf } from "../core/errors.ts";
import type { Path } from "./kind.ts";
import { noFile, type YamlFile } from "./read-file.ts";

/** Parses YAML 1.2, of which JSON is a part, and remembers the line of everything in it. */
export function loadYaml(path: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineOf = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const refuse = (problems: readonly string[]): YamlFile => ({ ...noFile, path, problems, isIncomplete: true });
  const faults = findFaults(document, text);
  if (faults.length > 0)
    return refuse(faults.map(({ offset, says }) => `file ${path} line ${lineOf(offset)}: ${says}`));
  keepWrittenNumbers(document);
  try {
    const value: unknown = document.toJS();
    return { path, value, lineAt: (at) => lineOf(offsetAt(document, at)), problems: [], isIncomplete: false };
  } catch (thrown) {
    return refuse([`file ${path}: ${messageOf(thrown)}`]);
  }
}

type Document = ReturnType<typeof parseDocument>;

interface Fault {
  readonly offset: number;
  readonly says: string;
}

function findFaults(document: Document, text: string): Fault[] {
  const faults = [...document.errors, ...document.warnings].map((fault) => ({
    offset: fault.pos[0],
    says: sayFault(fault, text),
  }));
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) === undefined)
        faults.push({ offset: node.range?.[0] ?? 0, says: `nothing is anchored as ${node.source}` });
    },
  });
  return faults;
}

function sayFault({ code, message, pos }: YAMLError, text: string): string {
  if (code !== "DUPLICATE_KEY") return `not YAML: ${message}`;
  const [key] = /^[^\s:]+/.exec(text.slice(pos[0])) ?? [""];
  return `${key} stands here a second time`;
}

/** An account id with a leading zero is a number to YAML, and would lose the zero. */
function keepWrittenNumbers(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "number" && String(node.value) !== node.source) node.value = node.source;
    },
  });
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

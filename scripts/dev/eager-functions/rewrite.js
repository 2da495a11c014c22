import { parseAst } from "rolldown/parseAst";

/**
 * Writes the functions that begin at `offsets` so that V8 compiles them together with their file: as function expressions
 * in parentheses (https://v8.dev/blog/preparser#pife). Declarations of the file become variables on its first line, since
 * they can be called from there on; arrow functions and methods of objects lose their form where nothing tells them apart
 * from plain functions. Methods of classes stay: they have no other form.
 *
 * @param {string} code of a CommonJS file
 * @param {ReadonlySet<number>} offsets as V8's coverage reports them, in UTF-16 units
 */
export function compileWithFile(code, offsets) {
  const program = parseAst(code);
  const declared = program.body.filter(
    (node) => node.type === "FunctionDeclaration" && offsets.has(node.start) && isNamedOnce(node.id.name, program),
  );
  const { print, printExpression } = printer(code, { offsets, replaced: new Map(declared.map((node) => [node, ";"])) });
  const body = print(program);
  if (declared.length === 0) return body;
  const variables = declared.map((node) => `${node.id.name}=${printExpression(node)}`);
  const { length } = directive.exec(body)[0];
  return `${body.slice(0, length)}var ${variables.join(",")};${body.slice(length)}`;
}

const directive = /^\s*(?:(["'])use strict\1;)?/;

function printer(code, { offsets, replaced }) {
  const print = (node) => replaced.get(node) ?? printRewritten(node) ?? printAsItIs(node);

  function printAsItIs(node) {
    let text = "";
    let at = node.start;
    for (const child of childrenOf(node)) {
      // The key and the value of `{ a }` and `{ a = 1 }` begin at one place, and the longer comes first.
      if (child.start < at) continue;
      text += code.slice(at, child.start) + print(child);
      at = child.end;
    }
    return text + code.slice(at, node.end);
  }

  function printRewritten(node) {
    if (!offsets.has(node.start)) return undefined;
    if (node.type === "FunctionExpression") return isMethod(node) ? undefined : `(${printAsItIs(node)})`;
    if (node.type === "ArrowFunctionExpression") return endsItsLine(node) ? undefined : printArrow(node);
    return node.type === "Property" && node.method ? printMethod(node) : undefined;
  }

  const printArrow = (arrow) => (speaksOfItsPlace(arrow) ? `(${printAsItIs(arrow)})` : printExpression(arrow));

  function printMethod({ key, value, computed }) {
    if (mentions(value, isBound) || (!computed && (key.name ?? key.value) === "__proto__")) return undefined;
    return `${computed ? `[${print(key)}]` : print(key)}:${printExpression(value)}`;
  }

  function printExpression({ async, generator, params, body }) {
    const block = body.type === "BlockStatement" ? print(body) : `{return ${print(body)}}`;
    return `(${async ? "async " : ""}function${generator ? "*" : ""}(${params.map(print).join(",")})${block})`;
  }

  const isMethod = ({ start }) => code[start] === "(";

  /** A line break ends `a = () => {}`, and goes on with `a = (() => {})` where the next line begins with a parenthesis. */
  const endsItsLine = ({ end }) => /^[^\S\n]*(?:\n|\/)/.test(code.slice(end));

  return { print, printExpression };
}

const childrenOf = (node) =>
  Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === "string")
    .sort((a, b) => a.start - b.start || b.end - a.end);

/** An arrow function's `this`, `arguments`, `super` and `new.target` are those of the function around it. */
const speaksOfItsPlace = (arrow) =>
  mentions(arrow, (node) => isBound(node) || node.type === "ThisExpression" || node.type === "MetaProperty");

/** `eval` can say any of them. */
const isBound = ({ type, name }) => type === "Super" || (type === "Identifier" && /^(?:arguments|eval)$/.test(name));

const mentions = (node, isMeant) =>
  isMeant(node) || childrenOf(node).some((child) => !hasItsOwn.has(child.type) && mentions(child, isMeant));

const hasItsOwn = new Set(["FunctionExpression", "FunctionDeclaration"]);

/** Of several declarations of one name the last is meant. */
const isNamedOnce = (name, program) =>
  program.body.filter(
    ({ id, declarations }) => id?.name === name || declarations?.some((declaration) => declaration.id.name === name),
  ).length === 1;

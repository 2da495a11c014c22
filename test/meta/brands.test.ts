import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");

const preamble = `
import type { Intent } from "../../lib/act/journal.ts";
import type { PlannedAction } from "../../lib/act/action.ts";
import { decide, judge, type Permit } from "../../lib/act/decide.ts";
declare const action: PlannedAction;
declare const permit: Permit;
declare const intent: Intent;
declare function disableKey(intent: Intent, keyId: string): void;
declare function intend(permit: Permit): void;
`;

/** What does not compile, and TypeScript's word for why. */
const snippets = [
  { name: "what decide and the journal made is taken", source: `intend(permit); disableKey(intent, "k");`, want: [] },
  { name: "a permit of members", source: "export const forged: Permit = { action };", want: [2741] },
  {
    name: "a permit copied onto another action",
    source: "export const forged: Permit = { ...permit, action };",
    want: [2741],
  },
  {
    name: "a permit of a class that looks the same",
    source: `class Forged { readonly #isGranted = true; readonly action = action; isGranted() { return this.#isGranted; } }
      export const forged: Permit = new Forged();`,
    want: [2322],
  },
  {
    name: "a permit by its class",
    source: `import { GrantedPermit } from "../../lib/act/decide.ts"; void GrantedPermit;`,
    want: [2459],
  },
  { name: "a permit by its type", source: "export const forged = new Permit(action);", want: [2693] },
  {
    name: "what gates alone allowed",
    source: "for (const allowed of judge([action], {} as never, []).allowed) intend(allowed);",
    want: [2345],
  },
  { name: "permits by fewer gates", source: "decide([action], {} as never, []);", want: [2554] },
  {
    name: "an intent of members",
    source: `export const forged: Intent = { id: "i", reference: "r", action };`,
    want: [2741],
  },
  {
    name: "an intent copied onto another action",
    source: "export const forged: Intent = { ...intent, reference: intent.reference, action };",
    want: [2741],
  },
  {
    name: "an intent by its class",
    source: `import { JournaledIntent } from "../../lib/act/journal.ts"; void JournaledIntent;`,
    want: [2459],
  },
  { name: "a write without an intent", source: `disableKey("k");`, want: [2554] },
  { name: "a write of a planned action", source: `disableKey(action, "k");`, want: [2345] },
  { name: "a write of a permit that nobody journaled", source: `disableKey(permit, "k");`, want: [2345] },
  { name: "a write of nothing", source: `disableKey(undefined, "k");`, want: [2345] },
];

/** One program for all snippets: each alone would load the same libraries again. */
function compile(sources: readonly string[]): readonly (readonly number[])[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const virtual = new Map(
    sources.map((source, index) => [join(root, `test/meta/snippet-${index}.ts`), preamble + source]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? readFile(path);
  // What a snippet leaves unused is not what it is about.
  const program = ts.createProgram([...virtual.keys()], { ...options, noUnusedLocals: false }, host);
  return [...virtual.keys()].map((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ code }) => code);
  });
}

test("what was not permitted and journaled does not compile", async (t) => {
  const found = compile(snippets.map(({ source }) => source));
  for (const [index, { name, want }] of snippets.entries()) t.strictSame(found[index], want, name);
});

const powers = ["Permit", "Intent", "Decision", "Intending"];

/** Where a file claims to hold what only `decide` and the journal make; a new name for it would hide such claims. */
function findClaims(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const claims: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isClaim(node)) claims.push(`${path}: ${node.getText(file)}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return claims;
}

function isClaim(node: ts.Node): boolean {
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) return namesPower(node.type);
  if (ts.isImportSpecifier(node)) return node.propertyName !== undefined && powers.includes(node.propertyName.text);
  return ts.isTypeAliasDeclaration(node) && !ts.isTypeLiteralNode(node.type) && isPower(node.type);
}

const isPower = (type: ts.TypeNode): boolean =>
  ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && powers.includes(type.typeName.text);

/** The type itself, or one with it inside, such as `readonly Permit[]`. */
const namesPower = (type: ts.TypeNode): boolean =>
  isPower(type) || (ts.isImportTypeNode(type) && powers.includes(type.qualifier?.getText() ?? "")) || someChild(type);

const someChild = (type: ts.TypeNode): boolean =>
  ts.forEachChild(type, (child) => (ts.isTypeNode(child) && namesPower(child) ? true : undefined)) ?? false;

const claims = [
  { name: "a cast", source: "const p = x as Permit;", want: 1 },
  { name: "a cast by way of unknown, over lines", source: "const i = x as unknown as\n  Intent;", want: 1 },
  { name: "a cast in angle brackets", source: "const i = <Intent>x;", want: 1 },
  { name: "a cast of several", source: "const p = x as readonly Permit[];", want: 1 },
  { name: "a cast of what holds them", source: "const d = x as Promise<Decision>;", want: 1 },
  { name: "a cast by import", source: `const i = x as import("../act/journal.ts").Intent;`, want: 1 },
  { name: "another name on import", source: `import type { Intent as Any } from "../act/journal.ts";`, want: 1 },
  { name: "another name by alias", source: "type Any = Permit;", want: 1 },
  {
    name: "types that say what is there",
    source: "const write = async (i: Intent): Promise<Intent> => i; new Set<Permit>();",
    want: 0,
  },
  { name: "words in a text or comment", source: "/* x as Permit */ const s = 'as Intent';", want: 0 },
  { name: "a cast to something else", source: "const p = x as PermitList; import { Intent } from 'x';", want: 0 },
];

test("a claim to hold a permit or an intent is found", async (t) => {
  for (const { name, source, want } of claims) t.equal(findClaims("x.ts", source).length, want, name);
});

test("no file outside lib/act claims to hold a permit or an intent", async (t) => {
  const listed = execFileSync("git", ["ls-files", "-z", "lib", "scripts", "test"], { cwd: root, encoding: "utf8" });
  const paths = listed.split("\0").filter((path) => path.endsWith(".ts") && !path.startsWith("lib/act/"));
  const texts = paths
    .filter((path) => path !== "test/meta/brands.test.ts" && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  t.ok(texts.length > 100, "there are files to look at");
  const suspects = texts.filter(({ text }) => powers.some((name) => text.includes(name)));
  t.strictSame(
    suspects.flatMap(({ path, text }) => findClaims(path, text)),
    [],
  );
});

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);

/** Functions by name, with the type of their first parameter. */
function exportedFunctions(file: ts.SourceFile): readonly (readonly [string, ts.TypeNode | undefined])[] {
  const first = ({ parameters }: ts.SignatureDeclaration) => parameters[0]?.type;
  return file.statements.flatMap((statement): (readonly [string, ts.TypeNode | undefined])[] => {
    if (ts.isFunctionDeclaration(statement))
      return isExported(statement) ? [[String(statement.name?.text), first(statement)]] : [];
    if (!ts.isVariableStatement(statement) || !isExported(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer && ts.isFunctionLike(initializer) ? [[name.getText(file), first(initializer)] as const] : [],
    );
  });
}

const isExported = (statement: ts.FunctionDeclaration | ts.VariableStatement): boolean =>
  statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

/** An intent; or an object with one, as the same file declares it; or a list of such that is never empty. */
function asksForIntent(type: ts.TypeNode | undefined, file: ts.SourceFile): boolean {
  if (type === undefined) return false;
  if (ts.isTypeOperatorNode(type)) return asksForIntent(type.type, file);
  if (ts.isTupleTypeNode(type)) {
    const [first, ...rest] = type.elements;
    const others = rest.map((one) =>
      ts.isRestTypeNode(one) && ts.isArrayTypeNode(one.type) ? one.type.elementType : one,
    );
    return [first, ...others].every((one) => asksForIntent(one, file));
  }
  const name = type.getText(file);
  if (name === "Intent") return true;
  return file.statements.some((statement) => {
    if (ts.isTypeAliasDeclaration(statement))
      return statement.name.text === name && asksForIntent(statement.type, file);
    return ts.isInterfaceDeclaration(statement) && statement.name.text === name && hasIntent(statement, file);
  });
}

const hasIntent = ({ members }: ts.InterfaceDeclaration, file: ts.SourceFile): boolean =>
  members.some(
    (one) =>
      ts.isPropertySignature(one) &&
      one.questionToken === undefined &&
      one.name.getText(file) === "intent" &&
      one.type?.getText(file) === "Intent",
  );

const writers = [
  { name: "an intent", first: "Intent", want: true },
  { name: "an object with one", first: "Target", want: true },
  { name: "at least one such object", first: "readonly [Target, ...Target[]]", want: true },
  { name: "the same by its name", first: "Targets", want: true },
  { name: "nothing", first: undefined, want: false },
  { name: "an id", first: "string", want: false },
  { name: "an object that may have one", first: "Maybe", want: false },
  { name: "an object of another kind", first: "Other", want: false },
  { name: "a list that may be empty", first: "Target[]", want: false },
  { name: "one with an intent, and any others", first: "readonly [Target, ...Other[]]", want: false },
  { name: "a choice", first: "Intent | undefined", want: false },
];

test("a function that may write without an intent is found", async (t) => {
  const types = `interface Target { readonly intent: Intent } interface Maybe { readonly intent?: Intent }
    interface Other { readonly id: string } type Targets = readonly [Target, ...Target[]];`;
  for (const { name, first, want } of writers) {
    const parameter = first === undefined ? "" : `x: ${first}`;
    const source = `${types} export async function write(${parameter}) {}`;
    const file = ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest, true);
    t.strictSame(
      exportedFunctions(file).map(([, type]) => asksForIntent(type, file)),
      [want],
      name,
    );
  }
});

test("every function that writes to AWS asks for an intent first", async (t) => {
  const directory = join(root, "lib/aws/write");
  const files = readdirSync(directory).map((name) => parse(join(directory, name)));
  const functions = files.flatMap((file) => exportedFunctions(file).map(([name, first]) => ({ name, first, file })));
  t.ok(functions.length > 0, "there are functions that write");
  for (const { name, first, file } of functions) t.ok(asksForIntent(first, file), name);
});

import fc from "fast-check";
import { test } from "tap";
import { loadAccounts } from "../../lib/settings/load-accounts.ts";
import { type Loaded, loadSettings } from "../../lib/settings/load-settings.ts";
import { loadYaml } from "../../lib/settings/load-yaml.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

interface Call {
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What `s.yaml` holds. */
  readonly file?: string;
}

class SystemError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`${code}: system words`);
    this.code = code;
  }
}

const reader = (file: string | undefined) => async (path: string) => {
  if (path === "s.yaml" && file !== undefined) return file;
  throw path.startsWith("E") ? new SystemError(path) : new SystemError("ENOENT");
};

const load = ({ argv = [], environment = {}, file }: Call) =>
  loadSettings({
    ...{ program: "tagaudit", says: "Finds doors that stand open.", examples: [] },
    declarations: [houseSettings, doorSettings],
    ...{ argv, environment, readFile: reader(file) },
  });

type Houses = Loaded<typeof houseSettings, typeof doorSettings>;

test("all sources together", async (t) => {
  const loaded: Houses = await load({
    argv: ["front", "back", "--config", "s.yaml", "--level=high"],
    environment: { TAGAUDIT_LEVEL: "low", STRICT: "True" },
    file: "run:\n  deadline: 9s\ntagaudit:\n  level: low\n  ports: [1, 2]\n",
  });
  if (loaded.kind !== "settings") return t.fail(loaded.kind);
  t.strictSame(loaded.run, { deadline: 9000 });
  t.match(loaded.program, { level: "high", strict: true, ports: [1, 2], doors: ["front", "back"], openAfter: 900_000 });
  t.equal(loaded.origins.run.deadline.where, "file s.yaml line 2, run.deadline");
  t.equal(loaded.origins.program.ports.where, "file s.yaml line 5, tagaudit.ports");
  t.equal(loaded.origins.program.strict.where, "environment STRICT");
});

test("the environment names the file as well, and a flag beats it", async (t) => {
  const environment = { STALEWATCH_CONFIG: "ENOENT" };
  t.match(await load({ environment: { STALEWATCH_CONFIG: "s.yaml" }, file: "run: { deadline: 9s }" }), {
    run: { deadline: 9000 },
  });
  t.match(await load({ argv: ["--config=s.yaml"], environment, file: "" }), { run: { deadline: 110_000 } });
});

const answers = [
  { argv: ["--help"], want: "help" },
  { argv: ["-h"], want: "help" },
  { argv: ["--version"], want: "version" },
  { argv: ["--version", "--help"], want: "help" },
  { argv: ["--help", "--no-such-thing", "--level=x", "--config=ENOENT"], want: "help" },
  { argv: ["--no-help", "--no-version"], want: "settings" },
  { argv: ["--help=yes"], want: "help" },
  { argv: ["--help=maybe"], want: "problems" },
  { argv: ["--help=no"], want: "settings" },
  { argv: ["--", "--help"], want: "problems" },
] as const;

for (const { argv, want } of answers)
  test(`${argv.join(" ")} is answered with ${want}`, async (t) => t.equal((await load({ argv })).kind, want));

test("help shows the program's settings before those of every program", async (t) => {
  const loaded = await load({ argv: ["--help"] });
  if (loaded.kind !== "help") return t.fail(loaded.kind);
  t.match(loaded.text, /^Usage: tagaudit[\s\S]+--open-after[\s\S]+--deadline[\s\S]+--config/);
});

const config = { argv: ["--config", "s.yaml"] };

const refused: readonly (Call & { readonly name: string; readonly want: readonly string[] })[] = [
  {
    name: "everything that is wrong, at once",
    argv: ["--config=s.yaml", "--levl", "low", "--deadline", "x"],
    environment: { TAGAUDIT_STRICT: "maybe", TAGAUDIT_X: "1" },
    file: "run:\n  deadline: 2h\n\ntagaudit:\n  exemptions:\n    - door: a\n      until: soon\n  colour: red\n",
    want: [
      "flag --levl: no such setting; did you mean --level?",
      "environment TAGAUDIT_X: no such setting",
      "file s.yaml line 8, tagaudit.colour: no such setting",
      'flag --deadline: "x" is not a duration from 1s to 1h, such as 90d, 36h or 15m; a bare number means seconds',
      'file s.yaml line 2, run.deadline: "2h" is not a duration from 1s to 1h, such as 90d, 36h or 15m; a bare number means seconds',
      'environment TAGAUDIT_STRICT: "maybe" is not true or false (yes or no, on or off, 1 or 0)',
      'file s.yaml line 7, tagaudit.exemptions[0].until: "soon" is not a date such as 2026-03-01 or an instant such as 2026-03-01T12:00:00Z',
    ],
  },
  {
    name: "a file that is not there",
    argv: ["--config", "none.yaml"],
    want: ['flag --config: cannot read "none.yaml": no such file'],
  },
  {
    name: "a file that may not be read",
    environment: { STALEWATCH_CONFIG: "EACCES" },
    want: ['environment STALEWATCH_CONFIG: cannot read "EACCES": permission denied'],
  },
  {
    name: "a directory",
    argv: ["--config", "EISDIR"],
    want: ['flag --config: cannot read "EISDIR": it is a directory'],
  },
  { name: "a broken disk", argv: ["--config", "EIO"], want: ['flag --config: cannot read "EIO": EIO: system words'] },
  { name: "no file named", argv: ["--config"], want: ["flag --config: no value given, expected the path of a file"] },
  {
    name: "two files named, of which none is read",
    argv: ["--config=s.yaml", "--config=s.yaml", "--open-after=1h"],
    file: "tagaudit: { close_after: 2h, level: x }",
    want: ["flag --config: given 2 times, takes one value"],
  },
  {
    name: "a file that can't be read hides no other problem, and makes none",
    argv: ["--config", "none.yaml", "--open-after", "1h", "--level", "mid"],
    want: ['flag --config: cannot read "none.yaml": no such file', 'flag --level: "mid" is not one of low, high'],
  },
  {
    ...config,
    name: "a key twice",
    file: "run:\n  deadline: 1s\n  deadline: 2s\n",
    want: ["file s.yaml line 3: deadline stands here a second time"],
  },
  {
    ...config,
    name: "a section twice",
    file: "run:\n  deadline: 1s\n\nrun:\n",
    want: ["file s.yaml line 4: run stands here a second time"],
  },
  {
    ...config,
    name: "no YAML",
    file: "run:\n  deadline: [1s\n",
    want: [
      "file s.yaml line 3: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  },
  {
    ...config,
    name: "tabs",
    file: "run:\n\tdeadline: 1s\n",
    want: ["file s.yaml line 2: not YAML: Tabs are not allowed as indentation"],
  },
  {
    ...config,
    name: "an unknown tag",
    file: "run:\n  deadline: !secret x\n",
    want: ["file s.yaml line 2: not YAML: Unresolved tag: !secret"],
  },
  {
    ...config,
    name: "two documents",
    file: "run:\n---\nrun:\n",
    want: ["file s.yaml line 2: not YAML: Source contains multiple documents; please use YAML.parseAllDocuments()"],
  },
  { ...config, name: "a list", file: "\n- run\n", want: ["file s.yaml line 1: not a map of sections"] },
  {
    ...config,
    name: "a section that is a list",
    file: "# our own\nrun:\n  - deadline\n",
    want: ["file s.yaml line 2, run: not a map of settings"],
  },
  {
    ...config,
    name: "a setting without a value",
    file: "run:\n  deadline:\n",
    want: [
      "file s.yaml line 2, run.deadline: no value given, expected a duration from 1s to 1h, such as 90d, 36h or 15m; a bare number means seconds",
    ],
  },
  {
    ...config,
    name: "an anchor that is nowhere",
    file: "run:\n  deadline: *none\n",
    want: ["file s.yaml line 2: nothing is anchored as none"],
  },
];

for (const { name, want, ...call } of refused)
  test(`refuses: ${name}`, async (t) => t.strictSame(await load(call), { kind: "problems", problems: want }));

test("aliases that multiply are refused before they fill the memory", async (t) => {
  const lol = Array.from({ length: 12 }, (_, depth) => `a${depth + 1}: &a${depth + 1} [${`*a${depth},`.repeat(9)}]`);
  const loaded = await load({ ...config, file: `a0: &a0 [x]\n${lol.join("\n")}\n` });
  t.match(loaded, { kind: "problems", problems: [/^file s\.yaml: Excessive alias count/] });
});

test("nothing that a file holds makes it throw", async (t) => {
  const snippet = fc.constantFrom(
    "run:",
    "tagaudit:",
    "\n",
    "  ",
    "- ",
    "deadline",
    ": ",
    "&a ",
    "*a",
    "[",
    "]",
    "{",
    "}",
    "1",
    "~",
    "'",
    "|",
    "exemptions",
  );
  const texts = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.array(snippet, { maxLength: 15 }).map((parts) => parts.join("")),
  );
  const isAnswered = async (file: string) => ["settings", "problems"].includes((await load({ ...config, file })).kind);
  await t.resolves(fc.assert(fc.asyncProperty(texts, isAnswered), { numRuns: 300 }));
});

const values = [
  { name: "JSON", text: '{"a": [1, true, null]}', want: { a: [1, true, null] } },
  {
    name: "an id with a leading zero stays whole",
    text: "- 012345678901\n- 123456789012\n",
    want: ["012345678901", 123456789012],
  },
  { name: "a number too long to count stays whole", text: "12345678901234567890", want: "12345678901234567890" },
  { name: "an exponent stays as written", text: "1e3", want: "1e3" },
  { name: "words of YAML 1.1 are text", text: "[yes, no, on, off]", want: ["yes", "no", "on", "off"] },
  { name: "a date is text", text: "2026-03-01", want: "2026-03-01" },
  { name: "keys are text", text: "1: a\ntrue: b\n", want: { 1: "a", true: "b" } },
  { name: "aliases are followed", text: "a: &x [1]\nb: *x\n", want: { a: [1], b: [1] } },
  { name: "only comments", text: "# nothing\n", want: null },
  { name: "nothing", text: "", want: null },
] as const;

for (const { name, text, want } of values)
  test(`YAML: ${name}`, async (t) =>
    t.match(loadYaml("a.yaml", text), { value: want, problems: [], isIncomplete: false }));

const yaml = `# line 1
run:
  list:
    - a
    - b: 1
      c: 2
  alias: &x
    deep: 1
  other: *x
`;
const lines = [
  { path: [], want: 1 },
  { path: ["run"], want: 2 },
  { path: ["run", "list"], want: 3 },
  { path: ["run", "list", 1], want: 5 },
  { path: ["run", "list", 1, "c"], want: 6 },
  { path: ["run", "list", 1, "missing"], want: 5 },
  { path: ["run", "list", 9], want: 3 },
  { path: ["run", "list", "a"], want: 3 },
  { path: ["run", "other"], want: 9 },
  { path: ["run", "other", "deep"], want: 8 },
  { path: ["nowhere", "run"], want: 1 },
] as const;

for (const { path, want } of lines)
  test(`YAML: ${path.join(".") || "the file"} is on line ${want}`, async (t) =>
    t.equal(loadYaml("a.yaml", yaml).lineAt(path), want));

const accountsFrom = (file: string | undefined) =>
  loadAccounts({ path: "s.yaml", where: "flag --accounts", readFile: reader(file) });

test("accounts from a file", async (t) =>
  t.strictSame(await accountsFrom("- profile: prod\n- account_id: 012345678901\n"), {
    ok: true,
    accounts: [
      { by: "profile", name: "prod", profile: "prod" },
      { by: "account", name: "012345678901", accountId: "012345678901", roleName: undefined, externalId: undefined },
    ],
  }));

const badAccounts = [
  { name: "no file", file: undefined, want: ['flag --accounts: cannot read "s.yaml": no such file'] },
  { name: "an empty file", file: "", want: ["file s.yaml line 1: no value given, expected a list of accounts"] },
  {
    name: "no YAML",
    file: "- a: [",
    want: [
      "file s.yaml line 1: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  },
  {
    name: "wrong entries, each with its line",
    file: "- profile: prod\n- account_id: 12\n- profile: dev\n  colour: red\n",
    want: [
      'file s.yaml line 2, [1].account_id: "12" is not an account id of 12 digits',
      "file s.yaml line 4, [2].colour: no such key",
    ],
  },
] as const;

for (const { name, file, want } of badAccounts)
  test(`accounts: ${name}`, async (t) => t.strictSame(await accountsFrom(file), { ok: false, problems: want }));

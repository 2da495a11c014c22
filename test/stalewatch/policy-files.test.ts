import { join } from "node:path";
import { test } from "tap";
import { days, parseInstant } from "../../lib/core/time.ts";
import { catalogue } from "../../lib/policy/catalogue.ts";
import { allowing, drivesTerminal, runPolicy, writePolicy } from "../support/run-policy.ts";

const send = writePolicy(allowing("sqs:SendMessage"));
const list = writePolicy(allowing("sqs:ListQueues"));

test("a policy comes from standard input where no file is named, or by a dash beside files", async (t) => {
  const directory = t.testdir({ "list.json": list });
  const rows = [
    { args: ["expand"], want: "sqs:SendMessage\n" },
    { args: ["expand", "-"], want: "sqs:SendMessage\n" },
    { args: ["expand", "list.json", "-"], want: "sqs:ListQueues\nsqs:SendMessage\n" },
    { args: ["expand", "--action", "sqs:Tag*"], want: "sqs:TagQueue\n" },
    { args: ["expand", "--action", "sqs:Tag*", "-"], want: "sqs:SendMessage\nsqs:TagQueue\n" },
  ];
  for (const { args, want } of rows)
    t.strictSame(
      await runPolicy(args, { input: send, directory }),
      { code: 0, stdout: want, stderr: "" },
      args.join(" "),
    );
});

test("nobody waits for a policy to be typed", async (t) => {
  const { code, stdout, stderr } = await runPolicy(["expand"], { stdin: "terminal" });
  t.strictSame({ code, stdout }, { code: 2, stdout: "" });
  t.match(stderr, /^E! stalewatch: no FILE is named and standard input is a terminal: .*\n$/);
});

test("whatever is wrong with any file is said at once, by file, line and column, and nothing is printed", async (t) => {
  const directory = t.testdir({
    "good.json": send,
    "effect.json": send.replace('"Allow"', '"allow"').replaceAll("\n", "\r\n"),
    "two.json": '{"Statement": [{"Effect": "Allow", "Action": "sqs", "Resource": "*"}]}',
    "empty.json": "",
    "latin.json": Buffer.from([0x7b, 0xe9, 0x7d]),
    folder: {},
  });
  const files = ["good", "effect", "two", "empty", "latin", "none"].map((name) => `${name}.json`);
  const { code, stdout, stderr } = await runPolicy(["check", ...files, "folder"], { directory });
  t.strictSame({ code, stdout }, { code: 1, stdout: "" });
  t.strictSame(stderr.split("\n"), [
    'E! stalewatch: effect.json line 5, column 17: Effect is "allow": it must be Allow or Deny',
    "E! stalewatch: two.json line 1, column 1: Version is missing: AWS would read this by the rules of 2008-10-17",
    'E! stalewatch: two.json line 1, column 46: Action has "sqs": an action is written as in s3:GetObject, s3:Get* or *',
    "E! stalewatch: empty.json line 1, column 1: is not JSON: value expected",
    'E! stalewatch: cannot read "latin.json": it is not UTF-8',
    'E! stalewatch: cannot read "none.json": no such file',
    'E! stalewatch: cannot read "folder": it is a directory',
    "",
  ]);
});

const commands = ["expand", "minimise", "subtract", "check", "diff"] as const;

test("a malformed document is refused by every subcommand alike", async (t) => {
  const directory = t.testdir({ "bad.json": send.replace("2012", "2013"), "good.json": send });
  for (const command of commands) {
    const args = command === "subtract" ? ["bad.json", "--remove", "sqs"] : ["bad.json"];
    const others = command === "diff" ? ["good.json"] : [];
    const { code, stdout, stderr } = await runPolicy([command, ...args, ...others], { directory });
    t.strictSame({ code, stdout }, { code: 1, stdout: "" }, command);
    t.match(stderr, /^E! stalewatch: bad.json line 2, column 14: Version is "2013-10-17": .*\n$/, command);
  }
});

test("what AWS's command line prints around a document is told by its name", async (t) => {
  const answers = [
    { answer: { RoleName: "r", PolicyName: "p", PolicyDocument: JSON.parse(send) }, call: "get-role-policy" },
    { answer: { PolicyVersion: { Document: JSON.parse(send) } }, call: "get-policy-version" },
    { answer: { RoleDetailList: [] }, call: "get-account-authorization-details" },
  ];
  for (const { answer, call } of answers) {
    const { code, stdout, stderr } = await runPolicy(["expand"], { input: JSON.stringify(answer) });
    t.strictSame({ code, stdout }, { code: 1, stdout: "" });
    t.match(stderr, new RegExp(`^E! stalewatch: stdin: this is what aws iam ${call} prints: .* --query .*\n$`));
  }
});

test("a file that is named twice, and standard input where it can be only one, are refused", async (t) => {
  const directory = t.testdir({ "a.json": send });
  const rows = [
    { args: ["check", "a.json", "a.json"], want: "a.json: is named twice" },
    { args: ["check", "-", "-"], want: "stdin: is named twice" },
    { args: ["diff", "-", "-"], want: "standard input can be only one of the two" },
  ];
  for (const { args, want } of rows) {
    const { code, stdout, stderr } = await runPolicy(args, { directory, input: send });
    t.strictSame({ code, stdout, stderr }, { code: 2, stdout: "", stderr: `E! stalewatch: ${want}\n` }, args.join(" "));
  }
});

test("names of files never drive the terminal", async (t) => {
  const name = "a\u001b[31m\u009b1mb\n\u202ec.json";
  const directory = t.testdir({ [name]: send });
  const missing = await runPolicy(["check", `no${name}`], { directory });
  t.notMatch(missing.stderr, drivesTerminal);
  t.equal(missing.stderr.split("\n").length, 2);
  const all = [["check"], ["expand", "--format", "table"], ["subtract", "--remove", "sqs", "--format", "diff"]];
  for (const [command = "", ...options] of [...all, ["subtract", "--remove", "sqs", "--format", "table"]]) {
    const { code, stdout, stderr } = await runPolicy([command, name, ...options], { directory });
    t.equal(code, 0);
    t.match(stdout, "a\\u001b[31m\\u009b1mb\\u000a\\u202ec.json", command);
    t.notMatch(`${stdout}${stderr}`, drivesTerminal, command);
  }
});

test("the catalogue says its day and its age, and an old one is complained of", async (t) => {
  const { code, stdout, stderr } = await runPolicy(["--catalogue-date"]);
  t.strictSame({ code, stderr }, { code: 0, stderr: "" });
  t.match(stdout, /^\d{4}-\d\d-\d\d, \d+ days old, from @cloud-copilot\/iam-data [\d.]+\n$/);
  t.match(stdout, `${catalogue.date}, `);
  const made = parseInstant(catalogue.date) ?? 0;
  const directory = t.testdir({ "a.json": send });
  const file = join(directory, "a.json");
  for (const command of commands) {
    const args = { subtract: [file, "--remove", "s3"], diff: [file, file] }[command as string] ?? [file];
    const call = (age: number) => runPolicy([command, ...args], { now: made + days(age) });
    t.match(
      (await call(181)).stderr,
      /^W! stalewatch: the catalogue of actions is of \d{4}-\d\d-\d\d, 181 days old/,
      command,
    );
    t.notMatch((await call(180)).stderr, "days old", command);
  }
});

const refused = [
  { args: [], want: "policy what? stalewatch policy --help lists it" },
  { args: ["expnd"], want: "Did you mean expand?" },
  { args: ["expand", "--catalogue-date"], want: "Unknown arguments: catalogue-date, catalogueDate" },
  {
    args: ["expand", "--format", "xml"],
    want: 'Invalid values:   Argument: format, Given: "xml", Choices: "text", "table", "json"',
  },
  {
    args: ["minimise", "--color", "blue"],
    want: 'Invalid values:   Argument: color, Given: "blue", Choices: "auto", "always", "never"',
  },
  { args: ["minimise", "--within", "s3"], want: 'within: "s3" is not a pattern, as s3:* or s3:Get*' },
  { args: ["minimise", "--within"], want: "Not enough arguments following: within" },
  { args: ["subtract"], want: "nothing to take is named: give --remove PATTERN or --remove-from FILE" },
  { args: ["diff", "a.json"], want: "Not enough non-option arguments: got 1, need at least 2" },
  { args: ["diff", "a.json", "b.json", "c.json"], want: "Unknown argument: c.json" },
  { args: ["check", "--formt", "json"], want: "Unknown argument: formt" },
] as const;

for (const { args, want } of refused)
  test(`policy ${args.join(" ")} is refused in one line`, async (t) => {
    const { code, stdout, stderr } = await runPolicy(args);
    t.strictSame({ code, stdout, stderr }, { code: 2, stdout: "", stderr: `E! stalewatch: ${want}\n` });
  });

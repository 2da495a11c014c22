import { applyPatch } from "diff";
import { test } from "tap";
import { sizeOf } from "../../lib/policy/size.ts";
import { allowing, drivesTerminal, runPolicy, writePolicy } from "../support/run-policy.ts";

const queue = writePolicy(
  allowing(["sqs:Send*", "sqs:SendMessage", "sqs:ListQueues"], { Sid: "Queue" }),
  allowing("sqs:SendMessage", { Sid: "NOREPOkeep" }),
);
const shorter = queue.replace(/ *"sqs:SendMessage",\n/, "");

test("one document comes back as its text, byte for byte, less what others cover", async (t) => {
  for (const input of [queue, `\r\n${queue.replaceAll("\n", "\r\n")} `]) {
    const want = { code: 0, stdout: input.replace(/ *"sqs:SendMessage",\r?\n/, ""), stderr: "" };
    t.strictSame(await runPolicy(["minimise"], { input }), want);
  }
  t.strictSame(await runPolicy(["minimise"], { input: shorter }), { code: 0, stdout: shorter, stderr: "" });
});

test("several come as one object by their names, each as it is written", async (t) => {
  const other = '{"Version":"2012-10-17",  "Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}\n\n';
  const directory = t.testdir({ 'a "b.json': queue, "c.json": other });
  const { code, stdout, stderr } = await runPolicy(["minimise", 'a "b.json', "c.json"], { directory });
  t.strictSame({ code, stderr }, { code: 0, stderr: "" });
  t.equal(stdout, `{\n"a \\"b.json": ${shorter.trim()},\n"c.json": ${other.trim()}\n}\n`);
  t.strictSame(JSON.parse(stdout), { 'a "b.json': JSON.parse(shorter), "c.json": JSON.parse(other) });
});

test("a table and JSON say what was dropped where, and both sizes", async (t) => {
  const table = await runPolicy(["minimise", "--format", "table"], { input: queue });
  const [before, after] = [sizeOf([queue]), sizeOf([shorter])];
  t.equal(
    table.stdout,
    [
      "POLICY  STATEMENT  WHAT       LOST  PATTERNS",
      "stdin   1 Queue    shortened  0     sqs:SendMessage -> covered by others",
      `size ${before} -> ${after} characters, of at most 10240 for a role`,
      "",
    ].join("\n"),
  );
  const json = await runPolicy(["minimise", "--format", "json"], { input: queue });
  t.strictSame(JSON.parse(json.stdout), {
    policies: [{ name: "stdin", text: shorter }],
    changes: [{ policy: "stdin", index: 0, sid: "Queue", dropped: ["sqs:SendMessage"], added: [] }],
    size: { before, after },
  });
  const nothing = await runPolicy(["minimise", "--format", "table"], { input: shorter });
  t.equal(nothing.stdout, "nothing changes\n");
});

test("names become patterns inside given ones alone, and that this grants more is said", async (t) => {
  const names = ["sqs:ListQueues", "sqs:ListQueueTags", "sqs:ListDeadLetterSourceQueues", "s3:ListBucket"];
  const input = writePolicy(allowing([...names, "sqs:ListMessageMoveTasks"]));
  const { code, stdout, stderr } = await runPolicy(["minimise", "--within", "sqs:*"], { input });
  t.equal(code, 0);
  t.strictSame(JSON.parse(stdout).Statement[0].Action, ["sqs:L*", "s3:ListBucket"]);
  t.equal(stderr, "W! stalewatch: stdin statement 1: grants what AWS adds to sqs:L*\n");
  t.equal((await runPolicy(["minimise"], { input })).stdout, input);
});

const patch = `--- stdin
+++ stdin
@@ -6,7 +6,6 @@
       "Effect": "Allow",
       "Action": [
         "sqs:Send*",
-        "sqs:SendMessage",
         "sqs:ListQueues"
       ],
       "Resource": "*"
`;
const green = "\u001b[32m";
const red = "\u001b[31m";

test("a diff is what `patch` takes, its lines' ends too", async (t) => {
  const diff = async (input: string) => (await runPolicy(["minimise", "--format", "diff"], { input })).stdout;
  t.equal(await diff(queue), patch);
  const [from, to, place, ...lines] = patch.trimEnd().split("\n");
  t.equal(
    await diff(queue.replaceAll("\n", "\r\n")),
    [from, to, place, ...lines.map((line) => `${line}\r`), ""].join("\n"),
  );
  t.equal(await diff(shorter), "");
  t.match(await diff(queue.trimEnd().replaceAll("\n", " ")), /\n\\ No newline at end of file\n$/);
  t.equal(applyPatch(queue, await diff(queue)), shorter);
  const directory = t.testdir({ "a b.json": queue });
  const { stdout } = await runPolicy(["minimise", "a b.json", "--format", "diff"], { directory });
  t.match(stdout, "--- a b.json\t\n+++ a b.json\t\n", "a tab ends a name with spaces");
});

test("color is for terminals, unless the options or the environment say otherwise", async (t) => {
  const directory = t.testdir({ "a.json": queue });
  const args = ["minimise", `${directory}/a.json`, "--format", "diff"];
  const rows = [
    { name: "no terminal", call: {}, want: false },
    { name: "a terminal", call: { stdout: "terminal" }, want: true },
    { name: "NO_COLOR", call: { stdout: "terminal", environment: { NO_COLOR: "1" } }, want: false },
    { name: "an empty NO_COLOR", call: { stdout: "terminal", environment: { NO_COLOR: "" } }, want: true },
    { name: "a dumb terminal", call: { stdout: "terminal", environment: { TERM: "dumb" } }, want: false },
    { name: "FORCE_COLOR", call: { environment: { FORCE_COLOR: "1", NO_COLOR: "1" } }, want: true },
    { name: "FORCE_COLOR=0", call: { stdout: "terminal", environment: { FORCE_COLOR: "0" } }, want: false },
    { name: "always", call: { environment: { NO_COLOR: "1" } }, more: ["--color", "always"], want: true },
    {
      name: "never",
      call: { stdout: "terminal", environment: { FORCE_COLOR: "1" } },
      more: ["--color", "never"],
      want: false,
    },
  ] as const;
  for (const { name, call, want, ...row } of rows) {
    const { stdout } = await runPolicy([...args, ...("more" in row ? row.more : [])], call);
    t.equal(stdout.includes(`${red}-        "sqs:SendMessage",`), want, name);
    t.equal(stdout.includes("\u001b"), want, name);
  }
});

test("the built command colors, too", async (t) => {
  const run = (environment: Record<string, string>) =>
    runPolicy(["minimise", "--format", "diff"], {
      input: queue.replace('"sqs:ListQueues"', '"sqs:ListQueues","sqs:Send*"'),
      environment,
    });
  const colored = await run({ FORCE_COLOR: "1" });
  t.match(colored.stdout, `${red}-`);
  t.match(colored.stdout, `${green}+`);
  t.notMatch((await run({ NO_COLOR: "1" })).stdout, "\u001b");
});

test("what a document has in it does not drive a terminal, and reaches a file as it is", async (t) => {
  const hostile = queue.replace("Queue", "Q\u009b31m\u202e");
  const directory = t.testdir({ "a.json": hostile });
  for (const format of ["document", "diff", "table", "json"]) {
    const args = ["minimise", `${directory}/a.json`, "--format", format, "--color", "never"];
    t.notMatch((await runPolicy(args, { stdout: "terminal" })).stdout, drivesTerminal, format);
  }
  t.equal((await runPolicy(["minimise"], { input: hostile })).stdout, hostile.replace(/ *"sqs:SendMessage",\n/, ""));
});

test("a set that no role can have is told", async (t) => {
  const input = writePolicy(
    allowing("sqs:*", { Condition: { StringLike: { "aws:PrincipalArn": "x".repeat(10_240) } } }),
  );
  const size = sizeOf([input]);
  t.strictSame(await runPolicy(["minimise"], { input }), {
    ...{ code: 0, stdout: input },
    stderr: `W! stalewatch: size ${size} -> ${size} characters: more than the 10240 of all inline policies of a role\n`,
  });
});

import { join } from "node:path";
import { test } from "tap";
import { sizeOf } from "../../lib/policy/size.ts";
import { allowing, drivesTerminal, runPolicy, writePolicy } from "../support/run-policy.ts";

const before = writePolicy(
  allowing(["s3:GetObject", "s3:PutObject"], { Sid: "Files" }),
  allowing("sqs:SendMessage", { Condition: {} }),
);
const after = writePolicy(allowing(["s3:GetObject", "sqs:Purge*"], { Sid: "Fewer" }));
const [was, is] = [sizeOf([before]), sizeOf([after])];

const compare = (directory: string, ...args: string[]) =>
  runPolicy(["diff", "before.json", "after.json", ...args], { directory });

test("a table has a block for the statements that say the same, and both sizes", async (t) => {
  const directory = t.testdir({ "before.json": before, "after.json": after });
  const { code, stdout, stderr } = await compare(directory);
  t.strictSame({ code, stderr }, { code: 0, stderr: "" });
  t.equal(
    stdout,
    [
      "Allow: before.json statement 1 (Files) -> after.json statement 1 (Fewer): gained 1, lost 1",
      "+ sqs:PurgeQueue",
      "- s3:PutObject",
      "! sqs:Purge* is not proven to match only what was matched",
      "",
      "Allow: before.json statement 2 -> nothing: gained 0, lost 1",
      "- sqs:SendMessage",
      "",
      `size ${was} -> ${is} characters`,
      "",
    ].join("\n"),
  );
});

test("JSON has all of it as data, and a diff is of the texts", async (t) => {
  const directory = t.testdir({ "before.json": before, "after.json": after });
  t.match(JSON.parse((await compare(directory, "--format", "json")).stdout), {
    gained: ["sqs:PurgeQueue"],
    lost: ["s3:PutObject", "sqs:SendMessage"],
    widened: ["sqs:Purge*"],
    size: { before: was, after: is },
    scopes: [{ effect: "Allow", before: [{ policy: "before.json", index: 0, sid: "Files" }] }, { after: [] }],
  });
  const { stdout } = await compare(directory, "--format", "diff");
  t.match(stdout, /^--- before.json\n\+\+\+ after.json\n@@ /);
  t.match(stdout, '\n-      "Sid": "Files",\n+      "Sid": "Fewer",\n');
});

test("nothing gained or lost is said so, however differently it is written", async (t) => {
  const same = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:P?tObject","Resource":["*"]}}';
  const directory = t.testdir({ "before.json": writePolicy(allowing("s3:PutObject")), "after.json": same });
  const back = await runPolicy(["diff", "after.json", "-", "--refuse-gain"], { directory, input: same });
  t.strictSame(back, {
    code: 0,
    stdout: `no action is gained or lost\nsize ${sizeOf([same])} -> ${sizeOf([same])} characters\n`,
    stderr: "",
  });
});

test("a gain is refused where it is not wanted, whether an action is known today or not", async (t) => {
  const rows = [
    {
      name: "an action",
      from: "s3:GetObject",
      to: ["s3:GetObject", "s3:PutObject"],
      want: "1 action gained, 1 pattern widened",
    },
    {
      name: "a pattern",
      from: ["sqs:SendMessage", "sqs:SendMessageBatch"],
      to: "sqs:SendMessage*",
      want: "0 actions gained, 1 pattern widened",
    },
    { name: "a loss", from: ["s3:GetObject", "s3:PutObject"], to: "s3:GetObject", want: undefined },
  ];
  for (const { name, from, to, want } of rows) {
    const directory = t.testdir({
      "before.json": writePolicy(allowing(from)),
      "after.json": writePolicy(allowing(to)),
    });
    t.equal((await compare(directory)).code, 0, name);
    const { code, stdout, stderr } = await compare(directory, "--refuse-gain");
    t.match(stdout, /^size \d+ -> \d+ characters$/m, "the difference is printed all the same");
    t.strictSame(
      [code, stderr],
      want === undefined ? [0, ""] : [1, `E! stalewatch: after.json allows more: ${want}\n`],
      name,
    );
  }
});

test("what is gained is green and what is lost is red, on a terminal alone", async (t) => {
  const directory = t.testdir({ "before.json": before, "after.json": after });
  const args = ["diff", join(directory, "before.json"), join(directory, "after.json")];
  const { stdout } = await runPolicy(args, { stdout: "terminal" });
  t.match(stdout, "\u001b[32m+ sqs:PurgeQueue\u001b[39m\n");
  t.match(stdout, "\u001b[31m- s3:PutObject\u001b[39m\n");
  t.match(stdout, "\u001b[33m! sqs:Purge*");
  t.notMatch((await runPolicy(args)).stdout, "\u001b");
  t.match((await compare(directory, "--color", "always")).stdout, "\u001b[32m+ sqs:PurgeQueue\u001b[39m\n");
});

test("both files' faults are said at once", async (t) => {
  const directory = t.testdir({ "before.json": "{}", "after.json": "[]" });
  const { code, stdout, stderr } = await compare(directory);
  t.strictSame([code, stdout], [1, ""]);
  t.match(stderr, /^E! stalewatch: before.json line 1, column 1: /m);
  t.match(stderr, /^E! stalewatch: after.json line 1, column 1: /m);
});

test("hostile Sids and patterns never drive the terminal", async (t) => {
  const hostile = "\u001b[31m\u009b1m\u202e";
  const [one, other] = [
    writePolicy(allowing("s3:*")),
    writePolicy(allowing(`s3:${hostile}*`, { Sid: hostile }), {
      Effect: "Deny",
      NotAction: `x:${hostile}`,
      Resource: "*",
    }),
  ];
  const directory = t.testdir({ "before.json": one, "after.json": other });
  for (const format of ["table", "json"])
    t.notMatch((await compare(directory, "--format", format)).stdout, drivesTerminal, format);
  const back = await runPolicy(["diff", "after.json", "before.json"], { directory });
  t.match(back.stdout, "\\u001b[31m\\u009b1m\\u202e");
  t.notMatch(back.stdout, drivesTerminal);
});

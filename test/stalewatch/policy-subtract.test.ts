import { test } from "tap";
import { sizeOf } from "../../lib/policy/size.ts";
import { allowing, drivesTerminal, runPolicy, writePolicy } from "../support/run-policy.ts";

const files = writePolicy(
  allowing(["s3:GetObject", "s3:PutObject"], { Sid: "Files" }),
  allowing("s3:PutObject", { Sid: "NOREPOkeep" }),
  { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::other" },
);
const less = files.replace(/,\n *"s3:PutObject"/, "");
const kept = "W! stalewatch: stdin statement 2 (NOREPOkeep): keeps 1 action: its Sid is immutable\n";

test("what is taken goes from what allows it, and no other byte", async (t) => {
  for (const entry of ["s3:PutObject", "S3:PUT*", "s3:PutObjec?"])
    t.strictSame(await runPolicy(["subtract", "--remove", entry], { input: files }), {
      code: 0,
      stdout: less,
      stderr: kept,
    });
  const crlf = files.replaceAll("\n", "\r\n");
  const { stdout } = await runPolicy(["subtract", "--remove", "s3:PutObject"], { input: crlf });
  t.equal(stdout, less.replaceAll("\n", "\r\n"));
});

test("the Sids that are immutable are the user's to choose", async (t) => {
  const args = ["subtract", "--remove", "s3:PutObject", "--immutable-sid", "Files"];
  const { stdout, stderr } = await runPolicy(args, { input: files });
  t.strictSame(
    JSON.parse(stdout).Statement.map(({ Sid, Action }: Record<string, unknown>) => [Sid, Action]),
    [
      ["Files", ["s3:GetObject", "s3:PutObject"]],
      [undefined, "s3:PutObject"],
    ],
  );
  t.equal(stderr, "W! stalewatch: stdin statement 1 (Files): keeps 1 action: its Sid is immutable\n");
});

test("what to take comes from files, too: lines with comments, or a JSON list", async (t) => {
  const directory = t.testdir({
    "unused.txt": "\uFEFF# nobody writes\r\n\r\n  s3:PutObject # since May\r\n",
    "unused.json": '["s3:PutObject"]\n',
    "wrong.txt": "s3:PutObject\ns3 PutObject\n",
    "wrong.json": '[["s3:PutObject"]]',
    "torn.json": '["s3:PutObject"',
  });
  const from = (...names: string[]) =>
    runPolicy(["subtract", ...names.flatMap((name) => ["--remove-from", name])], { directory, input: files });
  for (const names of [["unused.txt"], ["unused.json"], ["unused.txt", "unused.json"]])
    t.strictSame(await from(...names), { code: 0, stdout: less, stderr: kept }, names.join(" "));
  const rows = [
    { name: "wrong.txt", code: 2, want: /^wrong.txt line 2: "s3 PutObject" is not an action such as / },
    { name: "wrong.json", code: 1, want: "wrong.json: is not a JSON list of texts\n" },
    { name: "torn.json", code: 1, want: "torn.json: is not a JSON list of texts\n" },
    { name: "none.txt", code: 1, want: 'cannot read "none.txt": no such file\n' },
  ];
  for (const { name, code, want } of rows) {
    const ran = await from(name);
    t.strictSame([ran.code, ran.stdout], [code, ""], name);
    t.match(ran.stderr.replace("E! stalewatch: ", ""), want);
  }
});

test("an entry that takes nothing is told with what may have been meant", async (t) => {
  const rows = [
    { entry: "sqs", want: "no Allow statement has any of it" },
    { entry: "s3:DeleteObject", want: "no Allow statement has any of it" },
    { entry: "s3:PutObjct", want: "no such action is known: did you mean s3:PutObject?" },
    { entry: "sq", want: "no such action is known: did you mean sqs?" },
  ];
  for (const { entry, want } of rows)
    t.strictSame(await runPolicy(["subtract", "--remove", entry], { input: files }), {
      ...{ code: 0, stdout: files },
      stderr: `W! stalewatch: "${entry}" takes nothing: ${want}\n`,
    });
});

const wide = writePolicy(allowing("sqs:*"));

test("what is given up with a wildcard is said, and explicit lists have no wildcard", async (t) => {
  const { stdout, stderr } = await runPolicy(["subtract", "--remove", "sqs:X*", "--remove", "sqs:S*"], {
    input: wide,
  });
  t.match(stderr, /^W! stalewatch: "sqs:X\*" takes nothing: no such action is known$/m);
  t.match(stderr, /^W! stalewatch: stdin statement 1: what AWS adds to sqs:\* is given up, unless it is in sqs:A\*, /m);
  t.notMatch(stdout, "sqs:S");
  const explicit = await runPolicy(["subtract", "--remove", "sqs:S*", "--patterns", "explicit"], { input: wide });
  t.match(JSON.parse(explicit.stdout).Statement[0].Action, ["sqs:AddPermission", /^sqs:\w+$/]);
  t.notMatch(explicit.stdout, "sqs:[A-Za-z]*\\*");
});

test("NotAction and NotResource are left alone with the reason, unless they are to be rewritten", async (t) => {
  const input = writePolicy(
    { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
    { Effect: "Allow", Action: "sqs:SendMessage", NotResource: "*" },
  );
  const left = await runPolicy(["subtract", "--remove", "sqs"], { input });
  t.equal(left.stdout, input);
  t.match(
    left.stderr,
    /^W! stalewatch: stdin statement 1: keeps \d+ actions: it has NotAction, which only --rewrite-not-action rewrites\n/,
  );
  t.match(
    left.stderr,
    "stdin statement 2: keeps 1 action: it has NotResource, which only --rewrite-not-action rewrites\n",
  );
  const { stdout } = await runPolicy(["subtract", "--remove", "sqs", "--rewrite-not-action"], { input });
  t.notMatch(stdout, /NotAction|NotResource|"sqs:/);
  t.match(stdout, '"s3:*"');
});

test("a policy that nothing is left of is told, and is null among others", async (t) => {
  const directory = t.testdir({ "wide.json": wide, "files.json": files });
  const gone = "wide.json: nothing is left of it: the policy is to be deleted";
  const run = (...args: string[]) => runPolicy(["subtract", "wide.json", "--remove", "sqs", ...args], { directory });
  const alone = await run();
  t.strictSame([alone.code, alone.stdout], [0, ""]);
  t.match(alone.stderr, gone);
  const both = await run("files.json");
  t.equal(both.stdout, `{\n"wide.json": null,\n"files.json": ${files.trim()}\n}\n`);
  const diff = await run("--format", "diff");
  t.match(diff.stdout, /^--- wide.json\n\+\+\+ \/dev\/null\n@@ -1,\d+ \+0,0 @@\n(-[^\n]*\n)+$/);
});

test("a table and JSON say what became of each statement, and both sizes", async (t) => {
  const args = ["subtract", "--remove", "s3:PutObject", "--remove", "sqs", "--format"];
  const [before, after] = [sizeOf([files]), sizeOf([less])];
  t.equal(
    (await runPolicy([...args, "table"], { input: files })).stdout,
    [
      "POLICY  STATEMENT     WHAT        LOST  PATTERNS",
      "stdin   1 Files       narrowed    1     s3:PutObject -> nothing",
      "stdin   2 NOREPOkeep  left alone  0     its Sid is immutable",
      `size ${before} -> ${after} characters, of at most 10240 for a role`,
      "",
    ].join("\n"),
  );
  const narrowed = [{ pattern: "s3:PutObject", lost: ["s3:PutObject"], to: [] }];
  t.strictSame(JSON.parse((await runPolicy([...args, "json"], { input: files })).stdout), {
    policies: [{ name: "stdin", text: less }],
    emptied: [],
    changes: [
      { policy: "stdin", index: 0, sid: "Files", is: "narrowed", lost: ["s3:PutObject"], narrowed },
      ...[
        {
          policy: "stdin",
          index: 1,
          sid: "NOREPOkeep",
          is: "left_alone",
          because: "immutable_sid",
          keeps: ["s3:PutObject"],
        },
      ],
    ],
    ...{ unknown: [], unmatched: ["sqs"] },
    size: { before, after },
  });
});

test("hostile Sids, patterns and entries never drive the terminal", async (t) => {
  const hostile = "\u001b[31m\u009b1m\u202e";
  const input = writePolicy(allowing(["sqs:*", `x:${hostile}*`], { Sid: hostile }));
  const args = ["subtract", "--remove", "sqs:S*", "--remove", "x:*"];
  for (const format of ["table", "json"]) {
    const { code, stdout, stderr } = await runPolicy([...args, "--format", format], { input });
    t.equal(code, 0);
    t.notMatch(`${stdout}${stderr}`, drivesTerminal, format);
  }
  for (const entry of [`${hostile} x`, `y:${hostile}`]) {
    const refused = await runPolicy(["subtract", "--remove", entry], { input });
    t.equal(refused.code, 2);
    t.notMatch(refused.stderr, drivesTerminal);
  }
});

const noEntries = ["sqs:[DRU]*", '"s3:PutObject",', "{", "**", "s?", "*Get*", "s3:", "s3:Put:Object"];

for (const entry of noEntries)
  test(`what is neither a pattern nor a service is refused: ${entry}`, async (t) => {
    const { code, stdout, stderr } = await runPolicy(["subtract", "--remove", entry], { input: files });
    t.strictSame({ code, stdout }, { code: 2, stdout: "" });
    t.match(stderr, /^E! stalewatch: remove: ".*" is not an action such as s3:PutObject, .*\n$/);
  });

test("a pattern that matches nothing known stays, and is named where an entry may mean it", async (t) => {
  const input = writePolicy(allowing(["sqs:*", "sqs:NewThing", "new:*"]));
  const { stdout, stderr } = await runPolicy(["subtract", "--remove", "sqs"], { input });
  t.strictSame(JSON.parse(stdout).Statement[0].Action, ["sqs:NewThing", "new:*"]);
  t.match(stderr, /^W! stalewatch: stdin statement 1: keeps sqs:NewThing, which matches no known action$/m);
  t.notMatch(stderr, "new:*");
});

test("a suggestion never means more than was written", async (t) => {
  const { stderr } = await runPolicy(["subtract", "--remove", "s4:GetObjct"], { input: files });
  t.equal(stderr, 'W! stalewatch: "s4:GetObjct" takes nothing: no such action is known: did you mean s3:GetObject?\n');
});

test("an empty prefix, as of a variable that is not set, takes no statement's protection away", async (t) => {
  for (const command of [["subtract", "--remove", "s3"], ["minimise"]]) {
    const { code, stdout, stderr } = await runPolicy([...command, "--immutable-sid", ""], { input: files });
    t.strictSame({ code, stdout }, { code: 2, stdout: "" });
    t.match(stderr, 'immutable-sid: "" is no beginning of a Sid');
  }
});

test("standard input is not read for two things at once", async (t) => {
  const { code, stderr } = await runPolicy(["subtract", "--remove-from=-"], { input: files });
  t.equal(code, 2);
  t.match(stderr, "standard input can't be both");
});

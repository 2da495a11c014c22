import { test } from "tap";
import { catalogue } from "../../lib/policy/catalogue.ts";
import { allowing, drivesTerminal, runPolicy, startPolicy, writePolicy } from "../support/run-policy.ts";

const known = catalogue.services.reduce((sum, service) => sum + catalogue.actionsOf(service).length, 0);

test("all actions that there are come each once and sorted", async (t) => {
  const { code, stdout, stderr } = await runPolicy(["expand", "--action", "*"]);
  t.strictSame({ code, stderr }, { code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  t.equal(new Set(lines).size, known);
  t.strictSame(
    lines,
    [...lines].sort((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1)),
  );
});

test("they take less than a second, of a processor's time, which others that run beside it do not lengthen", async (t) => {
  const { stdout } = await startPolicy(["expand", "--action", "*"], { shell: '"$0" "$@" > /dev/null; times' });
  // User and system, of the shell in one line and of its children in the next.
  const [, , ...children] = stdout.matchAll(/(\d+)m([\d.]+)s/g);
  const taken = children.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  t.ok(taken > 0 && taken < 1, `${taken} s`);
});

test("a reader that goes away has what it wants, and nothing is said", async (t) => {
  const shell = '{ "$0" "$@"; echo "status $?" >&2; } | head -1';
  const { stdout, stderr } = await startPolicy(["expand", "--action", "*"], { shell });
  t.match(stdout, /^[^\n]+\n$/);
  t.equal(stderr, "status 0\n");
});

const statements = [
  allowing(["sqs:SendMessage", "SQS:ListQueues", "sqs:SendMesage"], { Sid: "Queue" }),
  { Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:*:*:one" },
  { Effect: "Deny", Action: "sqs:ListQueues", Resource: "*" },
];

test("text, table and JSON list what Allow statements name; what nothing matches stands as written", async (t) => {
  const directory = t.testdir({ "a.json": writePolicy(...statements) });
  const warned = [
    "W! stalewatch: not taken into account: 1 Deny statement\n",
    'W! stalewatch: "sqs:SendMesage" matches no known action: did you mean sqs:SendMessage?\n',
  ].join("");
  const expand = async (...args: string[]) => {
    const { code, stdout, stderr } = await runPolicy(["expand", "a.json", ...args], { directory });
    t.strictSame({ code, stderr }, { code: 0, stderr: warned }, args.join(" "));
    return stdout;
  };
  t.equal(await expand(), "sqs:ListQueues\nsqs:SendMesage\nsqs:SendMessage\n");
  t.equal(
    await expand("--format", "table", "--action", "sqs:ListQueues"),
    [
      "SERVICE  ACTION       LEVEL    GRANTED BY",
      "sqs      ListQueues   Read     a.json Queue, --action",
      "sqs      SendMesage   unknown  a.json Queue",
      "sqs      SendMessage  Write    a.json Queue, a.json 2",
      "",
    ].join("\n"),
  );
  const queue = { policy: "a.json", index: 0, sid: "Queue" };
  t.strictSame(JSON.parse(await expand("--format", "json")), [
    { action: "sqs:ListQueues", level: "Read", statements: [queue] },
    { action: "sqs:SendMesage", level: null, statements: [queue] },
    { action: "sqs:SendMessage", level: "Write", statements: [queue, { policy: "a.json", index: 1, sid: null }] },
  ]);
  t.equal(await expand("--level", "WRITE"), "sqs:SendMessage\n", "the level of the others is another, or not known");
  t.equal(await expand("--level", "write", "--level", "read"), "sqs:ListQueues\nsqs:SendMessage\n");
});

test("levels are written in any case and with dashes; others are refused by name", async (t) => {
  const actions = ["--action", "sqs:SendMessage", "--action", "sqs:*Permission"];
  const levelled = async (level: string) => runPolicy(["expand", ...actions, "--level", level]);
  t.equal((await levelled("permissions-management")).stdout, "sqs:AddPermission\nsqs:RemovePermission\n");
  t.equal((await levelled("Permissions Management")).stdout, "sqs:AddPermission\nsqs:RemovePermission\n");
  t.strictSame(await levelled("writing"), {
    ...{ code: 2, stdout: "" },
    stderr: 'E! stalewatch: level: "writing" is not one of List, Read, Write, Tagging, Permissions management\n',
  });
});

test("NotAction allows all others", async (t) => {
  const input = writePolicy({ Effect: "Allow", NotAction: ["iam:*", "s3:Put*"], Resource: "*" });
  const { stdout, stderr } = await runPolicy(["expand"], { input });
  t.equal(
    stderr,
    "W! stalewatch: stdin statement 1: it has NotAction, and allows actions that are not known as well\n",
  );
  t.match(stdout, /^s3:GetObject$/m);
  t.notMatch(stdout, /^(iam:|s3:Put)/m);
});

test("what is not known is told with what may have been meant", async (t) => {
  const rows = [
    { action: "s4:PutObject", want: ": did you mean s3:PutObject?" },
    { action: "sq:DeleteQueue", want: ": did you mean sqs:DeleteQueue?" },
    { action: "dynamdb:*", want: ": did you mean dynamodb:*?" },
    { action: "sqs:Nothing*", want: "" },
    { action: "nosuchservice:Nothing", want: "" },
    { action: "n*:Nothing", want: "" },
  ];
  for (const { action, want } of rows)
    t.strictSame(await runPolicy(["expand", "--action", action]), {
      ...{ code: 0, stdout: `${action}\n` },
      stderr: `W! stalewatch: "${action}" matches no known action${want}\n`,
    });
});

test("what is no pattern is refused", async (t) => {
  const args = ["sqs", "s3:Get Object", "a:b:c", ""].flatMap((action) => ["--action", action]);
  const { code, stdout, stderr } = await runPolicy(["expand", ...args]);
  t.strictSame({ code, stdout }, { code: 2, stdout: "" });
  t.equal(stderr.match(/^E! stalewatch: action: ".*" is not an action, as s3:GetObject, or a pattern, /gm)?.length, 4);
});

test("patterns and Sids never drive the terminal", async (t) => {
  const hostile = "\u001b[31m\u009b1m\u202e";
  const input = writePolicy(allowing([`sqs:${hostile}`, "sqs:SendMessage"], { Sid: `${hostile}\r\n\tX` }));
  for (const format of ["text", "table", "json"]) {
    const { code, stdout, stderr } = await runPolicy(["expand", "--format", format], { input });
    t.equal(code, 0);
    t.match(stdout, "sqs");
    t.notMatch(`${stdout}${stderr}`, drivesTerminal, format);
    if (format === "json") t.equal(JSON.parse(stdout)[1].statements[0].sid, `${hostile}\r\n\tX`);
  }
});

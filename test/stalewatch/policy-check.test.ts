import { test } from "tap";
import { sizeOf } from "../../lib/policy/size.ts";
import { allowing, drivesTerminal, runPolicy, writePolicy } from "../support/run-policy.ts";

const check = async (input: string, ...args: string[]) => runPolicy(["check", ...args], { input });

test("advice is printed and no failure", async (t) => {
  const input = writePolicy(
    allowing(["sqs:Send*", "sqs:SendMessage", "SQS:sendmessage", "sqs:ListQeues"], { Sid: "Queue" }),
    { Effect: "Deny", Action: ["s3:PutObjct", "x:y", "x:y"], Resource: "*" },
  );
  const size = sizeOf([input]);
  const { code, stdout, stderr } = await check(input);
  t.strictSame({ code, stderr }, { code: 0, stderr: "" });
  t.equal(
    stdout,
    [
      "POLICY      stdin",
      "statements  2",
      "actions     1",
      "unknown     statement 1: sqs:ListQeues, nearest is sqs:ListQueues",
      "unknown     statement 2: s3:PutObjct, nearest is s3:PutObject",
      "unknown     statement 2: x:y",
      "covered     statement 1: sqs:SendMessage by sqs:Send*",
      "covered     statement 1: SQS:sendmessage by sqs:Send*",
      "covered     statement 2: x:y by itself, written again",
      "",
      "SIZE AS            CHARACTERS  OF",
      `inline of a user   ${size}         2048   fits`,
      `inline of a group  ${size}         5120   fits`,
      `inline of a role   ${size}         10240  fits`,
      `stdin managed      ${size}         6144   fits`,
      "",
    ].join("\n"),
  );
});

const refused = [
  {
    name: "a Sid that stands twice",
    input: writePolicy(allowing("s3:*", { Sid: "A" }), allowing("sqs:*", { Sid: "A" })),
    want: 'refused     Sid "A" stands in several statements',
  },
  {
    name: "a Sid with other signs",
    input: writePolicy(allowing("s3:*", { Sid: "a b" })),
    want: 'refused     Sid "a b" has other signs than letters and digits',
  },
  {
    name: "a character beyond Latin 1",
    input: writePolicy(allowing("s3:*")).replace('"*"', '"arn:aws:s3:::\u{1F600}"'),
    want: "refused     line 7, column 33: U+1F600",
  },
];

for (const { name, input, want } of refused)
  test(`${name} is what AWS refuses`, async (t) => {
    const { code, stdout, stderr } = await check(input);
    t.strictSame({ code, stderr }, { code: 1, stderr: "E! stalewatch: stdin: AWS refuses it\n" });
    t.match(stdout, `${want}\n`);
    t.equal((await check(input, "--format", "json")).code, 1);
  });

test("characters up to U+00FF, and others as escapes, are taken", async (t) => {
  for (const sign of ["\u00ff", "\u007f", "\\ud83d\\ude00", "\\u0000"])
    t.equal((await check(writePolicy(allowing("s3:*")).replace('"*"', `"arn:aws:s3:::${sign}"`))).code, 0);
});

const sized = (length: number) => {
  const bare = sizeOf([writePolicy(allowing("s3:*"))]);
  return writePolicy(allowing("s3:*")).replace('"*"', `"${"a".repeat(length - bare + 1)}"`);
};

test("sizes are held against each quota: inline ones together, managed ones each", async (t) => {
  const rows = [
    { sizes: [2048], code: 0, want: [/a user +2048 +2048 +fits/, /0.json managed +2048 +6144 +fits/] },
    {
      sizes: [1024, 1025],
      code: 0,
      want: [/a user +2049 +2048 +1 too many/, /a group +2049 +5120 +fits/, /1.json managed +1025 /],
    },
    {
      sizes: [6144],
      code: 0,
      want: [/a group +6144 +5120 +1024 too many/, /a role +6144 +10240 +fits/, /managed +6144 +6144 +fits/],
    },
    { sizes: [6145], code: 0, want: [/a role +6145 +10240 +fits/, /managed +6145 +6144 +1 too many/] },
    { sizes: [10_240], code: 0, want: [/a role +10240 +10240 +fits/] },
    { sizes: [10_241], code: 1, want: [/a role +10241 +10240 +1 too many/] },
    { sizes: [6144, 6144], code: 0, want: [/a role +12288 +10240 +2048 too many/, /managed +6144 +6144 +fits/] },
  ];
  for (const { sizes, code, want } of rows) {
    const directory = t.testdir(Object.fromEntries(sizes.map((size, at) => [`${at}.json`, sized(size)])));
    const ran = await runPolicy(["check", ...sizes.map((_, at) => `${at}.json`)], { directory });
    t.equal(ran.code, code, sizes.join(" "));
    for (const line of want) t.match(ran.stdout, line);
    t.equal(
      ran.stderr,
      code === 0
        ? ""
        : "E! stalewatch: size 10241: too large for the inline policies of any role, and for a managed policy\n",
    );
  }
});

test("JSON has the findings as data", async (t) => {
  const input = writePolicy(allowing(["sqs:Send*", "sqs:SendMessage", "sqs:X"], { Sid: "a-b" }));
  const { code, stdout } = await check(input, "--format", "json");
  t.equal(code, 1);
  const size = sizeOf([input]);
  t.strictSame(JSON.parse(stdout), {
    policies: [
      {
        ...{ policy: "stdin", statements: 1, actions: 1, size },
        unknown: [{ statement: 0, pattern: "sqs:X", nearest: null }],
        covered: [{ statement: 0, pattern: "sqs:SendMessage", by: "sqs:Send*" }],
        ...{ repeated_sids: [], wrong_sids: ["a-b"], wrong_characters: [] },
      },
    ],
    ...{ size, quotas: { user: 2048, group: 5120, role: 10240, managed: 6144 } },
  });
});

test("hostile Sids and patterns never drive the terminal", async (t) => {
  const hostile = "\u001b[31m\u009b1m\u202e\n";
  const input = writePolicy(allowing([`s3:${hostile}`.trim(), "s3:*"], { Sid: hostile }));
  for (const format of ["table", "json"]) {
    const { code, stdout, stderr } = await check(input, "--format", format);
    t.equal(code, 1);
    t.notMatch(`${stdout}${stderr}`, drivesTerminal, format);
  }
});

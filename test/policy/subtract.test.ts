import { test } from "tap";
import { sizeOf } from "../../lib/policy/size.ts";
import { type SubtractOptions, subtract } from "../../lib/policy/subtract.ts";
import { allow, documentOf, policyFrom, policyOf, s3 } from "../support/policies.ts";
import { policyLaws } from "../support/policy-laws.ts";

const get = ["s3:Get", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjects"];

interface Row {
  readonly name: string;
  readonly had: string | readonly string[];
  readonly entries: readonly string[];
  readonly want: unknown;
  readonly options?: SubtractOptions;
  readonly unmatched?: readonly string[];
  readonly unknown?: readonly string[];
}

const rows: readonly Row[] = [
  {
    name: "one action of a list",
    had: ["s3:GetObject", "s3:PutObject"],
    entries: ["s3:PutObject"],
    want: ["s3:GetObject"],
  },
  { name: "a string stays one", had: "s3:*", entries: ["s3:List*", "s3:Put*"], want: "s3:G*" },
  { name: "a string that becomes several", had: "s3:*", entries: ["s3:ListBucket"], want: ["s3:G*", "s3:P*"] },
  {
    name: "D20: names in any case",
    had: ["s3:GetObject", "S3:putobject"],
    entries: ["S3:PUTOBJECT"],
    want: ["s3:GetObject"],
  },
  {
    name: "D19: a service alone is all of its actions",
    had: ["s3:Get*", "ec2:RunInstances"],
    entries: ["S3"],
    want: ["ec2:RunInstances"],
  },
  {
    name: "D19: and no other service's",
    had: ["s3:Get*", "s3-tables:GetTable"],
    entries: ["s3"],
    want: ["s3-tables:GetTable"],
  },
  {
    name: "D19: all of a service's actions one by one",
    had: ["s3:Get*", "ec2:*"],
    entries: ["ec2:GetImage", "ec2:RunInstances"],
    want: ["s3:Get*"],
  },
  { name: "D19: single actions of a bare service", had: "ec2:*", entries: ["ec2:GetImage"], want: "ec2:R*" },
  {
    name: "D19: a service beside one of its actions",
    had: ["ec2:*", "s3:Get"],
    entries: ["ec2", "ec2:GetImage"],
    want: ["s3:Get"],
  },
  { name: "D26: what loses nothing stays whole", had: ["s3:*", "ec2:*"], entries: ["ec2:*"], want: ["s3:*"] },
  {
    name: "what is not known stays",
    had: ["new:*", "s3:New", "s3:Get"],
    entries: ["new", "s3:*"],
    want: ["new:*", "s3:New"],
    unknown: ["new:*", "s3:New"],
  },
  {
    name: "an entry that nothing allows",
    had: "s3:Get*",
    entries: ["ec2:*", "", "s3:Unheard"],
    want: "s3:Get*",
    unmatched: ["ec2:*", "", "s3:Unheard"],
  },
  {
    name: "a glob without a colon names no action, as in a policy",
    had: "ec2:*",
    entries: ["*Get*"],
    want: "ec2:*",
    unmatched: ["*Get*"],
  },
  {
    name: "all names instead of patterns",
    had: "s3:*",
    entries: ["s3:*Bucket", "s3:Put*"],
    options: { patterns: "explicit" },
    want: get,
  },
  { name: "patterns of several services", had: ["*"], entries: ["*:Get*"], want: ["ec2:R*", "s3:L*", "s3:P*"] },
];

for (const { name, had, entries, options, want, unmatched = [], unknown = [] } of rows)
  test(name, async (t) => {
    const result = subtract([policyOf(allow(had))], entries, { catalogue: s3, ...options });
    t.strictSame(JSON.parse(result.policies[0]?.text ?? "{}").Statement[0].Action, want);
    t.strictSame(result.unmatched, unmatched);
    t.strictSame(
      result.unknown,
      unknown.map((pattern) => ({ policy: "policy", index: 0, sid: undefined, pattern })),
    );
  });

const notAction = { Effect: "Allow", NotAction: "s3-tables:*", Resource: "*" };
const notResource = { Effect: "Allow", Action: "s3:*", NotResource: "a" };
const deny = { ...allow("s3:*"), Effect: "Deny" };
const untouched = [
  {
    name: "D11: a Sid that begins with NOREPO",
    statement: allow("s3:*", { Sid: "NOREPOx" }),
    because: "immutable_sid",
  },
  { name: "NotAction", statement: notAction, because: "not_action" },
  { name: "NotResource", statement: notResource, because: "not_resource" },
  { name: "Deny", statement: deny, because: undefined },
];

for (const { name, statement, because } of untouched)
  test(`left alone, byte by byte: ${name}`, async (t) => {
    const text = `${JSON.stringify({ Version: "2012-10-17", Statement: statement }, undefined, 3)} `;
    const { policies, changes, emptied } = subtract([policyFrom(text, "p")], ["s3"], { catalogue: s3 });
    t.strictSame({ policies, emptied }, { policies: [{ name: "p", text }], emptied: [] });
    const keeps = [...get, "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"];
    const change = {
      policy: "p",
      index: 0,
      sid: "Sid" in statement ? statement.Sid : undefined,
      is: "left_alone",
      because,
      keeps,
    };
    t.strictSame(changes, because === undefined ? [] : [change]);
  });

test("statements without a match keep every byte beside one that changes, a Condition, too", async (t) => {
  const condition = allow(["s3:Put*", "ec2:*"], { Condition: { StringLike: { "aws:username": ["", "\u00fc"] } } });
  const text = JSON.stringify(
    { Version: "2012-10-17", Statement: [deny, condition, notAction, allow("s3:Get*")] },
    undefined,
    "\t",
  ).replaceAll("\n", "\r\n");
  const { policies } = subtract([policyFrom(text, "p")], ["ec2"], { catalogue: s3 });
  t.equal(policies[0]?.text, text.replace(/,\r\n\t*"ec2:\*"/, ""));
});

test("NotAction and NotResource when they may be rewritten", async (t) => {
  const options = { catalogue: s3, rewriteNotAction: true };
  const { policies, changes } = subtract([policyOf(notAction, notResource)], ["ec2", "s3:List*", "s3:Put*"], options);
  const [first, second] = JSON.parse(policies[0]?.text ?? "{}").Statement;
  t.strictSame(first, { Effect: "Allow", Action: "s3:*".replace("*", "G*"), Resource: "*" });
  t.strictSame(second, { ...notResource, Action: "s3:G*" });
  t.match(changes, [{ is: "narrowed", narrowed: [{ pattern: "*", to: ["s3:G*"] }] }, { is: "narrowed" }]);
});

test("a statement without actions goes, a policy without statements, too, and the order stays", async (t) => {
  const texts = [
    documentOf(allow("ec2:*"), allow("s3:Get")),
    documentOf(allow("ec2:R*")),
    documentOf(allow("s3:Put*")),
  ];
  const policies = texts.map((text, index) => policyFrom(text, `p${index}`));
  t.strictSame(subtract(policies, ["ec2"], { catalogue: s3 }), {
    policies: [
      { name: "p0", text: documentOf(allow("s3:Get")) },
      { name: "p2", text: texts[2] },
    ],
    emptied: ["p1"],
    changes: [
      {
        ...{ policy: "p0", index: 0, sid: undefined, is: "removed", lost: ["ec2:GetImage", "ec2:RunInstances"] },
        narrowed: [{ pattern: "ec2:*", lost: ["ec2:GetImage", "ec2:RunInstances"], to: [] }],
      },
      {
        ...{ policy: "p1", index: 0, sid: undefined, is: "removed", lost: ["ec2:RunInstances"] },
        narrowed: [{ pattern: "ec2:R*", lost: ["ec2:RunInstances"], to: [] }],
      },
    ],
    ...{ unknown: [], unmatched: [] },
  });
});

test("D18: policies of which nothing is taken have the very same text", async (t) => {
  const texts = [` ${documentOf(allow("s3:Get*"))}\r\n`, documentOf(allow(["s3:Get", "s3:Get"]))];
  const policies = texts.map((text, index) => policyFrom(text, `p${index}`));
  t.strictSame(
    subtract(policies, ["ec2", "s3:Put*"], { catalogue: s3 }).policies.map(({ text }) => text),
    texts,
  );
});

test("D25: a wildcard less one action stays far below its list of names, and below the quota", async (t) => {
  const [minimal, explicit] = (["minimal", "explicit"] as const).map((patterns) => {
    const { policies } = subtract([policyOf(allow("ec2:*"))], ["ec2:RunInstances"], { patterns });
    return sizeOf(policies.map(({ text }) => text));
  });
  t.ok(minimal !== undefined && explicit !== undefined && minimal < 500 && explicit > 10_240, `${minimal} ${explicit}`);
});

test("without a catalogue AWS's own is meant", async (t) => {
  const { policies } = subtract([policyOf(allow(["sqs:SendMessage", "s3:GetObject"]))], ["sqs"]);
  t.equal(policies[0]?.text, documentOf(allow(["s3:GetObject"])));
});

test("the laws hold for random policies", async () => policyLaws(300));

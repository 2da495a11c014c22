import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { dirtymarkPermissions, markRoleActions } from "../../lib/dirtymark/permissions.ts";
import { evaluatePolicies, type Policy, type PolicyRequest, type Verdict } from "../support/evaluate-policy.ts";
import { callStalewatch } from "../support/run-stalewatch.ts";

const home = "111122223333";
const region = "eu-west-1";
const queue = `arn:aws:sqs:${region}:${home}:skunky`;
const [account, stranger] = ["444455556666", "777788889999"];

const place = {
  AWS_REGION: region,
  STALEWATCH_REGION: region,
  STALEWATCH_MODE: "commit",
  DIRTYMARK_TAG: "dirty=skunked",
};

const print = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  callStalewatch(["iam-policy", "dirtymark", "--account", home, ...args], { ...place, ...environment });

async function printPolicy(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Policy> {
  const { code, stdout, stderr } = await print(args, environment);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const original = (name: string): Policy =>
  JSON.parse(readFileSync(join(import.meta.dirname, "..", "data", "skunky", `${name}.json`), "utf8"));

interface Case extends PolicyRequest {
  readonly name: string;
  readonly want: Verdict;
  /** By the original's document, where it is another. */
  readonly original?: Verdict;
}

const arnOf = (kind: string, inAccount = account) => `arn:aws:ec2:${region}:${inAccount}:${kind}/x-0123456789abcdef0`;
const instance = arnOf("instance");
const keys = (...names: readonly string[]) => ({ "aws:TagKeys": names.length === 0 ? undefined : names });

const markRoleCases: readonly Case[] = [
  { name: "the tag", action: "ec2:CreateTags", resource: instance, context: keys("dirty"), want: "allowed" },
  {
    ...{ name: "the tag and another", action: "ec2:CreateTags", resource: instance, context: keys("dirty", "Name") },
    want: "not allowed",
  },
  { name: "another tag", action: "ec2:CreateTags", resource: instance, context: keys("Name"), want: "not allowed" },
  {
    ...{ name: "the tag in another letter case", action: "ec2:CreateTags", resource: instance, context: keys("Dirty") },
    want: "not allowed",
  },
  {
    ...{ name: "a request without tag keys", action: "ec2:CreateTags", resource: instance, context: keys() },
    ...{ want: "not allowed", original: "allowed" },
  },
  {
    ...{ name: "the tag on a volume", action: "ec2:CreateTags", resource: arnOf("volume"), context: keys("dirty") },
    ...{ want: "not allowed", original: "allowed" },
  },
  {
    ...{ name: "the tag on an instance of an account that is not known", action: "ec2:CreateTags" },
    ...{ resource: arnOf("instance", stranger), context: keys("dirty") },
    ...{ want: "not allowed", original: "allowed" },
  },
  {
    ...{ name: "taking the tag off", action: "ec2:DeleteTags", resource: instance, context: keys("dirty") },
    want: "not allowed",
  },
  { name: "ending the instance", action: "ec2:TerminateInstances", resource: instance, want: "not allowed" },
  { name: "profiles", action: "iam:ListInstanceProfiles", resource: "*", want: "allowed", original: "not allowed" },
  { name: "instances, which hosts need not", action: "ec2:DescribeInstances", resource: "*", want: "not allowed" },
];

test("each account's role may put the one tag on instances, and read", async (t) => {
  const policy = await printPolicy(["--for", "mark-role"], { DIRTYMARK_KNOWN_ACCOUNTS: account });
  for (const { name, want, original: theirs = want, ...request } of markRoleCases) {
    t.equal(evaluatePolicies([policy], request), want, name);
    t.equal(evaluatePolicies([original("mark-role")], request), theirs, `the original's document: ${name}`);
  }
});

test("each account's role has the declared actions, and no more", async (t) => {
  for (const senders of ["hosts", "forwarders"] as const)
    for (const tag of [undefined, "dirty=skunked"]) {
      const environment = { DIRTYMARK_SENDERS: senders, DIRTYMARK_TAG: tag ?? "" };
      const { Statement } = await printPolicy(["--for", "mark-role"], environment);
      const wanted = markRoleActions({ senders, tag: tag === undefined ? undefined : { key: "dirty", value: "" } });
      t.strictSame(Statement.flatMap(({ Action }) => Action).sort(), [...wanted].sort(), `${senders} ${tag}`);
    }
});

const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const by = (name: string, ...names: readonly string[]) => ({ ...keys(...names), "aws:PrincipalArn": role(name) });
const counting = role("dirtycount");
const administrator: Policy = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/** Of who may do everything, but for this policy. */
const otherCases: readonly Case[] = [
  { name: "the tag", action: "ec2:CreateTags", resource: instance, context: by("app", "dirty"), want: "denied" },
  {
    ...{ name: "the tag and another", action: "ec2:CreateTags", resource: instance },
    ...{ context: by("app", "dirty", "Name"), want: "denied", original: "allowed" },
  },
  {
    ...{ name: "the tag off", action: "ec2:DeleteTags", resource: instance, context: by("app", "dirty") },
    want: "denied",
  },
  {
    ...{ name: "the tag and another off", action: "ec2:DeleteTags", resource: instance },
    ...{ context: by("app", "Name", "dirty"), want: "denied", original: "allowed" },
  },
  { name: "all tags off", action: "ec2:DeleteTags", resource: instance, context: by("app"), want: "denied" },
  {
    ...{ name: "another tag", action: "ec2:CreateTags", resource: instance, context: by("app", "Name") },
    want: "allowed",
  },
  {
    ...{ name: "another tag off", action: "ec2:DeleteTags", resource: instance, context: by("app", "Name") },
    want: "allowed",
  },
  {
    ...{ name: "a tag that differs in its letter case, and is another", action: "ec2:CreateTags", resource: instance },
    ...{ context: by("app", "Dirty"), want: "allowed" },
  },
  {
    ...{ name: "the tag on a new instance's volume", action: "ec2:CreateTags", resource: arnOf("volume") },
    ...{ context: by("app", "dirty", "Name"), want: "denied", original: "allowed" },
  },
  {
    ...{ name: "no tags, where there is nothing to keep", action: "ec2:CreateTags", resource: instance },
    ...{ context: by("app"), want: "allowed", original: "denied" },
  },
  {
    ...{ name: "the tag, by the mark role", action: "ec2:CreateTags", resource: instance },
    ...{ context: by("Skunky", "dirty"), want: "allowed", original: "denied" },
  },
  {
    ...{ name: "the tag, by a role of that name in a path", action: "ec2:CreateTags", resource: instance },
    ...{ context: by("team/Skunky", "dirty"), want: "denied" },
  },
  {
    ...{ name: "the tag, by a user of that name", action: "ec2:CreateTags", resource: instance },
    ...{ context: { ...keys("dirty"), "aws:PrincipalArn": `arn:aws:iam::${account}:user/Skunky` }, want: "denied" },
  },
  {
    ...{ name: "the tag off, by whom --principals names", action: "ec2:DeleteTags", resource: instance },
    ...{ context: by("dirtycount", "dirty"), want: "allowed", original: "denied" },
  },
];

test("nobody else may change the tag, whatever else a request holds", async (t) => {
  const policy = await printPolicy(["--for", "others", "--principals", counting]);
  for (const { name, want, original: theirs = want, ...request } of otherCases) {
    t.equal(evaluatePolicies([administrator, policy], request), want, name);
    t.equal(evaluatePolicies([administrator, original("others")], request), theirs, `the original's document: ${name}`);
  }
});

const context = { "aws:PrincipalArn": role("web") };
const reports: readonly (Case & { readonly settings?: Readonly<Record<string, string>> })[] = [
  { name: "reports", action: "sqs:SendMessage", resource: queue, want: "allowed" },
  { name: "finds the queue by its name", action: "sqs:GetQueueUrl", resource: queue, want: "allowed" },
  {
    ...{ name: "has a URL", settings: { DIRTYMARK_QUEUE: `https://sqs.${region}.amazonaws.com/${home}/skunky` } },
    ...{ action: "sqs:GetQueueUrl", resource: queue, want: "not allowed" },
  },
  { name: "reads nothing", action: "sqs:ReceiveMessage", resource: queue, want: "not allowed" },
  { name: "buries nothing", action: "sqs:SendMessage", resource: `${queue}-dead`, want: "not allowed" },
  {
    ...{ name: "does not speak where forwarders do", settings: { DIRTYMARK_SENDERS: "forwarders" } },
    ...{ action: "sqs:SendMessage", resource: queue, want: "not allowed" },
  },
];

test("a host may report, and nothing else", async (t) => {
  for (const { name, want, settings, ...request } of reports)
    t.equal(evaluatePolicies([await printPolicy(["--for", "others"], settings)], { ...request, context }), want, name);
});

const markRole = role("Skunky");
const consumerCases: readonly Case[] = [
  ...dirtymarkPermissions.commit.map((action) => ({ name: action, action, resource: queue, want: "allowed" }) as const),
  { name: "another queue", action: "sqs:ReceiveMessage", resource: `${queue}2`, want: "not allowed" },
  { name: "a report", action: "sqs:SendMessage", resource: queue, want: "not allowed" },
  { name: "a burial", action: "sqs:SendMessage", resource: `${queue}-dead`, want: "allowed" },
  { name: "what is buried", action: "sqs:ReceiveMessage", resource: `${queue}-dead`, want: "not allowed" },
  { name: "the whole queue away", action: "sqs:PurgeQueue", resource: queue, want: "not allowed" },
  { name: "an account's role", action: "sts:AssumeRole", resource: markRole, want: "allowed" },
  {
    ...{ name: "the role of an account that is not known", action: "sts:AssumeRole" },
    ...{ resource: `arn:aws:iam::${stranger}:role/Skunky`, want: "not allowed" },
  },
  { name: "another role", action: "sts:AssumeRole", resource: role("Admin"), want: "not allowed" },
  {
    name: "the tag by itself",
    action: "ec2:CreateTags",
    resource: instance,
    context: keys("dirty"),
    want: "not allowed",
  },
  {
    ...{ name: "the state", action: "dynamodb:PutItem", want: "allowed" },
    resource: `arn:aws:dynamodb:${region}:${home}:table/stalewatch`,
  },
];

test("what drains the queue may do that, assume the known accounts' role, and remember", async (t) => {
  const policy = await printPolicy([], { DIRTYMARK_KNOWN_ACCOUNTS: account, STALEWATCH_STATE: "dynamodb" });
  for (const { name, want, ...request } of consumerCases) t.equal(evaluatePolicies([policy], request), want, name);
});

test("a queue is named by its URL's region and account, and a FIFO queue's dead letters are FIFO, too", async (t) => {
  const url = `https://sqs.cn-north-1.amazonaws.com.cn/${stranger}/touches.fifo`;
  const { Statement } = await printPolicy([], { DIRTYMARK_QUEUE: url });
  t.strictSame(
    Statement.flatMap(({ Resource = [] }) => Resource),
    [
      `arn:aws-cn:sqs:cn-north-1:${stranger}:touches.fifo`,
      `arn:aws-cn:sqs:cn-north-1:${stranger}:touches-dead.fifo`,
      "arn:aws-cn:iam::*:role/Skunky",
    ],
  );
});

test("a mode that receives nothing needs to look at the queue alone", async (t) => {
  for (const mode of ["observe", "notify"] as const)
    t.match(await printPolicy(["--mode", mode]), {
      Statement: [{ Action: dirtymarkPermissions[mode], Resource: [queue] }],
    });
});

const consumer = `arn:aws:iam::${home}:role/dirtymark`;
const assume = { action: "sts:AssumeRole", resource: markRole };
const trusts: readonly (Case & { readonly args: readonly string[]; readonly externalId?: string })[] = [
  { ...assume, name: "the home account", args: [], principal: ["AWS", consumer], want: "allowed" },
  { ...assume, name: "another account", args: [], principal: ["AWS", role("x")], want: "not allowed" },
  { ...assume, name: "a service", args: [], principal: ["Service", "ec2.amazonaws.com"], want: "not allowed" },
  {
    ...{ ...assume, name: "who is named", args: ["--principals", consumer], principal: ["AWS", consumer] },
    want: "allowed",
  },
  {
    ...{ ...assume, name: "a colleague of who is named", args: ["--principals", consumer], want: "not allowed" },
    principal: ["AWS", `arn:aws:iam::${home}:role/other`],
  },
  {
    ...{
      ...assume,
      name: "who does not know the external id",
      args: [],
      principal: ["AWS", consumer],
      externalId: "ab",
    },
    want: "not allowed",
  },
  {
    ...{ ...assume, name: "who knows it", args: [], principal: ["AWS", consumer], externalId: "ab", want: "allowed" },
    context: { "sts:ExternalId": "ab" },
  },
];

test("each account's role trusts whom it is told to", async (t) => {
  for (const { name, args, externalId, want, ...request } of trusts) {
    const environment = externalId === undefined ? {} : { STALEWATCH_EXTERNAL_ID: externalId };
    const policy = await printPolicy(["--for", "mark-role-trust", ...args], environment);
    t.equal(evaluatePolicies([policy], request), want, name);
  }
});

const refused = [
  {
    name: "a policy of a role that nobody assumes",
    ...{ args: ["--for", "mark-role", "--mode", "observe"], want: "mode observe marks nothing: give --mode commit" },
  },
  {
    name: "a principal that is none",
    args: ["--for", "others", "--principals", "ada"],
    want: /^principals: .*the ARN of a role, a user or an account's root/,
  },
  {
    name: "a policy of nothing",
    ...{ args: ["--for", "others"], environment: { DIRTYMARK_TAG: "", DIRTYMARK_SENDERS: "forwarders" } },
    want: "without tag and senders = hosts others need no policy",
  },
] as const;

for (const { name, args, want, ...rest } of refused)
  test(`${name} is refused`, async (t) => {
    const { code, stdout, stderr } = await print(args, "environment" in rest ? rest.environment : {});
    t.strictSame([code, stdout], [2, ""]);
    t.match(stderr.replace("E! stalewatch: ", ""), want);
  });

test("other programs have one policy, and a trust policy needs somebody", async (t) => {
  const other = await callStalewatch(["iam-policy", "keycheck", "--for", "others"]);
  t.match(other, { code: 2, stderr: /keycheck has one policy: for and principals are of dirtymark alone/ });
  const nobody = await callStalewatch(["iam-policy", "dirtymark", "--for", "mark-role-trust"], place);
  t.match(nobody, { code: 2, stderr: /who may assume the mark role: give --principals or --account/ });
});

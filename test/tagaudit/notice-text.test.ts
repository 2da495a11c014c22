import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { test } from "tap";
import type { Message } from "../../lib/core/message.ts";
import { days } from "../../lib/core/time.ts";
import { defaultExemptionTags } from "../../lib/tagaudit/exemption.ts";
import { type DeedFacts, type NoticeFacts, newsText, noticeText } from "../../lib/tagaudit/notice-text.ts";
import type { InstanceDetail, NewsDetail, ViolationDetail } from "../../lib/tagaudit/planning.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import { now } from "../support/tagaudit-records.ts";

const missing: ViolationDetail = {
  ...{ tag: "owner", kind: "near_miss", says: 'tag "owner" is missing; "ownr" is near it', ruleHash: "owner#1" },
  ...{ suggestion: 'rename "ownr" to "owner"', dueAt: now - days(1) },
};

const aDetail = (changes: Partial<InstanceDetail> = {}): InstanceDetail => ({
  ...{ region: "eu-west-1", zone: "eu-west-1a", instanceId: "i-0123456789abcdef0", instanceType: "m5.large" },
  ...{ state: "running", launchedAt: now - days(10), tagsHash: 1, tags: { Name: "web-1", ownr: "ada" }, owner: "ada" },
  ...{ violations: [missing], rules: ["owner#1"] },
  ...changes,
});

const facts = (steps: NoticeFacts["steps"] = { stop: now + days(7), terminate: now + days(21) }): NoticeFacts => ({
  ...{ accountName: "prod", accountId: "123456789012", exemption: defaultExemptionTags, steps },
});

/** As a person would read it: the subject, and a line for each thing that a part holds. */
const linesOf = ({ subject, parts }: Message): readonly string[] => [
  subject,
  ...parts.flatMap((part) => {
    if (part.kind === "text") return [part.text];
    if (part.kind === "facts") return part.facts.map(([label, value]) => `${label}: ${value}`);
    return part.kind === "commands" ? part.lines : [`${part.label}: ${part.url}`];
  }),
];

const instanceFacts = [
  "Account: prod (123456789012)",
  "Region: eu-west-1",
  "Instance: i-0123456789abcdef0",
  "Name: web-1",
  "Type: m5.large",
  "State: running",
  "Launched: 2026-02-19T12:00:00Z",
  "Owner by its tags: ada",
  'Tag owner: tag "owner" is missing; "ownr" is near it; rename "ownr" to "owner"; due 2026-02-28T12:00:00Z',
];
const command = `aws ec2 create-tags --region eu-west-1 --resources i-0123456789abcdef0 --tags '[{"Key":"owner","Value":"..."}]'`;
const loss = "A stop loses what is in memory and on instance store volumes.";
const noWayBack =
  "Termination can't be undone: the instance is gone for good, with its instance store volumes and every volume that is set to be deleted with it.";
const exemption =
  'Where it can\'t be tagged in time, exempt it with the tags "tagaudit_exempt_until" (a day, such as 2030-01-31) and "tagaudit_exempt_reason", or ask whoever runs stalewatch: stalewatch exempt add i-0123456789abcdef0 --program tagaudit --reason ... --owner ... --until ...';

test("a notice says what is wrong, how to put it right, what happens when, what is lost, and how to be exempted", async (t) => {
  t.strictSame(linesOf(noticeText(aDetail(), facts())), [
    'EC2 instance i-0123456789abcdef0 "web-1" in eu-west-1 breaks 1 tag rule (prod)',
    "One of your EC2 instances lacks tags that it must have. Please tag it.",
    ...instanceFacts,
    "To put it right, with your own values:",
    command,
    `If it is not tagged by 2026-03-08T12:00:00Z, it may be stopped from then on. ${loss}`,
    `If it is not tagged by 2026-03-22T12:00:00Z, it may be terminated from then on. ${noWayBack}`,
    exemption,
  ]);
});

const nextSteps = [
  {
    name: "of a ladder that ends with the stop",
    steps: { stop: now + days(7) },
    want: [`If it is not tagged by 2026-03-08T12:00:00Z, it may be stopped from then on. ${loss}`],
  },
  {
    name: "of a ladder of one step",
    steps: { terminate: now },
    want: [`If it is not tagged by 2026-03-01T12:00:00Z, it may be terminated from then on. ${noWayBack}`],
  },
  {
    name: "where nothing is done",
    steps: {},
    want: ["Nothing is done to it automatically; you are reminded until it is tagged."],
  },
  {
    name: "where nothing can be done, why",
    steps: {},
    detail: { spared: "it is a Spot Instance" },
    want: ["Nothing is done to it automatically, for it is a Spot Instance; you are reminded until it is tagged."],
  },
  {
    name: "a stop that takes a public address with it",
    steps: { stop: now },
    detail: { publicAddress: "203.0.113.7" },
    want: [
      "If it is not tagged by 2026-03-01T12:00:00Z, it may be stopped from then on. A stop loses what is in memory and on instance store volumes, and the public address 203.0.113.7 unless it is an Elastic IP address.",
    ],
  },
] as const;

for (const { name, steps, want, ...rest } of nextSteps) {
  test(`what happens next: ${name}`, async (t) => {
    const lines = linesOf(noticeText(aDetail("detail" in rest ? rest.detail : {}), facts(steps)));
    const at = lines.indexOf(command);
    t.strictSame(lines.slice(at + 1, -1), want);
  });
}

test("several rules are counted, and a tag of two rules is set once", async (t) => {
  const project = { ...missing, tag: "project", says: 'tag "project" is empty', ruleHash: "project#1" };
  const { suggestion: _, ...unsuggested } = project;
  const lines = linesOf(noticeText(aDetail({ violations: [missing, missing, unsuggested] }), facts()));
  t.match(lines[0], /breaks 3 tag rules \(prod\)$/);
  t.ok(lines.includes('Tag project: tag "project" is empty; due 2026-02-28T12:00:00Z'));
  t.ok(lines.some((line) => line.endsWith(`'[{"Key":"owner","Value":"..."},{"Key":"project","Value":"..."}]'`)));
});

test("what is not known is not said, and an account without a name is told by its id once", async (t) => {
  const { owner: _, ...unowned } = aDetail({ tags: {} });
  const lines = linesOf(noticeText(unowned, { ...facts(), accountName: "123456789012" }));
  t.equal(lines[0], "EC2 instance i-0123456789abcdef0 in eu-west-1 breaks 1 tag rule (123456789012)");
  t.ok(lines.includes("Account: 123456789012"));
  t.notOk(lines.some((line) => /^(Name|Owner by its tags): /.test(line)));
});

test("a name that every object has is no instance's name", async (t) => {
  t.match(linesOf(noticeText(aDetail({ tags: JSON.parse('{"__proto__":"x"}') }), facts()))[0], /abcdef0 in eu-west-1/);
});

const deed = "tagaudit/123456789012/stop/eu-west-1/i-0123456789abcdef0/1";
const news = (stage: NewsDetail["stage"]): NewsDetail => ({
  ...{ region: "eu-west-1", instanceId: "i-0123456789abcdef0", stage, deed },
});
const deedFacts = (terminateFrom?: number): DeedFacts => ({
  ...{ accountName: "prod", accountId: "123456789012", at: now, terminateFrom },
});

test("news of a stop says how to undo it, what it has lost, and what comes next", async (t) => {
  t.strictSame(linesOf(newsText(news("stopped"), aDetail(), deedFacts(now + days(14)))), [
    'EC2 instance i-0123456789abcdef0 "web-1" in eu-west-1 was stopped (prod)',
    "One of your EC2 instances was stopped, for it broke rules on tags that you were told of.",
    ...instanceFacts,
    "Stopped: 2026-03-01T12:00:00Z",
    `Whoever runs stalewatch can start it again, which gives you the whole time anew. ${loss}`,
    `stalewatch undo ${deed}`,
    "Tag it before you start it:",
    command,
    `If it is not tagged by 2026-03-15T12:00:00Z, it may be terminated from then on. ${noWayBack}`,
  ]);
});

test("where nothing follows the stop, nothing is said to", async (t) => {
  t.equal(linesOf(newsText(news("stopped"), aDetail(), deedFacts())).at(-1), command);
});

test("news of a termination says that there is no way back, and names no undo", async (t) => {
  const lines = linesOf(newsText(news("terminated"), aDetail(), deedFacts()));
  t.equal(lines[0], 'EC2 instance i-0123456789abcdef0 "web-1" in eu-west-1 was terminated (prod)');
  t.strictSame(lines.slice(-2), ["Terminated: 2026-03-01T12:00:00Z", noWayBack]);
  t.notOk(lines.some((line) => line.includes("undo ")));
});

test("no text shows a whole access key id, wherever a person has put it", async (t) => {
  const keyId = "AKIAIOSFODNN7EXAMPLE";
  const violations = [{ ...missing, says: `tag "owner" is "${keyId}", not an address` }];
  const detail = aDetail({ tags: { Name: keyId }, owner: keyId, violations });
  const all = [noticeText(detail, facts()), newsText(news("stopped"), detail, deedFacts())].flatMap(linesOf).join("\n");
  t.notOk(all.includes(keyId));
  t.ok(all.includes("...AMPLE"));
});

test("foreign text comes through as it is, for channels to show it harmlessly", async (t) => {
  for (const owner of hostileTexts)
    t.ok(linesOf(noticeText(aDetail({ owner }), facts())).includes(`Owner by its tags: ${owner}`));
});

/** What a shell makes of the commands: the arguments of each. */
function runInShell(lines: readonly string[]): readonly (readonly string[])[] {
  const script = [`aws() { printf '%s\\0' "$@"; printf '\\0'; }`, ...lines].join("\n");
  const { status, stdout, stderr } = spawnSync("sh", ["-eu"], { input: script, encoding: "utf8" });
  if (status !== 0 || stderr !== "") throw new Error(`sh: ${status} ${stderr}`);
  return stdout
    .split("\0\0")
    .slice(0, -1)
    .map((command) => command.split("\0"));
}

test("whatever a tag is called, a shell hands it to the command as it is", async (t) => {
  const tags = [
    ...["owner", "a'b", "$(id)", "`id`", "a\nb", "--help", 'a"b', "a,b", "Key=x"],
    ...hostileTexts.filter((text) => !/[\0\p{Cs}]/u.test(text)),
    ...fc.sample(fc.string({ unit: fc.constantFrom(..."a-=~ '\"\\$`;&|<>(){}[]*?!#%^\n\té😀") }), 60),
  ];
  const lines = tags.flatMap((tag) =>
    noticeText(aDetail({ violations: [{ ...missing, tag }] }), facts()).parts.flatMap((part) =>
      part.kind === "commands" ? part.lines : [],
    ),
  );
  const ran = runInShell(lines);
  t.strictSame(
    ran.map((words) => JSON.parse(words.at(-1) ?? "")),
    tags.map((tag) => [{ Key: tag, Value: "..." }]),
  );
  t.ok(
    ran.every(
      (words) =>
        words.slice(0, -1).join(" ") === "ec2 create-tags --region eu-west-1 --resources i-0123456789abcdef0 --tags",
    ),
  );
});

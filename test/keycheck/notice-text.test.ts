import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { test } from "tap";
import type { Message } from "../../lib/core/message.ts";
import { days } from "../../lib/core/time.ts";
import type { Stage } from "../../lib/keycheck/ladder.ts";
import {
  closingText,
  commentText,
  dueOf,
  type NoticeFacts,
  noticeText,
  reopeningText,
  ticketText,
} from "../../lib/keycheck/notice-text.ts";
import type { KeyDetail } from "../../lib/keycheck/plan.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import { aDetail } from "../support/key-ladders.ts";
import { at, now } from "../support/keycheck-records.ts";

const facts = (changes: Partial<NoticeFacts> = {}): NoticeFacts => ({
  ...{ accountTag: "prod", accountId: "123456789012", description: undefined, ticketUrl: undefined },
  ...{ disabledBy: undefined, disableFrom: now + days(14), now },
  ...changes,
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

const undo = "keycheck/123456789012/disable/ada/3X7QZ-0123abcd/1";
const exemption =
  "Where it can't be rotated in time, ask whoever runs stalewatch for an exemption: stalewatch exempt add ada --reason ... --owner ... --until ...";
const rotation = [
  "To rotate it, where OLD_KEY_ID is the id that ends in 3X7QZ:",
  "aws iam create-access-key --user-name ada",
  "# switch everything that uses the old key to the new one, then",
  "aws iam update-access-key --access-key-id OLD_KEY_ID --user-name ada --status Inactive",
  "# when nothing has broken for some days",
  "aws iam delete-access-key --access-key-id OLD_KEY_ID --user-name ada",
];
const keyFacts = [
  "Account: prod (123456789012)",
  "User: ada",
  "Key ending in: 3X7QZ",
  "Age: 200 days, created 2025-08-13",
  "Expiry: 2026-02-09",
];

test("a first notice says what is wrong, what to do, what happens next and how to be exempted", async (t) => {
  t.strictSame(linesOf(noticeText(aDetail(), facts())), [
    "AWS access key of ada ending in 3X7QZ has expired (prod)",
    "One of your AWS access keys has expired. Please rotate it now.",
    ...keyFacts,
    ...rotation,
    "If it is still Active on 2026-03-15, it may be disabled from then on.",
    exemption,
  ]);
});

test("a notice of its disabling says how to undo it, and asks for no exemption", async (t) => {
  t.strictSame(linesOf(noticeText(aDetail({ stage: "disabled" }), facts({ disabledBy: undo }))), [
    "AWS access key of ada ending in 3X7QZ was disabled (prod)",
    "One of your AWS access keys was disabled because it had expired.",
    ...keyFacts,
    "If something has broken, whoever runs stalewatch can switch it on again, which gives you the whole time anew:",
    `stalewatch undo ${undo}`,
    "Delete it once nothing needs it any more.",
  ]);
});

test("where it is not known what disabled it there is no undo to name", async (t) => {
  const lines = linesOf(noticeText(aDetail({ stage: "disabled" }), facts()));
  t.notOk(lines.some((line) => line.includes("undo")));
});

test("the ticket and the key's description are told where there are any", async (t) => {
  const url = "https://jira.example/browse/OPS-1";
  const lines = linesOf(noticeText(aDetail(), facts({ description: "for the backup", ticketUrl: url })));
  t.ok(lines.includes("Description: for the backup"));
  t.equal(lines.at(-1), `Ticket: ${url}`);
});

test("an account without a name is told by its id once", async (t) => {
  t.ok(linesOf(noticeText(aDetail(), facts({ accountTag: "123456789012" }))).includes("Account: 123456789012"));
});

test("a ticket stays true while its key grows older", async (t) => {
  t.strictSame(linesOf(ticketText(aDetail(), facts({ ticketUrl: "https://jira.example/browse/OPS-1" }))), [
    "Rotate the AWS access key of ada ending in 3X7QZ (prod)",
    "One of your AWS access keys has expired. Please rotate it now.",
    ...keyFacts,
    ...rotation,
    "If it is still Active on 2026-03-15, it may be disabled from then on.",
    exemption,
  ]);
});

test("a comment says the stage, and of a disabled key the undo", async (t) => {
  t.strictSame(linesOf(commentText(aDetail({ stage: "quarantined" }), facts())).slice(1), [
    "AWS has found one of your access keys published and put your user under quarantine. Replace the key at once.",
    "If it is still Active on 2026-03-15, it may be disabled from then on.",
  ]);
  t.ok(
    linesOf(commentText(aDetail({ stage: "disabled" }), facts({ disabledBy: undo }))).includes(
      `stalewatch undo ${undo}`,
    ),
  );
});

test("what closes a ticket and what opens it again names the key", async (t) => {
  t.strictSame(linesOf(closingText(aDetail())), [
    "Access key ending in 3X7QZ is rotated",
    "The access key of ada ending in 3X7QZ is gone or Inactive: nothing is left to do.",
  ]);
  t.strictSame(linesOf(reopeningText(aDetail())), [
    "Access key ending in 3X7QZ is still in place",
    "This ticket was done, and the access key of ada ending in 3X7QZ is still Active and as old as before.",
  ]);
});

const titles: Readonly<Record<Stage, RegExp>> = {
  expiring: /expires soon \(prod\) One .* is about to expire/,
  expired: /has expired \(prod\) One .* has expired/,
  quarantined: /was found published \(prod\) AWS has found .* published/,
  disabled: /was disabled \(prod\) One .* was disabled/,
  disable_failed: /has expired \(prod\) One .* should have been disabled, which failed/,
};

for (const [stage, want] of Object.entries(titles) as [Stage, RegExp][]) {
  test(`stage ${stage} says what it is`, async (t) => {
    t.match(
      linesOf(noticeText(aDetail({ stage }), facts()))
        .slice(0, 2)
        .join(" "),
      want,
    );
  });
}

const midnight = at("2026-03-15T00:00:00Z");

const dayCases = [
  { name: "is told as its day", disableFrom: now + days(11), want: "2026-03-12" },
  { name: "begins at its midnight UTC", disableFrom: midnight, want: "2026-03-15" },
  { name: "ends a millisecond before the next", disableFrom: midnight - 1, want: "2026-03-14" },
];

for (const { name, disableFrom, want } of dayCases) {
  test(`the day ${name}, and the ticket is due then`, async (t) => {
    const lines = linesOf(noticeText(aDetail(), facts({ disableFrom })));
    t.ok(lines.includes(`If it is still Active on ${want}, it may be disabled from then on.`), lines.join("\n"));
    t.equal(dueOf(aDetail(), facts({ disableFrom })), disableFrom);
  });
}

test("a key that is never disabled has no such day, and its ticket is due when it expires", async (t) => {
  const never = facts({ disableFrom: undefined });
  const says = "It is not disabled automatically; you are reminded until it is rotated.";
  t.ok(linesOf(noticeText(aDetail(), never)).includes(says));
  t.equal(dueOf(aDetail({ expiresAt: now + days(2) }), never), now + days(2));
  t.equal(dueOf(aDetail(), never), now + days(1), "or tomorrow, where it has expired");
});

test("ages and days are the same wherever the process runs", async (t) => {
  const zone = process.env.TZ;
  t.teardown(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const detail = aDetail({ createdAt: at("2025-08-13T23:59:59Z"), expiresAt: at("2026-02-09T23:59:59Z") });
  for (const TZ of ["Pacific/Auckland", "UTC", "America/Los_Angeles"]) {
    process.env.TZ = TZ;
    const lines = linesOf(noticeText(detail, facts({ now: at("2026-03-01T23:59:58Z") })));
    t.ok(lines.includes("Age: 199 days, created 2025-08-13"), TZ);
    t.ok(lines.includes("Expiry: 2026-02-09"), TZ);
  }
});

const everyText = (detail: KeyDetail, known: NoticeFacts): string =>
  [
    ...[noticeText(detail, known), ticketText(detail, known), commentText(detail, known)],
    ...[closingText(detail), reopeningText(detail)],
  ]
    .flatMap(linesOf)
    .join("\n");

const keyIds = fc
  .tuple(
    fc.constantFrom("AKIA", "ASIA"),
    fc.string({ unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), minLength: 16, maxLength: 17 }),
  )
  .map((parts) => parts.join(""));
const stages = fc.constantFrom<Stage>("expiring", "expired", "quarantined", "disabled", "disable_failed");

test("no text shows a whole access key id, not even one that a person wrote into a description", async (t) => {
  const around = fc.constantFrom("", " ", "key ", "=", ", old one: ");
  fc.assert(
    fc.property(keyIds, keyIds, around, stages, fc.boolean(), (keyId, other, text, stage, mayDisable) => {
      const description = `${text}${keyId}${text}/${other}`;
      const disableFrom = mayDisable ? now + days(1) : undefined;
      const said = everyText(aDetail({ keyId, stage }), facts({ description, disabledBy: undo, disableFrom }));
      return !said.includes(keyId) && !said.includes(other) && said.includes(keyId.slice(-5));
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test("foreign text comes through as it is, for channels to show it harmlessly", async (t) => {
  for (const description of hostileTexts) {
    t.ok(linesOf(noticeText(aDetail(), facts({ description }))).includes(`Description: ${description}`));
  }
});

test("a foreign user name stands in no comment of the commands", async (t) => {
  const { parts } = noticeText(aDetail({ user: "mallory\nrm -rf /" }), facts());
  const lines = parts.flatMap((part) => (part.kind === "commands" ? part.lines : []));
  for (const line of lines.filter((one) => one.startsWith("#"))) t.notOk(line.includes("mallory"));
});

/** What a shell makes of commands: the arguments of each, program first. */
function runInShell(lines: readonly string[]): readonly (readonly string[])[] {
  const tell = (program: string) => `${program}() { printf '%s\\0' ${program} "$@"; printf '\\0'; }`;
  const script = [tell("aws"), tell("stalewatch"), ...lines].join("\n");
  const { status, stdout, stderr } = spawnSync("sh", ["-eu"], { input: script, encoding: "utf8" });
  if (status !== 0 || stderr !== "") throw new Error(`sh: ${status} ${stderr}`);
  return stdout
    .split("\0\0")
    .slice(0, -1)
    .map((command) => command.split("\0"));
}

const commandsOf = (detail: KeyDetail, known: NoticeFacts): readonly string[] => {
  const { parts } = noticeText(detail, known);
  const exempt = linesOf(noticeText(detail, known)).flatMap((line) => line.split("for an exemption: ").slice(1));
  return [...parts.flatMap((part) => (part.kind === "commands" ? part.lines : [])), ...exempt];
};

const isNameable = (name: string): boolean => name !== "" && !/[\0\p{Cs}]/u.test(name);
const iamNames = fc.string({ unit: fc.constantFrom(..."aZ09_+=,.@-"), minLength: 1, maxLength: 8 });
const anyNames = fc.string({
  unit: fc.constantFrom(..."a-=~ '\"\\$`;&|<>(){}[]*?!#%^\n\té😀"),
  minLength: 1,
  maxLength: 8,
});

test("whatever a user is called, a shell hands their name to the command as it is", async (t) => {
  const names = [
    ...["-rf", "--help", "=ls", "a'b", "$(id)", "`id`", "a\nb", "ada"],
    ...hostileTexts.filter(isNameable),
    ...fc.sample(iamNames, 60),
    ...fc.sample(anyNames, 60),
  ];
  const ran = runInShell(names.flatMap((user) => commandsOf(aDetail({ user }), facts())));
  t.equal(ran.length, names.length * 4);
  const problems = names.flatMap((user, index) =>
    ran.slice(index * 4, index * 4 + 4).filter(([program, ...words]) => {
      const at = words.indexOf("--user-name");
      const given = at === -1 ? words.find((word) => word.startsWith("--user-name="))?.slice(12) : words[at + 1];
      return program === "aws" ? given !== user : words[2] !== user;
    }),
  );
  t.strictSame(problems, []);
});

test("a name that begins with a dash is no option of its own, and one with an equals sign no path of zsh's", async (t) => {
  const [create] = commandsOf(aDetail({ user: "-rf" }), facts());
  t.equal(create, "aws iam create-access-key --user-name=-rf");
  t.equal(commandsOf(aDetail({ user: "=ls" }), facts())[0], "aws iam create-access-key --user-name '=ls'");
});

test("an undo names an action of a user of any name", async (t) => {
  for (const user of ["ada", "=ls", "a,b+c@d.e-f_g"]) {
    const disabledBy = `keycheck/123456789012/disable/${user}/3X7QZ-0123abcd/1`;
    const lines = commandsOf(aDetail({ user, stage: "disabled" }), facts({ disabledBy }));
    t.strictSame(runInShell(lines), [["stalewatch", "undo", disabledBy]]);
  }
});

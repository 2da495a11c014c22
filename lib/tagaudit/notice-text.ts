import { hideKeyIds } from "../act/wording.ts";
import type { Message, MessagePart } from "../core/message.ts";
import { quoteWord } from "../core/quote-word.ts";
import { formatInstant, type Millis } from "../core/time.ts";
import type { Told } from "./ladder.ts";
import type { InstanceDetail, NewsDetail, ViolationDetail } from "./planning.ts";
import type { ExemptionTags } from "./scheme.ts";
import { sayLoss } from "./steps.ts";

/** What a notice says beside the instance itself. */
export interface NoticeFacts {
  /** What people call the account. */
  readonly accountName: string;
  readonly accountId: string;
  /** From when on each step may be done, as its reader is told; empty where it is only reported. */
  readonly steps: Told;
  readonly exemption: ExemptionTags;
}

/** What the instance's owner is told: what is wrong, how to put it right, what happens next, and how to be exempted. */
export function noticeText(detail: InstanceDetail, facts: NoticeFacts): Message {
  const count = detail.violations.length;
  return {
    subject: `${titleOf(detail)} breaks ${count} ${count === 1 ? "tag rule" : "tag rules"} (${facts.accountName})`,
    parts: [
      text("One of your EC2 instances lacks tags that it must have. Please tag it."),
      { kind: "facts", facts: instanceFacts(detail, facts) },
      text("To put it right, with your own values:"),
      { kind: "commands", lines: [tagCommand(detail)] },
      ...nextSteps(detail, facts).map(text),
      text(sayExemption(detail, facts)),
    ],
  };
}

/** What is known of a deed once it is done. */
export interface DeedFacts extends Pick<NoticeFacts, "accountName" | "accountId"> {
  readonly at: Millis;
  /** From when on it may be terminated; undefined where it is not going to be. */
  readonly terminateFrom: Millis | undefined;
}

/** What the owner is told once something was done. */
export function newsText(news: NewsDetail, detail: InstanceDetail, facts: DeedFacts): Message {
  const done = `One of your EC2 instances was ${news.stage}, for it broke rules on tags that you were told of.`;
  return {
    subject: `${titleOf(detail)} was ${news.stage} (${facts.accountName})`,
    parts: [
      text(done),
      {
        kind: "facts",
        facts: [
          ...instanceFacts(detail, facts),
          [news.stage === "stopped" ? "Stopped" : "Terminated", formatInstant(facts.at)],
        ],
      },
      ...(news.stage === "stopped" ? stoppedParts(news, detail, facts) : [text(noWayBack)]),
    ],
  };
}

const text = (line: string): MessagePart => ({ kind: "text", text: line });

type Fact = readonly [label: string, value: string];

const nameOf = ({ tags }: InstanceDetail): string | undefined => (Object.hasOwn(tags, "Name") ? tags.Name : undefined);

function titleOf(detail: InstanceDetail): string {
  const name = nameOf(detail);
  return `EC2 instance ${detail.instanceId}${name === undefined ? "" : ` "${hideKeyIds(name)}"`} in ${detail.region}`;
}

function instanceFacts(detail: InstanceDetail, { accountName, accountId }: DeedAccount): readonly Fact[] {
  const name = nameOf(detail);
  const facts: readonly Fact[] = [
    ["Account", accountName === accountId ? accountId : `${accountName} (${accountId})`],
    ["Region", detail.region],
    ["Instance", detail.instanceId],
    ...(name === undefined ? [] : [["Name", name] as const]),
    ["Type", detail.instanceType],
    ["State", detail.state],
    ["Launched", formatInstant(detail.launchedAt)],
    ...(detail.owner === undefined ? [] : [["Owner by its tags", detail.owner] as const]),
    ...detail.violations.map(violationFact),
  ];
  return facts.map(([label, value]) => [label, hideKeyIds(value)]);
}

type DeedAccount = Pick<NoticeFacts, "accountName" | "accountId">;

const violationFact = ({ tag, says, suggestion, dueAt }: ViolationDetail): Fact => [
  `Tag ${tag}`,
  `${says}${suggestion === undefined ? "" : `; ${suggestion}`}; due ${formatInstant(dueAt)}`,
];

/** As JSON, for in the shorthand a comma or a quote in a key has a meaning of its own. */
function tagCommand({ region, instanceId, violations }: InstanceDetail): string {
  const keys = new Set(violations.map(({ tag }) => tag));
  const tags = JSON.stringify([...keys].map((key) => ({ Key: key, Value: "..." })));
  return `aws ec2 create-tags --region ${quoteWord(region)} --resources ${quoteWord(instanceId)} --tags ${quoteWord(tags)}`;
}

function nextSteps(detail: InstanceDetail, { steps: { stop, terminate } }: NoticeFacts): readonly string[] {
  if (stop === undefined && terminate === undefined) {
    const why = detail.spared === undefined ? "" : `, for ${detail.spared}`;
    return [`Nothing is done to it automatically${why}; you are reminded until it is tagged.`];
  }
  return [
    ...(stop === undefined
      ? []
      : [`If it is not tagged by ${formatInstant(stop)}, it may be stopped from then on. ${sayLoss(detail)}`]),
    ...(terminate === undefined
      ? []
      : [`If it is not tagged by ${formatInstant(terminate)}, it may be terminated from then on. ${noWayBack}`]),
  ];
}

const noWayBack =
  "Termination can't be undone: the instance is gone for good, with its instance store volumes and every volume that is set to be deleted with it.";

function stoppedParts(
  { deed }: NewsDetail,
  detail: InstanceDetail,
  { terminateFrom }: DeedFacts,
): readonly MessagePart[] {
  return [
    text(`Whoever runs stalewatch can start it again, which gives you the whole time anew. ${sayLoss(detail)}`),
    { kind: "commands", lines: [`stalewatch undo ${quoteWord(deed)}`] },
    text("Tag it before you start it:"),
    { kind: "commands", lines: [tagCommand(detail)] },
    ...(terminateFrom === undefined
      ? []
      : [
          text(
            `If it is not tagged by ${formatInstant(terminateFrom)}, it may be terminated from then on. ${noWayBack}`,
          ),
        ]),
  ];
}

const sayExemption = ({ instanceId }: InstanceDetail, { exemption: { until, reason } }: NoticeFacts): string =>
  `Where it can't be tagged in time, exempt it with the tags "${until}" (a day, such as 2030-01-31) and "${reason}", or ask whoever runs stalewatch: stalewatch exempt add ${quoteWord(instanceId)} --program tagaudit --reason ... --owner ... --until ...`;

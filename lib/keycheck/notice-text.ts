import { hideKeyIds } from "../act/wording.ts";
import type { Message, MessagePart } from "../core/message.ts";
import { quoteWord } from "../core/quote-word.ts";
import { days, formatInstant, type Millis, wholeDays } from "../core/time.ts";
import type { Stage } from "./ladder.ts";
import type { KeyDetail } from "./plan.ts";

/** What a notice or a ticket says beside the key itself. */
export interface NoticeFacts {
  /** The value of the tag `accountAlias`. */
  readonly accountTag: string;
  readonly accountId: string;
  /** The user's tag whose key is the access key's id, which IAM's console shows as the key's description. */
  readonly description: string | undefined;
  readonly ticketUrl: string | undefined;
  /** The journal's id of its disabling. */
  readonly disabledBy: string | undefined;
  /** From when on it may be disabled, as its reader is told; undefined where it never is. */
  readonly disableFrom: Millis | undefined;
  readonly now: Millis;
}

/** What the key's owner is told: what is wrong, what to do, what happens next, and how to be exempted. */
export function noticeText(detail: KeyDetail, facts: NoticeFacts): Message {
  const { stage } = detail;
  return {
    subject: subjectOf(detail, facts),
    parts: [
      text(openings[stage]),
      { kind: "facts", facts: keyFacts(detail, facts) },
      ...(stage === "disabled" ? undoParts(facts) : rotationParts(detail)),
      text(nextStep(detail, facts)),
      ...(stage === "disabled" ? [] : [exemptionPart(detail)]),
      ...(facts.ticketUrl === undefined ? [] : [{ kind: "link", label: "Ticket", url: facts.ticketUrl } as const]),
    ],
  };
}

/** The same for the ticket, which stays as it is while the key grows older. */
export const ticketText = (detail: KeyDetail, facts: NoticeFacts): Message => ({
  subject: `Rotate the AWS access key of ${detail.user} ending in ${suffixOf(detail)} (${facts.accountTag})`,
  parts: [
    text(openings[detail.stage]),
    { kind: "facts", facts: keyFacts(detail, facts) },
    ...rotationParts(detail),
    text(nextStep(detail, facts)),
    exemptionPart(detail),
  ],
});

/** Told to the ticket where its key comes to another stage. */
export const commentText = (detail: KeyDetail, facts: NoticeFacts): Message => ({
  subject: subjectOf(detail, facts),
  parts: [
    text(openings[detail.stage]),
    ...(detail.stage === "disabled" ? undoParts(facts) : []),
    text(nextStep(detail, facts)),
  ],
});

export const closingText = (detail: KeyDetail): Message => ({
  subject: `Access key ending in ${suffixOf(detail)} is rotated`,
  parts: [
    text(`The access key of ${detail.user} ending in ${suffixOf(detail)} is gone or Inactive: nothing is left to do.`),
  ],
});

export const reopeningText = (detail: KeyDetail): Message => ({
  subject: `Access key ending in ${suffixOf(detail)} is still in place`,
  parts: [
    text(
      `This ticket was done, and the access key of ${detail.user} ending in ${suffixOf(detail)} is still Active and as old as before.`,
    ),
  ],
});

const text = (line: string): MessagePart => ({ kind: "text", text: line });

const openings: Readonly<Record<Stage, string>> = {
  expiring: "One of your AWS access keys is about to expire. Please rotate it.",
  expired: "One of your AWS access keys has expired. Please rotate it now.",
  quarantined:
    "AWS has found one of your access keys published and put your user under quarantine. Replace the key at once.",
  disabled: "One of your AWS access keys was disabled because it had expired.",
  disable_failed:
    "One of your AWS access keys has expired and should have been disabled, which failed. Please rotate it now.",
};

const titles: Readonly<Record<Stage, string>> = {
  expiring: "expires soon",
  expired: "has expired",
  quarantined: "was found published",
  disabled: "was disabled",
  disable_failed: "has expired",
};

const subjectOf = (detail: KeyDetail, { accountTag }: NoticeFacts): string =>
  `AWS access key of ${detail.user} ending in ${suffixOf(detail)} ${titles[detail.stage]} (${accountTag})`;

const suffixOf = ({ keyId }: KeyDetail): string => keyId.slice(-5);

const day = (at: Millis): string => formatInstant(at).slice(0, 10);

const keyFacts = (detail: KeyDetail, { accountTag, accountId, description, now }: NoticeFacts) => [
  ["Account", accountTag === accountId ? accountId : `${accountTag} (${accountId})`] as const,
  ["User", detail.user] as const,
  ["Key ending in", suffixOf(detail)] as const,
  ...(description === undefined ? [] : [["Description", hideKeyIds(description)] as const]),
  ["Age", `${wholeDays(detail.createdAt, now)} days, created ${day(detail.createdAt)}`] as const,
  ["Expiry", day(detail.expiresAt)] as const,
];

/** A new key first: nothing stops working while its users change over (Updating access keys, IAM user guide). */
function rotationParts(detail: KeyDetail): readonly MessagePart[] {
  const user = userOption(detail);
  const old = `--access-key-id OLD_KEY_ID ${user}`;
  return [
    text(`To rotate it, where OLD_KEY_ID is the id that ends in ${suffixOf(detail)}:`),
    {
      kind: "commands",
      lines: [
        `aws iam create-access-key ${user}`,
        "# switch everything that uses the old key to the new one, then",
        `aws iam update-access-key ${old} --status Inactive`,
        "# when nothing has broken for some days",
        `aws iam delete-access-key ${old}`,
      ],
    },
  ];
}

/** What begins with a dash would pass for an option of its own. */
const userOption = ({ user }: KeyDetail): string => `--user-name${user.startsWith("-") ? "=" : " "}${quoteWord(user)}`;

const undoParts = ({ disabledBy }: NoticeFacts): readonly MessagePart[] =>
  disabledBy === undefined
    ? []
    : [
        text(
          "If something has broken, whoever runs stalewatch can switch it on again, which gives you the whole time anew:",
        ),
        { kind: "commands", lines: [`stalewatch undo ${quoteWord(disabledBy)}`] },
      ];

function nextStep({ stage }: KeyDetail, { disableFrom }: NoticeFacts): string {
  if (stage === "disabled") return "Delete it once nothing needs it any more.";
  return disableFrom === undefined
    ? "It is not disabled automatically; you are reminded until it is rotated."
    : `If it is still Active on ${day(disableFrom)}, it may be disabled from then on.`;
}

const exemptionPart = ({ user }: KeyDetail): MessagePart =>
  text(
    `Where it can't be rotated in time, ask whoever runs stalewatch for an exemption: stalewatch exempt add ${quoteWord(user)} --reason ... --owner ... --until ...`,
  );

/** Due where the key may be disabled, else where it expires. */
export const dueOf = ({ expiresAt }: KeyDetail, { disableFrom, now }: NoticeFacts): Millis =>
  disableFrom ?? Math.max(expiresAt, now + days(1));

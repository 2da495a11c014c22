import type { PlannedAction } from "../../../lib/act/action.ts";
import type { JournalEntry } from "../../../lib/act/entry.ts";
import type { MessagePart } from "../../../lib/core/message.ts";
import { days, hours, type Millis, parseInstant, seconds } from "../../../lib/core/time.ts";
import { disableFrom } from "../../../lib/keycheck/disable-day.ts";
import { newLadder } from "../../../lib/keycheck/ladder.ts";
import { noticeText } from "../../../lib/keycheck/notice-text.ts";
import { type Candidate, type KeyAction, planActions } from "../../../lib/keycheck/plan.ts";
import { formatJournalTable } from "../../../lib/stalewatch/journal-text.ts";

const accountId = "123456789012";
const now = parseInstant("2026-09-01T08:00:00Z") ?? 0;

/** All that is planned about one key of a person, expired three days ago, of which nobody was told. */
function planSample(): readonly KeyAction[] {
  // AWS's own example of a key id.
  const key = { id: "AKIAIOSFODNN7EXAMPLE", createdAt: now - days(183), active: true };
  const candidate: Candidate = {
    ...{ user: "ada", key, exempt: false, ladder: newLadder("ada", key), readAt: now },
    ...{ expireAge: days(180), disableAfter: days(14), mayDisable: true, lastUsedAt: undefined },
    stage: "expired",
  };
  return planActions([candidate], {
    ...{ accountId, now },
    mode: "commit",
    settings: { notifyEvery: days(1), sendSlack: true, createJira: true, disableKey: true, jiraReopen: "reopen" },
  });
}

function sampleOf(kind: string): KeyAction {
  const action = planSample().find((planned) => planned.kind === kind);
  if (action === undefined) throw new Error(`nothing of kind "${kind}" is planned`);
  return action;
}

/** The first notice, as it reads without Slack's layout. */
export function sampleNotice(): string {
  const { detail } = sampleOf("notice");
  const { subject, parts } = noticeText(detail, {
    ...{ accountTag: "prod", accountId, now, description: "nightly backup", disableFrom: disableFrom(detail, { now }) },
    ...{ ticketUrl: "https://example.atlassian.net/browse/OPS-7", disabledBy: undefined },
  });
  return [subject, ...parts.map(formatPart)].join("\n\n");
}

function formatPart(part: MessagePart): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "facts":
      return part.facts.map(([label, value]) => `${label}: ${value}`).join("\n");
    case "commands":
      return part.lines.map((line) => `    ${line}`).join("\n");
    case "link":
      return `${part.label}: ${part.url}`;
  }
}

/** The same key's notice, ticket and end. */
export const sampleJournal = (): string =>
  formatJournalTable([
    entryOf(sampleOf("disable"), now + days(14) + hours(1)),
    entryOf(sampleOf("notice"), now + seconds(1)),
    entryOf(sampleOf("ticket"), now),
  ]);

const entryOf = (action: PlannedAction, intendedAt: Millis): JournalEntry => ({
  ...{ action, state: "applied", attempt: 1, intendedAt, endedAt: intendedAt, before: {}, says: action.reason },
  ...{ who: "", planHash: "", lease: { holder: { token: "", host: "", pid: 0 }, until: 0 } },
});

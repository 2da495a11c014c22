import { test } from "tap";
import { actionId, type PlannedAction } from "../../../lib/act/action.ts";
import { referenceOf } from "../../../lib/act/journal.ts";
import { ticketClose, ticketComment, ticketReopen } from "../../../lib/keycheck/actions/ticket.ts";
import { type Ladder, newLadder } from "../../../lib/keycheck/ladder.ts";
import { planActions } from "../../../lib/keycheck/plan.ts";
import { aTracker, openKeyActing } from "../../support/key-acting.ts";
import { aCandidate, aPlanning, aTicket } from "../../support/key-ladders.ts";
import { aListedKey, now } from "../../support/keycheck-records.ts";

type Place = ReturnType<typeof openKeyActing>;

/** What is planned about the ticket of a key of 200 days. */
async function planTicket({ key, ladders }: Place, { active = true } = {}): Promise<PlannedAction | undefined> {
  const ladder = await ladders.find(key.id);
  const candidate = aCandidate({ key: aListedKey({ ...key, active }), ...(ladder && { ladder }) });
  return planActions([candidate], aPlanning()).find(({ kind }) => kind.startsWith("ticket"));
}

interface FollowUp {
  readonly kind: string;
  readonly make: typeof ticketComment;
  readonly ladder: Partial<Ladder>;
  /** What is planned once it is known that the ticket was deleted. */
  readonly next?: string;
}

const followUps: readonly FollowUp[] = [
  {
    ...{ kind: "ticket-comment", make: ticketComment, next: "ticket" },
    ladder: { ticket: aTicket({ stage: "expiring" }) },
  },
  { kind: "ticket-reopen", make: ticketReopen, ladder: { ticket: aTicket({ isDone: true }) }, next: "ticket" },
  { kind: "ticket-close", make: ticketClose, ladder: { ticket: aTicket(), endedAt: now } },
];

for (const { kind, make, ladder, next } of followUps) {
  test(`${kind} of a ticket that was deleted is unneeded, and ${next ? "a new one is due" : "nothing is left to do"}`, async (t) => {
    const place = openKeyActing({ tracker: aTracker({ getTicket: async () => undefined }) });
    await place.ladders.update({ ...newLadder("ada", place.key), ...ladder }, (one) => one);
    const action = await planTicket(place);
    if (action?.kind !== kind) return t.fail(`planned: ${action?.kind}`);
    t.strictSame(await make(place.acting).stand(action), {
      ...{ is: "unneeded", says: "the ticket is no longer there" },
    });
    t.match((await place.ladders.find(place.key.id))?.ticket, { key: "OPS-1", isDone: true, isGone: true });
    t.equal((await planTicket(place))?.kind, next);
  });

  test(`${kind} that was cut short, of a ticket that was deleted since, is unneeded`, async (t) => {
    const place = openKeyActing({ tracker: aTracker({ getTicket: async () => undefined }) });
    await place.ladders.update({ ...newLadder("ada", place.key), ...ladder }, (one) => one);
    const action = await planTicket(place);
    if (action === undefined) return t.fail("nothing is planned");
    const intended = { action, reference: referenceOf(actionId(action)), since: now, before: { isDone: false } };
    t.match(await make(place.acting).confirm(intended, {}), { is: "unneeded" });
  });
}

import { type Test, test } from "tap";
import type { Message } from "../../lib/core/message.ts";
import type { NewTicket, Tracker } from "../../lib/notify/tracker.ts";
import { anIntent } from "../support/an-intent.ts";

export interface OpenedTracker {
  readonly tracker: Tracker;
  /** From now on this user may nothing. */
  readonly denyAccess: () => void;
  /** The next change is made, but its answer is lost. */
  readonly loseAnswer: () => void;
  /** The next change is refused. */
  readonly refuseChange: () => void;
  readonly countTickets: () => number;
  readonly countComments: (key: string) => number;
}

type OpenTracker = (t: Test) => Promise<OpenedTracker>;

const message: Message = { subject: "Rotate the key of ada", parts: [{ kind: "text", text: "It is 200 days old." }] };
const ticket: NewTicket = { label: "key-3f2a9c1b", message, dueAt: Date.UTC(2026, 2, 15) };

const intentTo = (occasion: "create" | "comment" | "close" | "reopen") => anIntent({ kind: "ticket", occasion });

/** What holds for every tracker; called once by each implementation's own test. */
export function testTracker(kind: string, open: OpenTracker): void {
  test(`${kind}: a new ticket is open, read by its key and found by its label`, async (t) => {
    const { tracker } = await open(t);
    const { key, url, isDone } = await tracker.createTicket(await intentTo("create"), ticket);
    t.equal(isDone, false);
    t.ok(url.endsWith(key), url);
    t.match(await tracker.getTicket(key), { key, url, isDone: false });
    t.match(await tracker.findTicket(ticket.label), [{ key, url, isDone: false }]);
    t.strictSame(await tracker.findTicket("key-other"), []);
  });

  test(`${kind}: tickets of one label are found oldest first`, async (t) => {
    const { tracker } = await open(t);
    const first = await tracker.createTicket(await intentTo("create"), ticket);
    const second = await tracker.createTicket(await intentTo("create"), ticket);
    await tracker.createTicket(await intentTo("create"), { ...ticket, label: "key-other" });
    t.strictSame(
      (await tracker.findTicket(ticket.label)).map(({ key }) => key),
      [first.key, second.key],
    );
  });

  test(`${kind}: a ticket that never was is undefined`, async (t) => {
    const { tracker } = await open(t);
    const { key } = await tracker.createTicket(await intentTo("create"), ticket);
    t.equal(await tracker.getTicket(`${key}9`), undefined);
  });

  test(`${kind}: a comment is found again by its intent's reference, and no other`, async (t) => {
    const { tracker, countComments } = await open(t);
    const commenting = await intentTo("comment");
    const { key } = await tracker.createTicket(await intentTo("create"), ticket);
    t.equal(await tracker.hasComment(key, commenting.reference), false);
    await tracker.comment(commenting, key, message);
    t.equal(await tracker.hasComment(key, commenting.reference), true);
    t.equal(await tracker.hasComment(key, (await intentTo("close")).reference), false);
    t.equal(countComments(key), 1);
  });

  test(`${kind}: to close is to comment and to move to done, once`, async (t) => {
    const { tracker, countComments } = await open(t);
    const closing = await intentTo("close");
    const { key } = await tracker.createTicket(await intentTo("create"), ticket);
    await tracker.close(closing, key, message);
    t.match(await tracker.getTicket(key), { isDone: true });
    t.equal(await tracker.hasComment(key, closing.reference), true);
    await tracker.close(closing, key, message);
    t.match(await tracker.getTicket(key), { isDone: true });
    t.equal(countComments(key), 1);
  });

  test(`${kind}: to reopen is to comment and to move away from done, once`, async (t) => {
    const { tracker, countComments } = await open(t);
    const reopening = await intentTo("reopen");
    const { key } = await tracker.createTicket(await intentTo("create"), ticket);
    await tracker.close(await intentTo("close"), key, message);
    await tracker.reopen(reopening, key, message);
    t.match(await tracker.getTicket(key), { isDone: false });
    await tracker.reopen(reopening, key, message);
    t.equal(countComments(key), 2);
  });

  test(`${kind}: whoever may nothing learns nothing, and above all not that a ticket is gone`, async (t) => {
    const { tracker, denyAccess, countTickets, countComments } = await open(t);
    const { key } = await tracker.createTicket(await intentTo("create"), ticket);
    denyAccess();
    const closing = await intentTo("close");
    const denied = { name: "TrackerError", code: "denied", mayBeDone: false };
    await t.rejects(tracker.getTicket(key), denied);
    await t.rejects(tracker.findTicket(ticket.label), denied);
    await t.rejects(tracker.hasComment(key, closing.reference), denied);
    await t.rejects(tracker.createTicket(await intentTo("create"), ticket), denied);
    await t.rejects(tracker.comment(closing, key, message), denied);
    await t.rejects(tracker.close(closing, key, message), denied);
    await t.rejects(tracker.reopen(closing, key, message), denied);
    t.strictSame([countTickets(), countComments(key)], [1, 0]);
  });

  test(`${kind}: a change whose answer is lost may be done, and is looked for`, async (t) => {
    const { tracker, loseAnswer, countTickets, countComments } = await open(t);
    const [creating, commenting, closing] = [
      await intentTo("create"),
      await intentTo("comment"),
      await intentTo("close"),
    ];
    const maybe = { name: "TrackerError", code: "unreachable", mayBeDone: true };
    loseAnswer();
    await t.rejects(tracker.createTicket(creating, ticket), maybe);
    t.equal(countTickets(), 1, "and it is not sent again");
    const [{ key } = { key: "" }] = await tracker.findTicket(ticket.label);
    loseAnswer();
    await t.rejects(tracker.comment(commenting, key, message), maybe);
    t.equal(await tracker.hasComment(key, commenting.reference), true);
    loseAnswer();
    await t.rejects(tracker.close(closing, key, message), maybe);
    await tracker.close(closing, key, message);
    t.match(await tracker.getTicket(key), { isDone: true });
    t.equal(countComments(key), 2, "what was lost is not done twice");
  });

  test(`${kind}: a change that is refused is surely not done`, async (t) => {
    const { tracker, refuseChange, countTickets, countComments } = await open(t);
    const surely = { name: "TrackerError", mayBeDone: false };
    refuseChange();
    await t.rejects(tracker.createTicket(await intentTo("create"), ticket), surely);
    t.equal(countTickets(), 0);
    const { key } = await tracker.createTicket(await intentTo("create"), ticket);
    refuseChange();
    await t.rejects(tracker.comment(await intentTo("comment"), key, message), surely);
    t.equal(countComments(key), 0);
  });
}

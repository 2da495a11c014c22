import { type Test, test } from "tap";
import type { Message } from "../../lib/core/message.ts";
import { minutes } from "../../lib/core/time.ts";
import type { Notifier, Person } from "../../lib/notify/notifier.ts";
import type { Owner } from "../../lib/owners/find-owner.ts";
import { anIntent } from "../support/an-intent.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

export interface OpenedNotifier {
  readonly notifier: Notifier;
  /** Somebody whom the channel reaches, and somebody whom it does not. */
  readonly owner: Owner;
  readonly stranger: Owner;
  /** A channel of last resort. */
  readonly channel: string;
  /** Whether this channel shows what was sent before. */
  readonly canLook: boolean;
  /** False for a channel that takes messages for people of whom it knows nothing; unless said, it knows them. */
  readonly knowsPeople?: false;
  /** What people were shown, one text a message, in order. */
  readonly shown: () => readonly string[];
  /** What becomes of the next message. */
  readonly next: (fate: "is refused" | "loses its answer") => void;
  /** From now on nobody listens. */
  readonly breakTarget: () => Promise<void>;
  /** What a signal to stop does. */
  readonly stop: () => void;
}

type OpenNotifier = (t: Test) => Promise<OpenedNotifier>;

export const aMessage = (message: Partial<Message> = {}): Message => ({
  subject: "access key ...K9XYZ of ada is 200 days old",
  parts: [
    { kind: "text", text: "Rotate it before 2026-03-15,\nor it is disabled." },
    {
      kind: "facts",
      facts: [
        ["Account", "123456789012"],
        ["User", "ada"],
      ],
    },
    { kind: "commands", lines: ["aws iam create-access-key --user-name ada", "aws iam list-access-keys"] },
    { kind: "link", label: "OPS-17", url: "https://jira.example.com/browse/OPS-17" },
  ],
  ...message,
});

async function findOwner({ notifier, owner }: OpenedNotifier): Promise<Person> {
  const found = await notifier.findPerson(owner);
  if ("missing" in found) throw new Error(found.missing);
  return found.person;
}

/** What holds for every notifier; called once by each implementation's own test. */
export function testNotifier(kind: string, open: OpenNotifier): void {
  test(`${kind}: an owner who exists is a person with a name`, async (t) => {
    const { id, name } = await findOwner(await open(t));
    t.match(id, /./);
    t.match(name, /./);
  });

  test(`${kind}: an owner who does not exist is missing, with words for it`, async (t) => {
    const { notifier, stranger } = await open(t);
    t.match(await notifier.findPerson(stranger), { missing: /.: ./ });
  });

  test(`${kind}: a message reaches a person once and whole, and its delivery is proof where the channel knows people`, async (t) => {
    const opened = await open(t);
    const person = await findOwner(opened);
    const before = Date.now();
    const delivery = await opened.notifier.send(await anIntent(), { person }, aMessage());
    t.equal(delivery.isDelivered, opened.knowsPeople ?? true);
    t.ok(Math.abs(delivery.at - before) < minutes(1), "told in milliseconds");
    t.strictSame(JSON.parse(JSON.stringify(delivery)), delivery, "a journal can keep it");
    const [text = "", ...others] = opened.shown();
    t.strictSame(others, []);
    for (const part of [
      "access key ...K9XYZ of ada is 200 days old",
      "Rotate it before 2026-03-15,\nor it is disabled.",
      ...["Account", "123456789012", "User", "ada", "OPS-17", "https://jira.example.com/browse/OPS-17"],
      "aws iam create-access-key --user-name ada\naws iam list-access-keys",
    ])
      t.ok(text.includes(part), part);
    t.ok(text.includes((await anIntent()).reference), "the reference");
  });

  test(`${kind}: a channel of last resort is told, and proves nothing`, async (t) => {
    const { notifier, channel, shown } = await open(t);
    t.match(await notifier.send(await anIntent(), { channel }, aMessage()), { isDelivered: false });
    t.equal(shown().length, 1);
  });

  test(`${kind}: what was sent is found again by its reference`, async (t) => {
    const opened = await open(t);
    const { notifier, channel, canLook } = opened;
    const person = await findOwner(opened);
    const intent = await anIntent();
    const since = Date.now();
    const found = (delivery: object | undefined) => (canLook ? delivery : "unreadable");
    for (const to of [{ person }, { channel }]) {
      t.strictSame(await notifier.findSent(intent.reference, to, since), found(undefined), "nothing yet");
      const delivery = await notifier.send(intent, to, aMessage());
      t.strictSame(await notifier.findSent(intent.reference, to, since), found(delivery));
      t.strictSame(await notifier.findSent("0123456789abcdef", to, since), found(undefined), "another's reference");
      t.strictSame(await notifier.findSent(intent.reference, to, since + minutes(60)), found(undefined), "too old");
    }
  });

  test(`${kind}: foreign text is taken, whatever it holds`, async (t) => {
    const opened = await open(t);
    const person = await findOwner(opened);
    for (const [at, text] of hostileTexts.entries()) {
      const parts: Message["parts"] = [
        { kind: "text", text },
        { kind: "facts", facts: [["User", text]] },
        { kind: "commands", lines: [text, text] },
        { kind: "link", label: text, url: text },
      ];
      const delivery = await opened.notifier.send(await anIntent(), { person }, aMessage({ subject: text, parts }));
      t.match(delivery, { channel: /./, message: /./ }, `text ${at}`);
    }
  });

  test(`${kind}: a message without parts is taken`, async (t) => {
    const opened = await open(t);
    const person = await findOwner(opened);
    t.match(await opened.notifier.send(await anIntent(), { person }, aMessage({ parts: [] })), { message: /./ });
  });

  test(`${kind}: what is refused was surely not sent`, async (t) => {
    const opened = await open(t);
    const person = await findOwner(opened);
    opened.next("is refused");
    const sending = opened.notifier.send(await anIntent(), { person }, aMessage());
    await t.rejects(sending, { name: "NotifyError", mayBeSent: false });
    t.strictSame(opened.shown(), []);
  });

  test(`${kind}: a message whose answer is lost may be sent, is not sent again, and is found where one may look`, async (t) => {
    const opened = await open(t);
    const { notifier, shown, canLook } = opened;
    const person = await findOwner(opened);
    const intent = await anIntent();
    opened.next("loses its answer");
    await t.rejects(notifier.send(intent, { person }, aMessage()), { name: "NotifyError", mayBeSent: true });
    t.equal(shown().length, 1);
    const found = await notifier.findSent(intent.reference, { person }, Date.now());
    t.match(found, canLook ? { isDelivered: true } : "unreadable");
  });

  test(`${kind}: where nobody listens, nothing is sent`, async (t) => {
    const opened = await open(t);
    const person = await findOwner(opened);
    await opened.breakTarget();
    const failure = { name: "NotifyError", code: "unreachable", mayBeSent: false };
    await t.rejects(opened.notifier.send(await anIntent(), { person }, aMessage()), failure);
    if (opened.knowsPeople !== false) await t.rejects(opened.notifier.findPerson(opened.owner), failure);
    if (opened.canLook) await t.rejects(opened.notifier.findSent("0123456789abcdef", { person }, 0), failure);
  });

  test(`${kind}: after the signal to stop nothing is begun`, async (t) => {
    const opened = await open(t);
    const person = await findOwner(opened);
    opened.stop();
    const failure = { name: "NotifyError", code: "stopped", mayBeSent: false, message: /stopped by the test/ };
    await t.rejects(opened.notifier.send(await anIntent(), { person }, aMessage()), failure);
    await t.rejects(opened.notifier.findPerson(opened.owner), failure);
    t.strictSame(opened.shown(), []);
  });
}

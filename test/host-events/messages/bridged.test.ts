import { test } from "tap";
import { happenedAt, idOf, refuse } from "../../../lib/host-events/messages/bridged.ts";
import { sentAt } from "../../support/host-messages.ts";

const times = [
  { name: "an earlier time holds", time: "2026-03-01T11:59:59.999Z", want: sentAt - 1 },
  { name: "the time of sending holds", time: "2026-03-01T12:00:00Z", want: sentAt },
  { name: "a later time is that of sending", time: "2026-03-01T12:00:00.001Z", want: sentAt },
  { name: "a time before there was EC2 is that of sending", time: "1970-01-01T00:00:00Z", want: sentAt },
  { name: "nor is the year one any", time: "0001-01-01T00:00:00Z", want: sentAt },
  { name: "the day before it began", time: "2006-08-23T23:59:59.999Z", want: sentAt },
  { name: "the day it began holds", time: "2006-08-24T00:00:00Z", want: Date.UTC(2006, 7, 24) },
  { name: "no time is that of sending", time: undefined, want: sentAt },
  { name: "a time without zone is that of sending", time: "2026-03-01T11:00:00", want: sentAt },
];

for (const { name, time, want } of times) test(name, async (t) => t.equal(happenedAt(time, sentAt), want));

const ids = [
  { text: "4b7a66fc-bffb-4179-be64-69bba2bf714c", isId: true },
  { text: "12345678", isId: true },
  { text: "x".repeat(64), isId: true },
  { text: "1234567", isId: false },
  { text: "x".repeat(65), isId: false },
  { text: "4b7a66fc bffb", isId: false },
  { text: undefined, isId: false },
];

for (const { text, isId } of ids) {
  test(`${text} is ${isId ? "an" : "no"} id`, async (t) => t.equal(idOf(text), isId ? text : undefined));
}

test("a refusal has a reason and words", async (t) =>
  t.strictSame(refuse("forged", "why"), { is: "refused", reason: "forged", says: "why" }));

import { test } from "tap";
import { readHost } from "../../lib/host-events/host-reading.ts";
import { sentAt } from "../support/host-messages.ts";

const words = {
  ...{ instanceId: "i-0123456789abcdef0", accountId: "123456789012", region: "us-east-1", event: "ssh" },
  ...{ user: "ada", address: "203.0.113.10" },
};

test("a host's words are one event, at the time they were sent", async (t) => {
  t.strictSame(readHost(words, sentAt), {
    is: "events",
    events: [
      {
        ...{ accountId: "123456789012", region: "us-east-1", instanceId: "i-0123456789abcdef0" },
        ...{ name: "ssh", source: "host", id: undefined, at: sentAt, principal: "ada", address: "203.0.113.10" },
      },
    ],
    origin: { by: "host", envelope: undefined },
  });
});

const names = [
  { event: "ssh", want: "ssh" },
  { event: "sudo.login:tty-1_a", want: "sudo.login:tty-1_a" },
  { event: "x".repeat(64), want: "x".repeat(64) },
  ...[undefined, null, "", " "].map((event) => ({ event, want: "unknown" })),
  { event: "x".repeat(65), want: undefined },
  { event: "a b", want: undefined },
  { event: "__proto__", want: undefined },
  { event: "ssh\n", want: undefined },
  { event: 7, want: undefined },
];

for (const { event, want } of names) {
  test(`event ${JSON.stringify(event)} is ${want === undefined ? "refused" : "taken"}`, async (t) => {
    const reading = readHost({ ...words, event }, sentAt);
    t.equal(reading.is === "events" ? reading.events[0].name : undefined, want);
    if (want === undefined) t.match(reading, { is: "refused", reason: "malformed", says: /^event .* is no name/ });
  });
}

const wrong = [
  { instanceId: "mi-0123456789abcdef0", says: /^instance "mi-0123456789abcdef0" is no instance id$/ },
  { instanceId: undefined, says: /^instance no text/ },
  { accountId: "1234", says: /^account "1234"/ },
  { accountId: 123456789012, says: /^account no text/ },
  { region: "x", says: /^region "x"/ },
];

for (const { says, ...changed } of wrong) {
  test(`${JSON.stringify(changed)} is refused`, async (t) => {
    t.match(readHost({ ...words, ...changed }, sentAt), { is: "refused", reason: "malformed", says });
  });
}

test("who and from where is cut and tamed, or absent", async (t) => {
  const event = (user: string | undefined, address: string | undefined) => {
    const reading = readHost({ ...words, user, address }, sentAt);
    return reading.is === "events" ? reading.events[0] : undefined;
  };
  t.match(event("a\u001b".repeat(500), "9".repeat(500)), { principal: "a�".repeat(128), address: "9".repeat(128) });
  t.match(event(undefined, " "), { principal: undefined, address: undefined });
});

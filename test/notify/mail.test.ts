import { type Test, test } from "tap";
import type { FailureCode } from "../../lib/core/errors.ts";
import { Secret } from "../../lib/core/secret.ts";
import { type MailOptions, openMail } from "../../lib/notify/mail.ts";
import { aMessage, testNotifier } from "../contract/notifier.ts";
import { anIntent } from "../support/an-intent.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import {
  type MailFault,
  type MailSinkOptions,
  sinkCertificate,
  startMailSink,
  startScriptedServer,
} from "../support/mail-sink.ts";

const ada = { person: { id: "ada@example.com", name: "ada@example.com" } } as const;
const login = { user: "stalewatch", password: new Secret("not-to-be-seen") };

function openAt(port: number, options: Partial<MailOptions> = {}) {
  const stop = new AbortController();
  const notifier = openMail({
    ...{ host: "127.0.0.1", port, tls: "none", login: undefined, from: "stalewatch@ops.example.com" },
    ...{ stop: stop.signal, clock: Date.now, ca: sinkCertificate, ...options },
  });
  return { notifier, stop: () => stop.abort(new Error("the test")) };
}

async function open(t: Test, server: MailSinkOptions = {}, options: Partial<MailOptions> = {}) {
  const sink = await startMailSink(server);
  t.teardown(sink.close);
  return { sink, ...openAt(sink.port, options) };
}

testNotifier("mail", async (t) => {
  const { sink, notifier, stop } = await open(t);
  const fates = {
    "is refused": { at: "RCPT", answer: "550 5.1.1 no such user" },
    "loses its answer": { at: "DATA", answer: "cut" },
  } as const satisfies Record<string, MailFault>;
  return {
    ...{ notifier, stop, channel: "ops@example.com", canLook: false, knowsPeople: false, breakTarget: sink.close },
    owner: { by: "email", email: "ada@example.com" },
    stranger: { by: "email", email: "ada@example.com@" },
    shown: () => sink.mails.map(({ subject, text }) => `${subject}\n${text}`),
    next: (fate) => sink.fail(fates[fate]),
  };
});

const people = [
  { owner: { by: "email", email: "ada@example.com" }, want: ada },
  {
    owner: { by: "email", email: "ada@bücher.example" },
    want: { person: { id: "ada@xn--bcher-kva.example", name: "ada@bücher.example" } },
  },
  {
    owner: { by: "email", email: "zoë@example.com" },
    want: { missing: 'e-mail "zoë@example.com": not an address that every mail server takes' },
  },
  { owner: { by: "map", slackId: "U0ADA" }, want: { missing: 'Slack id "U0ADA": is no e-mail address' } },
] as const;

test("whoever has an address of e-mail can be told", async (t) => {
  const { notifier } = openAt(1);
  for (const { owner, want } of people) t.strictSame(await notifier.findPerson(owner), want);
});

test("a message goes to its one recipient, says that nobody wrote it, and is known by its reference", async (t) => {
  const { sink, notifier } = await open(t);
  const intent = await anIntent();
  const id = `<stalewatch.${intent.reference}@ops.example.com>`;
  const delivery = await notifier.send(intent, ada, aMessage());
  t.match(delivery, { channel: "ada@example.com", message: id, isDelivered: false });
  t.equal((await notifier.send(intent, ada, aMessage())).message, id, "the same when it is sent again");
  const [mail] = sink.mails;
  t.match(mail, { from: "stalewatch@ops.example.com", to: ["ada@example.com"], isSecret: false });
  t.match(Object.fromEntries(mail?.headers ?? []), {
    ...{ from: "stalewatch <stalewatch@ops.example.com>", to: "ada@example.com", "message-id": id },
    ...{ "auto-submitted": "auto-generated", "x-auto-response-suppress": "All", "mime-version": "1.0" },
    "content-type": /^multipart\/alternative;/,
  });
});

test("a channel that is no address is told nothing", async (t) => {
  const { notifier } = openAt(1);
  for (const channel of ["#ops", "a@b.c\r\nRCPT TO:<x@y.z>", "<a@b.c>", "a@b.c, d@e.f", ""]) {
    const sending = notifier.send(await anIntent(), { channel }, aMessage());
    await t.rejects(sending, { code: "other", mayBeSent: false, message: /not an address/ });
  }
});

const headerNames = [
  ...["from", "to", "subject", "message-id", "auto-submitted", "x-auto-response-suppress"],
  ...["date", "mime-version", "content-type"],
].sort();

test("no text adds a header, a recipient or anything that is loaded", async (t) => {
  const { sink, notifier } = await open(t);
  const texts = [
    ...hostileTexts,
    "subject\r\nBcc: eve@evil.example\r\n\r\nbody",
    "\nBcc: eve@evil.example",
    "=?utf-8?B?QmNjOiBldmU=?= =?utf-8?Q?=0D=0ABcc:?=",
    "\r\n.\r\nMAIL FROM:<eve@evil.example>",
    '<img src="https://evil.example/a.gif"><style>@import url(https://evil.example)</style>',
    '" onmouseover="alert(1)',
  ];
  const intent = await anIntent();
  const sending = texts.map((text, at) => {
    const parts = [
      { kind: "text", text },
      { kind: "facts", facts: [[text, text]] },
      { kind: "commands", lines: [text] },
      { kind: "link", label: text, url: text },
    ] as const;
    return notifier.send(intent, { channel: `n${at}@example.com` }, { subject: text, parts });
  });
  await Promise.all(sending);
  t.equal(sink.mails.length, texts.length);
  for (const { headers, lines, to, raw, html } of sink.mails) {
    const name = to.join();
    t.match(name, /^n\d+@example\.com$/);
    t.equal(headers.get("to"), name);
    t.strictSame([...headers.keys()].sort(), headerNames, name);
    t.equal(lines.length, headerNames.length, name);
    t.match(raw, /^[\n\r\t\x20-\x7e]*$/, `${name}: ASCII alone`);
    t.notMatch(html, /<(?!\/?(html|head|meta|title|body|h1|p|br|table|tr|th|td|pre)\b|!DOCTYPE)/i, name);
    t.notMatch(html.replaceAll(/>[^<]*</g, "><"), /evil|onmouseover/, name);
  }
  const shown = (at: number) => sink.mails.find(({ to }) => to.includes(`n${texts.length + at}@example.com`));
  t.equal(shown(-4)?.subject, texts.at(-4), "what looks encoded is shown as it is");
  t.match(shown(-3)?.text, "\n.\nMAIL FROM:<eve@evil.example>\n", "what looks like SMTP is text");
});

interface Trouble {
  readonly name: string;
  readonly fault: MailFault;
  readonly code: FailureCode;
  readonly says: string;
}

const troubles: readonly Trouble[] = [
  {
    name: "a recipient whom the server does not know is missing",
    fault: { at: "RCPT", answer: "550 5.1.1 no such user" },
    ...{ code: "missing", says: "RCPT TO: 550 5.1.1 no such user" },
  },
  {
    name: "a server that asks to come again later is for the next run",
    fault: { at: "RCPT", answer: "450 4.7.1 greylisted, try again in 300 s" },
    ...{ code: "throttled", says: "RCPT TO: 450 4.7.1 greylisted, try again in 300 s" },
  },
  {
    name: "a sender whom the server does not take is denied",
    fault: { at: "MAIL", answer: "550 not your address" },
    ...{ code: "denied", says: "MAIL FROM: 550 not your address" },
  },
  {
    name: "a message that is refused once it is there was not sent",
    fault: { at: "DATA", answer: "554 5.6.0 looks like spam" },
    ...{ code: "other", says: "DATA: 554 5.6.0 looks like spam" },
  },
  {
    name: "a message that is deferred once it is there was not sent",
    fault: { at: "DATA", answer: "451 4.3.0 no room now" },
    ...{ code: "throttled", says: "DATA: 451 4.3.0 no room now" },
  },
];

for (const { name, fault, code, says } of troubles) {
  test(name, async (t) => {
    const { sink, notifier } = await open(t);
    sink.fail(fault);
    const message = `mail to "ada@example.com" by 127.0.0.1: ${says}`;
    await t.rejects(notifier.send(await anIntent(), ada, aMessage()), { code, mayBeSent: false, message });
    t.strictSame(sink.mails, []);
    t.strictSame(sink.asked.length, fault.at === "MAIL" ? 0 : 1, "tried once");
    await notifier.send(await anIntent(), ada, aMessage());
    t.equal(sink.mails.length, 1, "nothing is left of it");
  });
}

const account = { user: login.user, password: login.password.reveal() };

const secretWays = [
  { name: "STARTTLS", server: {}, tls: "starttls" },
  { name: "TLS from the first byte on", server: { secure: true }, tls: "tls" },
] as const;

for (const { name, server, tls } of secretWays) {
  test(`signs in over ${name}, where nobody else reads`, async (t) => {
    const { sink, notifier } = await open(t, { ...server, login: account }, { tls, login });
    await notifier.send(await anIntent(), ada, aMessage());
    t.match(sink.mails, [{ isSecret: true, user: "stalewatch" }]);
  });

  test(`a certificate that nobody vouches for ends it, over ${name}`, async (t) => {
    const stranger = { ca: "" };
    const { sink, notifier } = await open(t, { ...server, login: account }, { tls, login, ...stranger });
    const failure = { code: "unreachable", mayBeSent: false, message: /self[- ]signed certificate/ };
    await t.rejects(notifier.send(await anIntent(), ada, aMessage()), failure);
    t.strictSame(sink.asked, []);
  });
}

test("nothing is sent where STARTTLS is refused", async (t) => {
  const { sink, notifier } = await open(t, { disabledCommands: ["STARTTLS"] }, { tls: "starttls" });
  await t.rejects(notifier.send(await anIntent(), ada, aMessage()), { mayBeSent: false, message: /STARTTLS/ });
  t.strictSame(sink.asked, []);
});

test("a wrong password is denied, and shown to nobody", async (t) => {
  const { notifier } = await open(t, { login: { ...account, password: "another" } }, { tls: "starttls", login });
  const failure = await notifier.send(await anIntent(), ada, aMessage()).catch((thrown: unknown) => thrown);
  t.match(failure, { code: "denied", mayBeSent: false, message: /AUTH PLAIN: 535 5\.7\.8 wrong name or password/ });
  t.notMatch(JSON.stringify(failure), /not-to-be-seen/);
});

test("a server that offers no way to sign in is sent nothing", async (t) => {
  const { sink, notifier } = await open(t, { disabledCommands: ["AUTH"] }, { login });
  const failure = { code: "denied", mayBeSent: false, message: /offers no way to sign in/ };
  await t.rejects(notifier.send(await anIntent(), ada, aMessage()), failure);
  t.strictSame(sink.asked, []);
});

const said = ["220 ready", "250 ok", "250 sender ok", "250 recipient ok", "354 go on"];

interface Oddity {
  readonly name: string;
  /** `null`: it keeps silent; at the end it hangs up. */
  readonly script: readonly (string | null | undefined)[];
  readonly code: FailureCode;
  readonly mayBeSent: boolean;
  readonly says: RegExp;
}

const oddities: readonly Oddity[] = [
  {
    name: "a connection that is cut within the message leaves it open",
    ...{ script: said, code: "unreachable", mayBeSent: true, says: /Connection closed unexpectedly|ECONNRESET|EPIPE/ },
  },
  {
    name: "a connection that is cut before the message leaves nothing open",
    script: said.slice(0, 4),
    ...{ code: "unreachable", mayBeSent: false, says: /Connection closed unexpectedly|ECONNRESET/ },
  },
  {
    name: "silence after the message leaves it open",
    script: [...said, null],
    ...{ code: "unreachable", mayBeSent: true, says: /no end within 0\.3 s/ },
  },
  {
    name: "silence before the message leaves nothing open",
    script: [null],
    ...{
      code: "unreachable",
      mayBeSent: false,
      says: /no end within 0\.3 s|Greeting never received|Connection timeout/,
    },
  },
  {
    name: "a server that goes away in the middle is out of reach",
    script: ["220 ready", "250 ok", "421 4.3.2 shutting down"],
    ...{ code: "unreachable", mayBeSent: false, says: /421 4\.3\.2 shutting down/ },
  },
  {
    name: "a server that turns us away is denied",
    script: ["554 no SMTP service here"],
    ...{ code: "denied", mayBeSent: false, says: /: 554 no SMTP service here/ },
  },
  {
    name: "a server of something else is out of reach",
    script: ["SSH-2.0-OpenSSH_9.6"],
    ...{ code: "unreachable", mayBeSent: false, says: /SSH-2\.0/ },
  },
  {
    name: "an answer that says neither yes nor no leaves it open",
    script: [...said, "354 still going"],
    ...{ code: "other", mayBeSent: true, says: /354 still going/ },
  },
];

for (const { name, script, code, mayBeSent, says } of oddities) {
  test(name, async (t) => {
    const server = await startScriptedServer(script);
    t.teardown(server.close);
    const { notifier } = openAt(server.port, { timeout: 300 });
    await t.rejects(notifier.send(await anIntent(), ada, aMessage()), { code, mayBeSent, message: says });
  });
}

test("a password that a server repeats is hidden", async (t) => {
  const echo = Buffer.from("\0stalewatch\0not-to-be-seen").toString("base64");
  const server = await startScriptedServer(["220 ready", "250-ok\r\n250 AUTH PLAIN", `535 what is ${echo}`]);
  t.teardown(server.close);
  const failure = { code: "denied", message: /535 what is \[redacted\]$/ };
  await t.rejects(openAt(server.port, { login }).notifier.send(await anIntent(), ada, aMessage()), failure);
});

test("a slow server is waited for, within the time that a message has", async (t) => {
  const slowly: MailSinkOptions = { onConnect: (_session, done) => setTimeout(done, 200) };
  const { sink, notifier } = await open(t, slowly, { timeout: 3000 });
  await notifier.send(await anIntent(), ada, aMessage());
  t.equal(sink.mails.length, 1);
});

test("a message under way at the signal to stop may end, but not for long", async (t) => {
  const server = await startScriptedServer([...said, null]);
  t.teardown(server.close);
  const { notifier, stop } = openAt(server.port, { grace: 300 });
  const before = Date.now();
  setTimeout(stop, 50);
  const failure = { code: "stopped", mayBeSent: true, message: "mail by 127.0.0.1: stopped by the test" };
  await t.rejects(notifier.send(await anIntent(), ada, aMessage()), failure);
  const lasted = Date.now() - before;
  t.ok(lasted >= 340 && lasted < 5000, `${lasted} ms`);
});

test("what the server has said by then counts, although the run is to stop", async (t) => {
  const slowly: MailSinkOptions = { onConnect: (_session, done) => setTimeout(done, 200) };
  const { sink, notifier, stop } = await open(t, slowly);
  setTimeout(stop, 50);
  t.match(await notifier.send(await anIntent(), ada, aMessage()), { channel: "ada@example.com" });
  t.equal(sink.mails.length, 1);
});

test("a host without an address is out of reach", async (t) => {
  const { notifier } = openAt(25, { host: "mail.invalid" });
  const failure = { code: "unreachable", mayBeSent: false, message: /mail by mail\.invalid|by mail\.invalid: / };
  await t.rejects(notifier.send(await anIntent(), ada, aMessage()), failure);
});

import { test } from "tap";
import { judgeMailFailure } from "../../lib/notify/mail-failure.ts";

/** As nodemailer makes them of a server's answer. */
const refused = (command: string, response: string, code = "EENVELOPE") =>
  Object.assign(new Error(`in its own words: ${response}`), {
    ...{ code, command, response, responseCode: Number(response.slice(0, 3)) },
  });

const answers = [
  { name: "an unknown mailbox is missing", command: "RCPT TO", reply: "550 5.1.1 unknown", want: "missing" },
  { name: "a mailbox that has moved is missing", command: "RCPT TO", reply: "551 try elsewhere", want: "missing" },
  {
    name: "a mailbox name that is not allowed is missing",
    command: "RCPT TO",
    reply: "553 5.1.3 bad",
    want: "missing",
  },
  { name: "a full mailbox is not", command: "RCPT TO", reply: "552 5.2.2 full", want: "other" },
  { name: "no relay is denied", command: "RCPT TO", reply: "554 5.7.1 relay access denied", want: "denied" },
  { name: "a policy against a mailbox is denied", command: "RCPT TO", reply: "550 5.7.1 blocked", want: "denied" },
  {
    name: "a policy on several lines is denied",
    command: "RCPT TO",
    reply: "550-5.7.1 no\n550 5.7.1 way",
    want: "denied",
  },
  { name: "greylisting is for later", command: "RCPT TO", reply: "450 4.2.0 greylisted", want: "throttled" },
  { name: "a policy for now is for later", command: "RCPT TO", reply: "451 4.7.1 come again", want: "throttled" },
  {
    name: "the end of the connection is out of reach",
    command: "RCPT TO",
    reply: "421 4.3.2 bye",
    want: "unreachable",
  },
  { name: "a sender that is not ours is denied", command: "MAIL FROM", reply: "550 not yours", want: "denied" },
  { name: "a sender that is no address is denied", command: "MAIL FROM", reply: "553 not an address", want: "denied" },
  { name: "a message that is too large is not", command: "MAIL FROM", reply: "552 5.3.4 too big", want: "other" },
  { name: "whoever has to sign in is denied", command: "MAIL FROM", reply: "530 5.7.0 sign in", want: "denied" },
  { name: "a wrong password is denied", command: "AUTH PLAIN", reply: "535 wrong", want: "denied" },
  {
    name: "a way to sign in that has to be secret is denied",
    command: "AUTH PLAIN",
    reply: "538 TLS first",
    want: "denied",
  },
  {
    name: "a way to sign in that is not known is ours to mend",
    command: "AUTH PLAIN",
    reply: "504 unknown",
    want: "other",
  },
  {
    name: "signing in that fails for now is for later",
    command: "AUTH LOGIN",
    reply: "454 4.7.0 later",
    want: "throttled",
  },
  { name: "a message that is refused for good is refused", command: "DATA", reply: "554 5.6.0 no", want: "other" },
  { name: "a message that is taken for spam is denied", command: "DATA", reply: "550 5.7.1 spam", want: "denied" },
  { name: "STARTTLS that is not known is ours to mend", command: "STARTTLS", reply: "502 unknown", want: "other" },
];

for (const { name, command, reply, want } of answers) {
  test(name, async (t) => {
    const says = `${command}: ${reply.replace("\n", " ")}`;
    t.strictSame(judgeMailFailure(refused(command, reply)), { code: want, says, isRefusal: true });
  });
}

test("an answer to no command is told alone", async (t) =>
  t.strictSame(judgeMailFailure(refused("CONN", "554 go away", "EPROTOCOL")), {
    ...{ code: "denied", says: "554 go away", isRefusal: true },
  }));

test("an answer without a command is judged by itself", async (t) =>
  t.strictSame(judgeMailFailure(Object.assign(new Error(), { response: "530 no", responseCode: 530 })), {
    ...{ code: "denied", says: "530 no", isRefusal: true },
  }));

const steps = [
  ...["ESOCKET", "ECONNECTION", "ETIMEDOUT", "ETLS", "EPROTOCOL"].map((code) => ({ code, want: "unreachable" })),
  { code: "EAUTH", want: "denied" },
  { code: "ESTREAM", want: "other" },
  { code: "constructor", want: "other" },
];

for (const { code, want } of steps) {
  test(`${code} without an answer is ${want}, and no refusal`, async (t) => {
    const thrown = Object.assign(new Error("so it is"), { code, command: "CONN", response: false });
    t.strictSame(judgeMailFailure(thrown), { code: want, says: "so it is", isRefusal: false });
  });
}

const others = [
  {
    name: "an answer that is no refusal is none",
    thrown: refused("DATA", "354 go on"),
    says: "in its own words: 354 go on",
  },
  { name: "what has no code", thrown: new Error("odd"), says: "odd" },
  { name: "what is no error", thrown: "odd", says: "odd" },
  { name: "nothing at all", thrown: undefined, says: "undefined" },
  {
    name: "several addresses that fail are told by the first",
    thrown: new AggregateError([
      new Error("connect ECONNREFUSED ::1:25"),
      new Error("connect ECONNREFUSED 127.0.0.1:25"),
    ]),
    says: "connect ECONNREFUSED ::1:25",
  },
  { name: "several of which none is told", thrown: new AggregateError([], "none"), says: "none" },
];

for (const { name, thrown, says } of others)
  test(name, async (t) => t.strictSame(judgeMailFailure(thrown), { code: "other", says, isRefusal: false }));

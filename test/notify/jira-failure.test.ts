import { test } from "tap";
import { failureOf, failureWithoutAnswer, retryDelay } from "../../lib/notify/jira-failure.ts";

const answer = (status: number, body: unknown = "", headers: Readonly<Record<string, string>> = {}) => ({
  ...{ status, body },
  header: (name: string) => headers[name],
});

const said = { errorMessages: ["It is\nso."], errors: {} };

const refused = [
  { name: "unauthenticated", given: answer(401, said), code: "denied", says: "HTTP 401: It is so." },
  { name: "forbidden", given: answer(403, said), code: "denied", says: "HTTP 403: It is so." },
  { name: "a proxy asks who", given: answer(407), code: "denied", says: "HTTP 407" },
  { name: "missing", given: answer(404, said), code: "missing", says: "HTTP 404: It is so." },
  { name: "an API that is gone", given: answer(410, said), code: "missing", says: "HTTP 410: It is so." },
  { name: "too many", given: answer(429, said), code: "throttled", says: "HTTP 429: It is so." },
  { name: "a conflict", given: answer(409, said), code: "other", says: "HTTP 409: It is so." },
  {
    name: "fields are named, in Jira's order",
    given: answer(400, {
      errorMessages: ["No."],
      errors: { customfield_1: "Team is required.", summary: "Too long." },
    }),
    code: "other",
    says: 'HTTP 400: No.; field "customfield_1": Team is required.; field "summary": Too long.',
  },
  {
    name: "what the gateway says",
    given: answer(401, { code: 401, message: "Unauthorized; scope does not match" }),
    code: "denied",
    says: "HTTP 401: Unauthorized; scope does not match",
  },
  { name: "errors that are none", given: answer(400, { errors: "x", message: 7 }), code: "other", says: "HTTP 400" },
  { name: "null for errors", given: answer(400, { errors: null }), code: "other", says: "HTTP 400" },
  {
    name: "a captcha",
    given: answer(403, said, { "x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=x" }),
    code: "denied",
    says: "HTTP 403: CAPTCHA_CHALLENGE; login-url=x; It is so.",
  },
  {
    name: "a page of somebody else's",
    given: answer(403, "<html>token</html>", { "content-type": "text/html" }),
    code: "denied",
    says: 'HTTP 403: an answer of type "text/html", which is not Jira\'s',
  },
  {
    name: "a page of no type",
    given: answer(404, "gone"),
    code: "missing",
    says: 'HTTP 404: an answer of type "", which is not Jira\'s',
  },
  {
    name: "a sign-in page elsewhere is named by its host alone",
    given: answer(302, "", { location: "https://login.example.com/?token=secret" }),
    code: "other",
    says: 'HTTP 302: sent elsewhere, to "https://login.example.com"',
  },
  {
    name: "elsewhere here",
    given: answer(301, "", { location: "/x" }),
    code: "other",
    says: 'HTTP 301: sent elsewhere, to ""',
  },
  { name: "elsewhere nowhere", given: answer(303), code: "other", says: 'HTTP 303: sent elsewhere, to ""' },
] as const;

for (const { name, given, code, says } of refused) {
  test(`${name}: surely not done`, async (t) =>
    t.match(failureOf(given, true), { code, message: says, mayBeDone: false, status: given.status }));
}

for (const status of [408, 500, 502, 503, 504]) {
  test(`a change that is answered ${status} may be done, a read is not`, async (t) => {
    t.match(failureOf(answer(status), true), { code: "unreachable", message: `HTTP ${status}`, mayBeDone: true });
    t.match(failureOf(answer(status), false), { code: "unreachable", mayBeDone: false });
  });
}

test("what Jira says of fields is kept by field", async (t) =>
  t.strictSame(failureOf(answer(400, { errors: { duedate: "off screen", other: 7 } }), true)?.fieldErrors, {
    duedate: "off screen",
    other: "7",
  }));

test("an answer that says done is no failure", async (t) => {
  t.equal(failureOf(answer(200, {}), true), undefined);
  t.equal(failureOf(answer(204), true), undefined);
  t.equal(failureOf(answer(200, {}, { "x-seraph-loginreason": "OK" }), false), undefined);
});

const anonymous = { "x-seraph-loginreason": "AUTHENTICATED_FAILED" };

test("what Jira answered to nobody in particular is denied, found or not", async (t) => {
  const says = /sign-in failed \(AUTHENTICATED_FAILED\)/;
  t.match(failureOf(answer(404, said, anonymous), false), { code: "denied", message: says, mayBeDone: false });
  t.match(failureOf(answer(200, {}, anonymous), false), { code: "denied", message: says, mayBeDone: false });
  t.match(failureOf(answer(201, {}, anonymous), true), { code: "denied", message: says, mayBeDone: true });
});

const error = (message: string, members: object): Error => Object.assign(new Error(message), members);
const refusedConnection = error("connect ECONNREFUSED 127.0.0.1:1", { code: "ECONNREFUSED", syscall: "connect" });

const lost = [
  { name: "a connection refused", thrown: refusedConnection, mayBeDone: false, says: refusedConnection.message },
  {
    name: "a connection refused, as axios wraps it",
    thrown: error("", { code: "ECONNREFUSED", cause: refusedConnection }),
    ...{ mayBeDone: false, says: refusedConnection.message },
  },
  {
    name: "every address refused",
    thrown: error("", { code: "ECONNREFUSED", cause: error("", { errors: [refusedConnection, refusedConnection] }) }),
    ...{ mayBeDone: false, says: refusedConnection.message },
  },
  {
    name: "an address refused and another lost",
    thrown: error("", { errors: [refusedConnection, error("read ECONNRESET", { syscall: "read" })] }),
    ...{ mayBeDone: true, says: refusedConnection.message },
  },
  {
    name: "a name unknown",
    thrown: error("getaddrinfo ENOTFOUND x", { code: "ENOTFOUND", syscall: "getaddrinfo" }),
    ...{ mayBeDone: false, says: "getaddrinfo ENOTFOUND x" },
  },
  {
    name: "a certificate expired",
    thrown: error("certificate has expired", { code: "CERT_HAS_EXPIRED" }),
    ...{ mayBeDone: false, says: "certificate has expired" },
  },
  {
    name: "a certificate of its own making",
    thrown: error("self-signed certificate", { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
    ...{ mayBeDone: false, says: "self-signed certificate" },
  },
  {
    name: "a token that no header can hold",
    thrown: error("Invalid character in header content", { code: "ERR_INVALID_CHAR" }),
    ...{ mayBeDone: false, says: "Invalid character in header content" },
  },
  {
    name: "a connection reset",
    thrown: error("read ECONNRESET", { code: "ECONNRESET", syscall: "read" }),
    ...{ mayBeDone: true, says: "read ECONNRESET" },
  },
  {
    name: "a cause that is no error",
    thrown: error("socket hang up", { cause: "x" }),
    mayBeDone: true,
    says: "socket hang up",
  },
  { name: "no words but a code", thrown: error("", { code: "EPIPE" }), mayBeDone: true, says: "EPIPE" },
  { name: "no words at all", thrown: error("", {}), mayBeDone: true, says: "no answer" },
] as const;

for (const { name, thrown, mayBeDone, says } of lost) {
  test(`${name}: a change ${mayBeDone ? "may be" : "is surely not"} done`, async (t) => {
    t.match(failureWithoutAnswer(thrown, true), { code: "unreachable", message: says, mayBeDone });
    t.match(failureWithoutAnswer(thrown, false), { mayBeDone: false });
  });
}

const delays = [
  { name: "seconds", given: "7", want: 7000 },
  { name: "parts of seconds", given: " 1.5 ", want: 1500 },
  { name: "no time is a second, or waiting would be a loop", given: "0", want: 1000 },
  { name: "a second is a second", given: "1", want: 1000 },
  { name: "unsaid", given: undefined, want: 5000 },
  { name: "unreadable", given: "soon", want: 5000 },
] as const;

for (const { name, given, want } of delays) {
  test(`how long to wait: ${name}`, async (t) => t.equal(retryDelay(given), want));
}

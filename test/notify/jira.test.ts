import { createServer } from "node:http";
import { inspect } from "node:util";
import { type Test, test } from "tap";
import type { Message } from "../../lib/core/message.ts";
import { Secret } from "../../lib/core/secret.ts";
import { type JiraOptions, openJira } from "../../lib/notify/jira.ts";
import { mayBeDone, type NewTicket, TrackerError } from "../../lib/notify/tracker.ts";
import { testTracker } from "../contract/tracker.ts";
import { anIntent } from "../support/an-intent.ts";
import { type FakeJiraOptions, fakeJiraLogin, startFakeJira } from "../support/fake-jira.ts";

const auth = {
  kind: "basic",
  email: new Secret(fakeJiraLogin.email),
  token: new Secret(fakeJiraLogin.token),
} as const;

const jiraAt = (address: string, options: Partial<JiraOptions> = {}) =>
  openJira({
    ...{ kind: "cloud", apiAddress: address, siteAddress: "https://jira.example.com", auth },
    ...{ projectKey: "OPS", issueType: "Story", label: "AWS-User-Key-Rotation" },
    ...{ stop: new AbortController().signal, ...options },
  });

type Open = Pick<JiraOptions, "timeout" | "patience" | "stop" | "auth" | "siteAddress" | "issueType">;

/** A fake Jira with a tracker on it; at the end of the test nothing it was asked may be unknown to Atlassian's description. */
async function open(t: Test, fakeOptions: FakeJiraOptions = {}, options: Partial<Open> = {}) {
  const fake = await startFakeJira(fakeOptions);
  t.teardown(async () => {
    await fake.close();
    if (fake.violations.length > 0) throw new Error(fake.violations.join("; "));
  });
  const tracker = await jiraAt(fake.address, { kind: fakeOptions.kind ?? "cloud", ...options });
  return { fake, tracker };
}

for (const kind of ["cloud", "server"] as const) {
  testTracker(`jira ${kind}`, async (t) => {
    const { fake, tracker } = await open(t, { kind, pageSize: 1 });
    const on = ["createIssue", "addComment", "doTransition"] as const;
    let armed = 0;
    return {
      tracker,
      denyAccess: () => fake.trouble({ on: "any", does: "fail", status: 403, times: 100 }),
      loseAnswer: () => fake.trouble({ on: on[armed++] ?? "any", does: "cut", after: true }),
      refuseChange: () => fake.trouble({ on: on[armed++] ?? "any", does: "fail", status: 400 }),
      countTickets: () => fake.issues.length,
      countComments: (key) => fake.issues.find((issue) => issue.key === key)?.comments.length ?? 0,
    };
  });
}

const message: Message = {
  subject: "Rotate the key of ada",
  parts: [
    { kind: "text", text: "It is 200 days old. {noformat} [~admin]" },
    { kind: "facts", facts: [["user", "ada"]] },
    { kind: "commands", lines: ["aws iam create-access-key --user-name ada"] },
    { kind: "link", label: "how", url: "https://example.com/rotate" },
  ],
};

const ticket: NewTicket = { label: "key-1", message, dueAt: Date.UTC(2026, 2, 15) };
const both = ["cloud", "server"] as const;

for (const kind of both) {
  test(`${kind}: an issue has project, type, both labels, a due date and the intent's reference`, async (t) => {
    const { fake, tracker } = await open(t, { kind });
    const intent = await anIntent();
    const { key, url, status } = await tracker.createTicket(intent, ticket);
    t.strictSame([key, url, status], ["OPS-1", "https://jira.example.com/browse/OPS-1", "created"]);
    const fields = fake.issues[0]?.fields;
    t.match(fields, {
      ...{ project: { key: "OPS" }, issuetype: { name: "Story" }, summary: "Rotate the key of ada" },
      ...{ labels: ["AWS-User-Key-Rotation", "key-1"], duedate: "2026-03-15" },
    });
    t.ok(JSON.stringify(fields?.description).includes(intent.reference));
  });

  test(`${kind}: people's address is asked of Jira where it is not known, once`, async (t) => {
    const { fake, tracker } = await open(t, { kind }, { siteAddress: undefined });
    const { url } = await tracker.createTicket(await anIntent(), ticket);
    await tracker.findTicket("key-1");
    t.equal(url, `${fake.address}/browse/OPS-1`);
    t.equal(fake.requests.filter(({ operation }) => operation === "getServerInfo").length, 1);
  });

  test(`${kind}: the search lags behind, the direct read does not`, async (t) => {
    const { fake, tracker } = await open(t, { kind, searchLag: 60_000 });
    const { key } = await tracker.createTicket(await anIntent(), ticket);
    t.strictSame(await tracker.findTicket("key-1"), []);
    fake.setStatus(key, "Done");
    t.match(await tracker.getTicket(key), { isDone: true, status: "Done" });
  });

  test(`${kind}: signed in with a personal access token`, async (t) => {
    const { tracker } = await open(t, { kind }, { auth: { kind: "bearer", token: auth.token } });
    t.match(await tracker.createTicket(await anIntent(), ticket), { key: "OPS-1" });
  });

  test(`${kind}: a comment on any page is found`, async (t) => {
    const { tracker } = await open(t, { kind, pageSize: 2 });
    const { key } = await tracker.createTicket(await anIntent(), ticket);
    const first = await anIntent({ occasion: "first" });
    await tracker.comment(first, key, message);
    for (const occasion of ["a", "b", "c", "d"]) await tracker.comment(await anIntent({ occasion }), key, message);
    t.equal(await tracker.hasComment(key, first.reference), true);
    t.equal(await tracker.hasComment(key, "0000000000000000"), false);
  });
}

test("an API behind a gateway's or a context's path is reached there", async (t) => {
  const { fake } = await open(t);
  const tracker = await jiraAt(`${fake.address}/ex/jira/11-22/`);
  t.match(await tracker.createTicket(await anIntent(), ticket), { key: "OPS-1" });
});

const creations = [
  {
    name: "fields that are required",
    project: { required: { customfield_10010: "Team", customfield_10011: "Cost center" } },
    code: "other",
    says: 'can\'t create a ticket in jira project "OPS": HTTP 400: field "customfield_10010": Team is required.; field "customfield_10011": Cost center is required.',
  },
  {
    name: "labels that are not on the screen, without which a ticket could not be found again",
    project: { offScreen: ["labels"] },
    code: "other",
    says: /field "labels": Field 'labels' cannot be set/,
  },
  {
    name: "a project that is not there",
    project: { key: "HR" },
    code: "other",
    says: 'can\'t create a ticket in jira project "OPS": HTTP 400: field "project": valid project is required',
  },
  {
    name: "a permission",
    project: { mayCreate: false },
    code: "denied",
    says: /HTTP 403: You do not have permission to create issues in this project\.$/,
  },
] as const;

for (const { name, project, code, says } of creations) {
  test(`what keeps a ticket from being filed is named: ${name}`, async (t) => {
    const { fake, tracker } = await open(t, { project });
    await t.rejects(tracker.createTicket(await anIntent(), ticket), { code, message: says, mayBeDone: false });
    t.equal(fake.issues.length, 0);
  });
}

test("an issue type that is not there is named", async (t) => {
  const { tracker } = await open(t, {}, { issueType: "Saga" });
  const says = /field "issuetype": The issue type selected is invalid\./;
  await t.rejects(tracker.createTicket(await anIntent(), ticket), { message: says });
});

test("a project without the due date on its screen gets its ticket without one", async (t) => {
  const { fake, tracker } = await open(t, { project: { offScreen: ["duedate"] } });
  t.match(await tracker.createTicket(await anIntent(), ticket), { key: "OPS-1" });
  t.equal(fake.issues.length, 1);
});

test("a due date is not given up where more than it is wrong", async (t) => {
  const { fake, tracker } = await open(t, { project: { offScreen: ["duedate", "labels"] } });
  await t.rejects(tracker.createTicket(await anIntent(), ticket), { message: /field "duedate".*field "labels"/ });
  t.equal(fake.requests.length, 1);
});

for (const workflow of ["classic", "manyEnds"] as const) {
  test(`closed and reopened by the workflow ${workflow}`, async (t) => {
    const { fake, tracker } = await open(t, { project: { workflow } });
    const { key } = await tracker.createTicket(await anIntent(), ticket);
    await tracker.close(await anIntent({ occasion: "close" }), key, message);
    t.equal(fake.statusOf(key), workflow === "classic" ? "Resolved" : "Done");
    await tracker.reopen(await anIntent({ occasion: "reopen" }), key, message);
    t.equal(fake.statusOf(key), workflow === "classic" ? "Reopened" : "Backlog");
  });
}

const deadEnds = [
  {
    workflow: "noWayToDone",
    says: /^can't close ticket "OPS-1": its workflow offers this user no way to done \(offers "To review" to "Review"\)$/,
  },
  { workflow: "asksForMore", says: /only with fields filled in: "Finish" needs "Root cause" \(customfield_10020\)$/ },
] as const;

for (const { workflow, says } of deadEnds) {
  test(`a ticket that can't be closed says why and gets no comment: ${workflow}`, async (t) => {
    const { fake, tracker } = await open(t, { project: { workflow } });
    const { key } = await tracker.createTicket(await anIntent(), ticket);
    await t.rejects(tracker.close(await anIntent(), key, message), { code: "other", message: says, mayBeDone: false });
    t.equal(fake.issues[0]?.comments.length, 0);
  });
}

test("a ticket that somebody closed is not moved again, but commented", async (t) => {
  const { fake, tracker } = await open(t, { project: { workflow: "noWayToDone" } });
  const { key } = await tracker.createTicket(await anIntent(), ticket);
  fake.setStatus(key, "Done");
  await tracker.close(await anIntent(), key, message);
  t.equal(fake.issues[0]?.comments.length, 1);
});

for (const kind of both) {
  test(`${kind}: a 404 to somebody who may not see the project is no proof that a ticket is gone`, async (t) => {
    const { fake, tracker } = await open(t, { kind });
    const { key } = await tracker.createTicket(await anIntent(), ticket);
    fake.setProject({ mayBrowse: false });
    const says = /HTTP 404: Issue does not exist.*and this user may not browse project "OPS"$/;
    await t.rejects(tracker.getTicket(key), { code: "denied", message: says });
    await t.rejects(tracker.findTicket("key-1"), {
      message: /The value 'OPS' does not exist for the field 'project'\.$/,
    });
  });

  test(`${kind}: nor is one to somebody whom Jira took for nobody`, async (t) => {
    const wrong = { kind: "basic", email: auth.email, token: new Secret("revoked-token") } as const;
    const { tracker } = await open(t, { kind, login: "anonymous" }, { auth: wrong });
    const says = /sign-in failed \(AUTHENTICATED_FAILED\)/;
    await t.rejects(tracker.getTicket("OPS-1"), { code: "denied", message: says });
  });

  test(`${kind}: a wrong token is denied`, async (t) => {
    const wrong = { kind: "bearer", token: new Secret("revoked-token") } as const;
    const { tracker } = await open(t, { kind }, { auth: wrong });
    const says = /^can't search jira for the label "key-1": HTTP 401: You are not authenticated/;
    await t.rejects(tracker.findTicket("key-1"), { code: "denied", message: says });
  });
}

test("a project that is gone is no proof that its ticket is", async (t) => {
  const { tracker } = await open(t);
  await t.rejects(tracker.getTicket("HR-1"), { code: "missing", message: /No project could be found with key 'HR'/ });
});

test("a throttled request waits as long as it is told, and is sent again", async (t) => {
  const { fake, tracker } = await open(t, {}, { patience: 2000 });
  fake.trouble({ on: "createIssue", does: "throttle", retryAfter: 1 });
  const started = performance.now();
  await tracker.createTicket(await anIntent(), ticket);
  t.ok(performance.now() - started >= 990);
  t.strictSame([fake.issues.length, fake.requests.length], [1, 2]);
});

const impatient = [
  { name: "longer than there is patience", rule: { retryAfter: 3 }, patience: 2999 },
  { name: "for a time unsaid", rule: {}, patience: 4999 },
  { name: "more often than there is patience", rule: { retryAfter: 0, times: 5 }, patience: 1500 },
] as const;

for (const { name, rule, patience } of impatient) {
  test(`throttled ${name}: surely not done`, async (t) => {
    const { fake, tracker } = await open(t, {}, { patience });
    fake.trouble({ on: "createIssue", does: "throttle", ...rule });
    const says = /HTTP 429: Rate limit exceeded\.$/;
    await t.rejects(tracker.createTicket(await anIntent(), ticket), {
      ...{ code: "throttled", message: says, mayBeDone: false },
    });
    t.equal(fake.issues.length, 0);
  });
}

const lostAnswers = [
  { name: "cut before", rule: { does: "cut" }, says: /socket hang up/, tickets: 0 },
  { name: "cut after", rule: { does: "cut", after: true }, says: /socket hang up/, tickets: 1 },
  {
    name: "a gateway's 502",
    rule: { does: "fail", status: 502, body: "<html>" },
    says: /HTTP 502: an answer of type/,
    tickets: 0,
  },
  { name: "a 500 behind it", rule: { does: "fail", after: true }, says: /HTTP 500: Internal server error/, tickets: 1 },
  { name: "silence", rule: { does: "hang" }, says: /no answer in 0\.2 s$/, tickets: 0 },
  { name: "silence behind it", rule: { does: "hang", after: true }, says: /no answer in 0\.2 s$/, tickets: 1 },
  {
    name: "somebody else's page",
    rule: { does: "fail", status: 200, body: "<html>" },
    says: /the answer is not Jira's$/,
    tickets: 0,
    code: "other",
  },
] as const;

/** Silence alone is waited out. */
const patienceFor = ({ does }: { readonly does: string }) => (does === "hang" ? { timeout: 200 } : {});

for (const lost of lostAnswers) {
  const { name, rule, says, tickets } = lost;
  test(`${name}: a ticket may be filed, and is not filed again`, async (t) => {
    const { fake, tracker } = await open(t, {}, patienceFor(rule));
    fake.trouble({ on: "createIssue", ...rule });
    const code = "code" in lost ? lost.code : "unreachable";
    await t.rejects(tracker.createTicket(await anIntent(), ticket), { code, message: says, mayBeDone: true });
    t.strictSame([fake.issues.length, fake.requests.length], [tickets, 1]);
  });
}

test("a Jira that is not there has surely done nothing", async (t) => {
  const { fake, tracker } = await open(t);
  await fake.close();
  const says = /^can't create a ticket in jira project "OPS": connect ECONNREFUSED/;
  await t.rejects(tracker.createTicket(await anIntent(), ticket), {
    code: "unreachable",
    message: says,
    mayBeDone: false,
  });
});

test("an address that leads elsewhere is said, and not followed", async (t) => {
  const { fake, tracker } = await open(t);
  const headers = { location: "https://login.example.com/?next=x" };
  fake.trouble({ on: "any", does: "fail", status: 302, headers, times: 2 });
  const says = /HTTP 302: sent elsewhere, to "https:\/\/login\.example\.com"$/;
  await t.rejects(tracker.findTicket("key-1"), { code: "other", message: says });
  await t.rejects(tracker.createTicket(await anIntent(), ticket), { message: says, mayBeDone: false });
});

const stoppedBy = new Error("the deadline");

test("a stop before a request: surely not done", async (t) => {
  const { fake, tracker } = await open(t, {}, { stop: AbortSignal.abort(stoppedBy) });
  const says = /stopped by the deadline$/;
  await t.rejects(tracker.createTicket(await anIntent(), ticket), { code: "stopped", message: says, mayBeDone: false });
  t.equal(fake.requests.length, 0);
});

const stops = [
  { name: "while a request is under way: may be done", rule: { does: "hang" }, mayBeDone: true },
  { name: "while a throttled one waits: surely not done", rule: { does: "throttle", retryAfter: 9 }, mayBeDone: false },
] as const;

for (const { name, rule, ...want } of stops) {
  test(`a stop ${name}`, async (t) => {
    const stop = new AbortController();
    const { fake, tracker } = await open(t, {}, { stop: stop.signal });
    fake.trouble({ on: "createIssue", ...rule });
    setTimeout(() => stop.abort(stoppedBy), 200);
    const says = /stopped by the deadline$/;
    await t.rejects(tracker.createTicket(await anIntent(), ticket), { code: "stopped", message: says, ...want });
  });
}

const echo = `${fakeJiraLogin.token} ${Buffer.from(`${fakeJiraLogin.email}:${fakeJiraLogin.token}`).toString("base64")}`;

const leaks = [
  { name: "refused", rule: { does: "fail", status: 401 } },
  { name: "echoed by the server", rule: { does: "fail", status: 400, body: { errorMessages: [`not so: ${echo}`] } } },
  {
    name: "echoed where a long answer is cut",
    rule: { does: "fail", status: 400, body: { errorMessages: [`${"x".repeat(935)} ${echo}`] } },
  },
  { name: "cut", rule: { does: "cut" } },
  { name: "silence", rule: { does: "hang" } },
  { name: "not Jira's", rule: { does: "fail", status: 200, body: echo } },
] as const;

for (const { name, rule } of leaks) {
  test(`no error holds the token, its user or what both go over the wire as: ${name}`, async (t) => {
    const { fake, tracker } = await open(t, {}, patienceFor(rule));
    fake.trouble({ on: "any", ...rule, times: 2 });
    const failures = [tracker.createTicket(await anIntent(), ticket), tracker.findTicket("key-1")];
    for (const outcome of await Promise.allSettled(failures)) {
      t.equal(outcome.status, "rejected");
      const shown = inspect(outcome, { depth: null, showHidden: true, maxStringLength: null });
      t.notMatch(shown, new RegExp(`${fakeJiraLogin.email}|${fakeJiraLogin.token.slice(0, 8)}|Basic |dGVzdGVy`));
    }
  });
}

test("an answer without an end is cut off", async (t) => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const more = () => {
      while (response.writable && response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => void server.close());
  const bound = server.address();
  const tracker = await jiraAt(`http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`);
  await t.rejects(tracker.findTicket("key-1"), { code: "unreachable", message: /maxContentLength/ });
});

test("only a tracker's own word makes it sure that nothing was done", async (t) => {
  t.equal(mayBeDone(new TrackerError("other", "x", false)), false);
  t.equal(mayBeDone(new TrackerError("other", "x", true)), true);
  t.equal(mayBeDone(new Error("x")), true);
});

import { type Test, test } from "tap";
import type { FailureCode } from "../../lib/core/errors.ts";
import { Secret } from "../../lib/core/secret.ts";
import { minutes, seconds } from "../../lib/core/time.ts";
import { NotifyError } from "../../lib/notify/notifier.ts";
import { openSlack, type SlackOptions } from "../../lib/notify/slack.ts";
import type { Owner } from "../../lib/owners/find-owner.ts";
import { aMessage, testNotifier } from "../contract/notifier.ts";
import { anIntent } from "../support/an-intent.ts";
import { type FakeSlackOptions, type Fault, startFakeSlack } from "../support/fake-slack.ts";
import { documentedErrors } from "../support/fake-slack-rules.ts";
import type { PostedMessage } from "../support/fake-slack-workspace.ts";

const ada = { id: "U0ADA", name: "Ada Lovelace", email: "ada@example.com" } as const;
const ops = { id: "C0OPS", name: "ops" } as const;
const adaHerself = { person: { id: ada.id, name: ada.name } } as const;

async function open(t: Test, workspace: FakeSlackOptions = {}, options: Partial<SlackOptions> = {}) {
  const slack = await startFakeSlack({ people: [ada], channels: [ops], ...workspace });
  const warnings: string[] = [];
  const stop = new AbortController();
  const notifier = openSlack({
    ...{ token: new Secret(slack.token), apiUrl: slack.apiUrl, stop: stop.signal, patience: seconds(5) },
    warn: (message) => warnings.push(message),
    ...options,
  });
  t.teardown(async () => {
    await slack.close();
    if (slack.violations.length > 0) throw new Error(`Slack's documents don't allow: ${slack.violations.join("; ")}`);
  });
  return { slack, notifier, warnings, stop: () => stop.abort(new Error("the test")) };
}

/** As Slack shows it: the controls done, the escapes undone. */
const asShown = ({ blocks }: PostedMessage): string =>
  blocks
    .flatMap(({ text, fields = [], elements = [] }) => [...(text === undefined ? [] : [text]), ...fields, ...elements])
    .map(({ text }) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"))
    .join("\n");

testNotifier("slack", async (t) => {
  const { slack, notifier, stop } = await open(t);
  const fates = {
    "is refused": { error: "restricted_action" },
    "loses its answer": { silent: "cut", done: true },
  } as const;
  return {
    ...{ notifier, stop, channel: ops.id, canLook: true, breakTarget: slack.close },
    owner: { by: "map", slackId: ada.id },
    stranger: { by: "tag", slackId: "U0NOBODY" },
    shown: () => slack.posts.map(asShown),
    next: (fate) => slack.fail("chat.postMessage", fates[fate]),
  };
});

const people = [
  { name: "somebody of the map", owner: { by: "map", slackId: "U0ADA" }, want: adaHerself },
  { name: "somebody of an e-mail address", owner: { by: "email", email: "ada@example.com" }, want: adaHerself },
  {
    name: "an unknown id",
    owner: { by: "tag", slackId: "U0NONE" },
    want: { missing: 'Slack id "U0NONE": unknown to Slack' },
  },
  {
    name: "an unknown address",
    owner: { by: "email", email: "x@y.z" },
    want: { missing: 'e-mail "x@y.z": unknown to Slack' },
  },
  {
    name: "somebody who has left",
    owner: { by: "map", slackId: "U0LEFT" },
    want: { missing: 'Slack id "U0LEFT": deactivated in Slack' },
  },
  {
    name: "somebody who has left, by address",
    owner: { by: "email", email: "left@example.com" },
    want: { missing: 'e-mail "left@example.com": unknown to Slack' },
  },
  { name: "a bot", owner: { by: "map", slackId: "U0BOT" }, want: { missing: 'Slack id "U0BOT": a bot' } },
  { name: "Slackbot", owner: { by: "map", slackId: "USLACKBOT" }, want: { missing: 'Slack id "USLACKBOT": a bot' } },
  {
    name: "somebody who has not come yet",
    owner: { by: "map", slackId: "U0NEW" },
    want: { missing: 'Slack id "U0NEW": has not joined Slack yet' },
  },
] as const satisfies readonly { readonly name: string; readonly owner: Owner; readonly want: object }[];

test("who can be told", async (t) => {
  const { notifier } = await open(t, {
    people: [
      ada,
      { id: "U0LEFT", name: "Left", email: "left@example.com", is: "deactivated" },
      { id: "U0BOT", name: "Bot", is: "bot" },
      { id: "USLACKBOT", name: "Slackbot" },
      { id: "U0NEW", name: "New", is: "invited" },
    ],
  });
  for (const { name, owner, want } of people) t.strictSame(await notifier.findPerson(owner), want, name);
});

test("a person who leaves between two looks is missing at the second", async (t) => {
  const { slack, notifier } = await open(t);
  const owner: Owner = { by: "map", slackId: ada.id };
  t.match(await notifier.findPerson(owner), adaHerself);
  slack.people.splice(0, 1, { ...ada, is: "deactivated" });
  t.match(await notifier.findPerson(owner), { missing: /deactivated/ });
});

test("a message asks Slack for no links, no names and no unfurling, and carries its reference", async (t) => {
  const { slack, notifier } = await open(t);
  const intent = await anIntent();
  await notifier.send(intent, adaHerself, aMessage());
  t.match(slack.posts, [
    {
      channel: "DU0ADA",
      text: "access key ...K9XYZ of ada is 200 days old",
      metadata: { event_type: "stalewatch_notice", event_payload: { reference: intent.reference } },
    },
  ]);
  t.strictSame(slack.posts[0]?.options, {
    ...{ parse: "none", link_names: "false", mrkdwn: "false", unfurl_links: "false", unfurl_media: "false" },
  });
  t.strictSame(slack.calls, ["chat.postMessage"]);
});

interface Trouble {
  readonly name: string;
  readonly fault: Fault;
  readonly code: FailureCode;
  readonly mayBeSent: boolean;
  readonly says: string | RegExp;
}

const troubles: readonly Trouble[] = [
  {
    name: "a missing scope is named",
    fault: { error: "missing_scope", also: { needed: "chat:write", provided: "users:read" } },
    ...{ code: "denied", mayBeSent: false, says: "missing_scope, needs chat:write" },
  },
  {
    name: "what Slack finds wrong is said",
    fault: { error: "invalid_blocks", also: { response_metadata: { messages: ["[ERROR] too many [/blocks]"] } } },
    ...{ code: "other", mayBeSent: false, says: "invalid_blocks, [ERROR] too many [/blocks]" },
  },
  {
    name: "an error that nobody has heard of is a refusal",
    fault: { error: "brand_new_error" },
    ...{ code: "other", mayBeSent: false, says: "brand_new_error" },
  },
  {
    name: "a server in trouble may have sent it",
    fault: { status: 503 },
    ...{ code: "unreachable", mayBeSent: true, says: "HTTP 503" },
  },
  {
    name: "a gateway that refuses has not",
    fault: { status: 403 },
    ...{ code: "unreachable", mayBeSent: false, says: "HTTP 403" },
  },
  {
    name: "a proxy's page is no answer",
    fault: { page: "<html>sign in, please</html>" },
    ...{ code: "unreachable", mayBeSent: true, says: "the answer is not Slack's" },
  },
  {
    name: "a redirect is not followed with the token",
    fault: { status: 302 },
    ...{ code: "unreachable", mayBeSent: false, says: "HTTP 302" },
  },
  {
    name: "a connection that is cut before an answer leaves it open",
    fault: { silent: "cut", done: false },
    ...{ code: "unreachable", mayBeSent: true, says: "socket hang up" },
  },
  {
    name: "half an answer leaves it open",
    fault: { silent: "half", done: true },
    ...{ code: "unreachable", mayBeSent: true, says: "aborted" },
  },
  {
    name: "silence leaves it open",
    fault: { silent: "hang", done: true },
    ...{ code: "unreachable", mayBeSent: true, says: "no answer within 0.3 s" },
  },
  {
    name: "a rate limit longer than our patience is for the next run",
    fault: { throttle: 6 },
    ...{ code: "throttled", mayBeSent: false, says: "asked to wait 6 s" },
  },
  {
    name: "a rate limit that says no time is a long one",
    fault: { throttle: undefined },
    ...{ code: "throttled", mayBeSent: false, says: "asked to wait 60 s" },
  },
];

for (const { name, fault, code, mayBeSent, says } of troubles) {
  test(name, async (t) => {
    const isSilent = "silent" in fault && fault.silent === "hang";
    const { slack, notifier } = await open(t, {}, isSilent ? { timeout: 300 } : {});
    slack.fail("chat.postMessage", fault);
    const message = `chat.postMessage: ${says}`;
    await t.rejects(notifier.send(await anIntent(), adaHerself, aMessage()), { code, mayBeSent, message });
    t.strictSame(slack.calls, ["chat.postMessage"], "tried once");
    slack.fail("users.info", fault);
    const looking = notifier.findPerson({ by: "map", slackId: ada.id });
    await t.rejects(looking, { code, mayBeSent: false, message: `users.info: ${says}` });
  });
}

/** What our own requests got wrong, which no setting mends; the rest says whose turn it is. */
const ourFault =
  /^(as_user|deprecated|duplicate|invalid_(?!auth)|json_|markdown_|metadata_|method_|missing_post|msg_|no_text|too_many|upgrade_)/;

test("every error that Slack documents says what to do about it, unless our request was wrong", async (t) => {
  const { slack, notifier } = await open(t);
  for (const error of documentedErrors("chat.postMessage")) {
    slack.fail("chat.postMessage", { error });
    const failure = await notifier.send(await anIntent(), adaHerself, aMessage()).catch((thrown: unknown) => thrown);
    if (!(failure instanceof NotifyError)) t.fail(error);
    else t.equal(failure.code === "other", ourFault.test(error), `${error}: ${failure.code}`);
  }
});

const halfDone = ["fatal_error", "internal_error", "service_unavailable"];

test("only where Slack says that half of it may be done may a refused message be sent", async (t) => {
  const { slack, notifier } = await open(t);
  for (const error of documentedErrors("chat.postMessage")) {
    slack.fail("chat.postMessage", { error });
    const failure = await notifier.send(await anIntent(), adaHerself, aMessage()).catch((thrown: unknown) => thrown);
    t.match(failure, { mayBeSent: halfDone.includes(error) }, error);
  }
});

test("a wait that Slack asks for is kept, within our patience", async (t) => {
  const { slack, notifier } = await open(t, {}, { patience: seconds(1) });
  slack.fail("chat.postMessage", { throttle: 0 });
  const before = Date.now();
  t.match(await notifier.send(await anIntent(), adaHerself, aMessage()), { isDelivered: true });
  t.ok(Date.now() - before >= 990, "never at once");
  slack.fail("chat.postMessage", { throttle: 1 }, 2);
  await t.rejects(notifier.send(await anIntent(), adaHerself, aMessage()), { code: "throttled", retryAfter: 1000 });
  t.equal(slack.posts.length, 1);
  t.equal(slack.calls.length, 4, "the second wait was past our patience");
});

test("the signal to stop ends a wait at once", async (t) => {
  const { slack, notifier, stop } = await open(t);
  slack.fail("chat.postMessage", { throttle: 4 });
  const before = Date.now();
  setTimeout(stop, 50);
  const failure = { code: "stopped", mayBeSent: false, message: "chat.postMessage: stopped by the test" };
  await t.rejects(notifier.send(await anIntent(), adaHerself, aMessage()), failure);
  t.ok(Date.now() - before < 3000);
});

test("a message under way at the signal to stop may end, but not for long", async (t) => {
  const { slack, notifier, stop } = await open(t, {}, { grace: 300 });
  slack.fail("chat.postMessage", { silent: "hang", done: true });
  const before = Date.now();
  setTimeout(stop, 50);
  const failure = { code: "stopped", mayBeSent: true, message: "chat.postMessage: stopped by the test" };
  await t.rejects(notifier.send(await anIntent(), adaHerself, aMessage()), failure);
  const lasted = Date.now() - before;
  t.ok(lasted >= 340 && lasted < 5000, `${lasted} ms`);
});

test("a wrong token is refused, and shown to nobody", async (t) => {
  const { notifier, warnings } = await open(t, {}, { token: new Secret("xoxb-not-to-be-seen") });
  const failure = await notifier.findPerson({ by: "map", slackId: ada.id }).catch((thrown: unknown) => thrown);
  t.match(failure, { code: "denied", message: "users.info: invalid_auth" });
  t.notMatch(JSON.stringify(failure) + warnings.join(), /not-to-be-seen/);
});

test("Slack's own warnings are passed on, and what is thrown is not said twice", async (t) => {
  const { slack, notifier, warnings } = await open(t);
  slack.fail("users.info", {
    error: "user_not_found",
    also: { response_metadata: { warnings: ["superfluous_charset"], messages: ["[WARN] a word", "[ERROR] not this"] } },
  });
  await notifier.findPerson({ by: "map", slackId: ada.id });
  slack.fail("users.info", { silent: "cut", done: false });
  await t.rejects(notifier.findPerson({ by: "map", slackId: ada.id }), { code: "unreachable" });
  t.strictSame(warnings, ["Slack: superfluous_charset", "Slack: a word"]);
});

const { reference } = await anIntent();

test("a token that may not read history can't look", async (t) => {
  const { slack, notifier } = await open(t);
  for (const scopes of [["chat:write"], ["chat:write", "im:write"]]) {
    slack.grant(scopes);
    t.equal(await notifier.findSent(reference, adaHerself, 0), "unreadable", scopes.join());
  }
});

const unreadable = [
  { name: "a channel by name", to: { channel: "#ops" } },
  { name: "a channel that the bot is not in", to: { channel: "C0FOREIGN" } },
  { name: "somebody who has left", to: { person: { id: "U0LEFT", name: "Left" } } },
] as const;

for (const { name, to } of unreadable) {
  test(`${name} shows no history`, async (t) => {
    const { notifier } = await open(t, {
      channels: [ops, { id: "C0FOREIGN", name: "foreign", is: "foreign" }],
      people: [{ id: "U0LEFT", name: "Left", is: "deactivated" }],
    });
    t.equal(await notifier.findSent(reference, to, 0), "unreadable");
  });
}

test("a token that is refused, or a server in trouble, is no unreadable history", async (t) => {
  const { slack, notifier } = await open(t);
  for (const [fault, code] of [
    [{ error: "token_revoked" }, "denied"],
    [{ status: 500 }, "unreachable"],
    [{ throttle: 30 }, "throttled"],
  ] as const) {
    slack.fail("conversations.history", fault);
    await t.rejects(notifier.findSent(reference, adaHerself, 0), { code });
  }
});

const aPost = (post: Partial<PostedMessage> = {}): PostedMessage => ({
  ...{
    channel: ops.id,
    ts: "1700000000.000001",
    text: "",
    blocks: [],
    metadata: null,
    options: {},
    botId: "B0FAKEBOT",
  },
  ...post,
});
const ours = { event_type: "stalewatch_notice", event_payload: { reference } };
const line = { type: "context", elements: [{ type: "plain_text", text: `stalewatch ref ${reference}` }] };

const posts = [
  { name: "is found by its metadata", post: { metadata: ours }, isFound: true },
  { name: "is found by its last line, where metadata is not shown", post: { blocks: [line] }, isFound: true },
  {
    name: "is not one that a person wrote",
    post: { metadata: ours, blocks: [line], botId: undefined },
    isFound: false,
  },
  { name: "is not one of another kind", post: { metadata: { ...ours, event_type: "other" } }, isFound: false },
  { name: "is not one that mentions it", post: { text: `stalewatch ref ${reference}` }, isFound: false },
  { name: "may be older than it says by our clock", post: { metadata: ours, ts: "1699999701.000001" }, isFound: true },
  { name: "is not one of before", post: { metadata: ours, ts: "1699999699.000001" }, isFound: false },
] as const;

for (const { name, post, isFound } of posts) {
  test(`what we sent ${name}`, async (t) => {
    const { slack, notifier } = await open(t);
    const posted = aPost(post);
    slack.posts.push(posted);
    const found = await notifier.findSent(reference, { channel: ops.id }, 1_700_000_000_000);
    const at = Number(posted.ts.slice(0, 10)) * 1000;
    t.strictSame(found, isFound ? { channel: ops.id, message: posted.ts, at, isDelivered: false } : undefined);
  });
}

test("a long history is read page by page, and one without end is unreadable", async (t) => {
  const { slack, notifier } = await open(t);
  const fill = (count: number) => slack.posts.push(...Array.from({ length: count }, () => aPost()));
  slack.posts.push(aPost({ metadata: ours }));
  fill(999);
  t.match(await notifier.findSent(reference, { channel: ops.id }, 0), { channel: ops.id });
  t.equal(slack.calls.length, 10);
  fill(1);
  t.equal(await notifier.findSent(reference, { channel: ops.id }, 0), "unreadable");
  t.equal(slack.calls.length, 20);
  t.equal(await notifier.findSent(reference, { channel: ops.id }, 1_700_000_000_000 + minutes(6)), undefined);
});

test("an address that can't be called is sent nothing", async (t) => {
  const { notifier } = await open(t, {}, { apiUrl: "http://127.0.0.1:99999/api/" });
  const failure = { code: "unreachable", mayBeSent: false, message: "chat.postMessage: Invalid URL" };
  await t.rejects(notifier.send(await anIntent(), adaHerself, aMessage()), failure);
});

test("an answer is read up to a limit", async (t) => {
  const { slack, notifier } = await open(t);
  slack.fail("users.info", { page: "x".repeat(17 * 1024 * 1024) });
  const looking = notifier.findPerson({ by: "map", slackId: ada.id });
  await t.rejects(looking, { code: "unreachable", message: /an answer of more than 16777216 bytes/ });
});

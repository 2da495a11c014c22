import { type Test, test } from "tap";
import { type Acts, actOnAccount } from "../../lib/act/act-on-account.ts";
import { alwaysOpen, type Calendar } from "../../lib/act/calendar.ts";
import { asEntry, journalOf } from "../../lib/act/entry.ts";
import type { Journal } from "../../lib/act/journal.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import { Secret } from "../../lib/core/secret.ts";
import { days, hours, type Millis, minutes, parseInstant, seconds } from "../../lib/core/time.ts";
import { openMail } from "../../lib/notify/mail.ts";
import type { Notifier } from "../../lib/notify/notifier.ts";
import { openSlack } from "../../lib/notify/slack.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import type { Store } from "../../lib/state/store.ts";
import type { ReportEntry } from "../../lib/tagaudit/daily-report.ts";
import { dailyReportKind, planDailyReports, type ReportTarget } from "../../lib/tagaudit/send-daily-report.ts";
import { startFakeSlack } from "../support/fake-slack.ts";
import { startMailSink } from "../support/mail-sink.ts";

const at = (text: string): Millis => parseInstant(text) ?? Number.NaN;
const morning = at("2026-03-02T08:00:00Z");

const entry: ReportEntry = {
  ...{ region: "eu-west-1", instanceId: "i-0a1", name: "web-1", owner: "ada@example.com", since: morning - days(3) },
  violations: [{ tag: "owner", says: 'tag "owner" is missing', suggestion: undefined }],
  nextStep: { kind: "stop", at: morning + days(2) },
};

const toOps: ReportTarget = { by: "mail", to: "ops@example.com" };
const toBoss: ReportTarget = { by: "mail", to: "boss@example.com" };
const toSlack: ReportTarget = { by: "slack", to: "C0OPS" };

interface Run {
  readonly store: Store;
  readonly notifiers: Readonly<Partial<Record<"slack" | "mail", Notifier>>>;
  readonly now?: Millis;
  readonly targets?: readonly ReportTarget[];
  readonly entries?: readonly ReportEntry[];
  readonly calendar?: Calendar;
  readonly token?: string;
  readonly mode?: "observe" | "notify";
}

async function run({ store, notifiers, now = morning, calendar, token = "a", ...rest }: Run): Promise<Acts> {
  const { targets = [toOps], entries = [entry], mode = "notify" } = rest;
  const account = { accountId: "123456789012", accountName: "acme", entries, now, calendar };
  const acts = await actOnAccount({
    ...{ store, program: "tagaudit", accountId: account.accountId, who: "arn:aws:iam::123456789012:user/tester" },
    ...{ holder: { token, host: "test", pid: 1 }, clock: () => now, clockOffset: () => 0, leaseLength: seconds(0.6) },
    circumstances: {
      ...{ mode, actOnAccounts: [account.accountId], calendar, exemptions: [], ownLegs: new Set() },
      ...{ protected: [], maxEvidenceAge: hours(1), overridePlan: undefined },
    },
    stop: new AbortController().signal,
    kinds: () => new Map([["daily-report", dailyReportKind({ ...account, notifiers })]]),
    plan: async (journal: Journal) => ({
      actions: await planDailyReports({ ...account, targets, evidenceAt: now, journal }),
      ...{ coverage: wholeCoverage, fleet: { subjects: 1, due: 1 }, limits: {} },
    }),
  });
  if (acts === undefined) throw new Error("another acts");
  return acts;
}

async function openChannels(t: Test) {
  const [sink, slack] = await Promise.all([
    startMailSink(),
    startFakeSlack({ channels: [{ id: "C0OPS", name: "ops" }] }),
  ]);
  t.teardown(() => Promise.all([sink.close(), slack.close()]));
  const stop = new AbortController().signal;
  const mail = openMail({
    ...{ host: "127.0.0.1", port: sink.port, tls: "none", login: undefined, from: "stalewatch@example.com" },
    ...{ clock: () => morning, stop },
  });
  const slackNotifier = openSlack({
    ...{ token: new Secret(slack.token), apiUrl: slack.apiUrl, stop, patience: seconds(5), warn: () => {} },
  });
  return { sink, slack, notifiers: { mail, slack: slackNotifier }, store: openMemoryStore({ now: () => morning }) };
}

const endings = ({ outcomes }: Acts) => outcomes.map(({ action, ending }) => `${action.subject}: ${ending}`);

const states = async (store: Store): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { body } of store.list(journalOf({ program: "tagaudit", accountId: "123456789012" })))
    found.push(`${asEntry(body).action.occasion} ${asEntry(body).state}`);
  return found;
};

test("a report goes to every target once a day, with the whole of it in each channel's form", async (t) => {
  const { sink, slack, notifiers, store } = await openChannels(t);
  const targets = [toOps, toSlack, toOps, toBoss];
  const first = await run({ store, notifiers, targets });
  t.strictSame(endings(first).toSorted(), [
    "mail/boss@example.com: applied",
    "mail/ops@example.com: applied",
    "slack/C0OPS: applied",
  ]);
  t.strictSame(sink.mails.map(({ to }) => to.join()).toSorted(), ["boss@example.com", "ops@example.com"]);
  for (const { subject, text, html } of sink.mails) {
    t.equal(subject, "tagaudit: 1 instance in violation in acme, 2026-03-02");
    t.match(text, "may be stopped from 2026-03-04 on");
    t.match(html, "tag &quot;owner&quot; is missing");
  }
  t.equal(new Set(sink.mails.map(({ headers }) => headers.get("message-id"))).size, 2, "each its own");
  t.equal(slack.posts.length, 1);
  t.match(JSON.stringify(slack.posts[0]?.blocks), "may be stopped from 2026-03-04 on");
  for (const now of [morning + minutes(5), at("2026-03-02T23:59:59Z")]) {
    const again = await run({ store, notifiers, targets, now });
    t.match(again, { planned: 0, outcomes: [] });
  }
  await run({ store, notifiers, targets, now: at("2026-03-03T00:00:00Z") });
  t.equal(sink.mails.length, 4);
  t.equal(sink.mails.at(-1)?.subject, "tagaudit: 1 instance in violation in acme, 2026-03-03");
});

test("a day begins where the calendar is at home", async (t) => {
  const { sink, notifiers, store } = await openChannels(t);
  const calendar = { ...alwaysOpen, timeZone: "America/Los_Angeles" };
  await run({ store, notifiers, calendar, now: at("2026-03-03T07:59:59Z") });
  t.match(sink.mails.at(-1)?.subject, /, 2026-03-02$/);
  await run({ store, notifiers, calendar, now: at("2026-03-03T08:00:00Z") });
  t.match(sink.mails.at(-1)?.subject, /, 2026-03-03$/);
  t.equal(sink.mails.length, 2);
});

test("a day on which the calendar is closed has no report, and neither has mode observe", async (t) => {
  const { sink, notifiers, store } = await openChannels(t);
  const closed = await run({ store, notifiers, calendar: { ...alwaysOpen, weekdays: ["tue"] } });
  t.match(closed.refusals, [{ gate: "calendar" }]);
  t.match((await run({ store, notifiers, mode: "observe" })).refusals, [{ gate: "mode" }]);
  t.strictSame(sink.mails, []);
});

test("where nothing is in violation, nothing is sent", async (t) => {
  const { sink, notifiers, store } = await openChannels(t);
  t.match(await run({ store, notifiers, entries: [] }), { planned: 0 });
  t.strictSame(sink.mails, []);
});

test("what one server refuses is tried again later that day, and keeps nobody else from being told", async (t) => {
  const { sink, notifiers, store } = await openChannels(t);
  sink.fail({ at: "RCPT", answer: "450 4.2.0 greylisted" });
  const targets = [toOps, toBoss];
  t.strictSame(endings(await run({ store, notifiers, targets })), [
    "mail/ops@example.com: failed",
    "mail/boss@example.com: applied",
  ]);
  const early = await run({ store, notifiers, targets, now: morning + minutes(5) - 1 });
  t.match(early, { refusals: [{ gate: "grace" }], outcomes: [] });
  t.strictSame(endings(await run({ store, notifiers, targets, now: morning + minutes(5) })), [
    "mail/ops@example.com: applied",
  ]);
  t.strictSame(
    sink.mails.map(({ to }) => to.join()),
    ["boss@example.com", "ops@example.com"],
  );
});

test("a mail whose answer is lost may have come, and is not sent twice", async (t) => {
  const { sink, notifiers, store } = await openChannels(t);
  sink.fail({ at: "DATA", answer: "cut" });
  t.strictSame(endings(await run({ store, notifiers })), ["mail/ops@example.com: unknown"]);
  t.match(await run({ store, notifiers, now: morning + hours(1) }), { planned: 0 });
  t.equal(sink.mails.length, 1);
});

test("a Slack message whose answer is lost is found again", async (t) => {
  const { slack, notifiers, store } = await openChannels(t);
  slack.fail("chat.postMessage", { silent: "cut", done: true });
  const targets = [toSlack];
  t.strictSame(endings(await run({ store, notifiers, targets, now: Date.now() })), ["slack/C0OPS: applied"]);
  t.equal(slack.posts.length, 1);
});

/** A notifier of which nothing comes back any more. */
const dying = (notifier: Notifier, when: "before" | "after"): Notifier => ({
  ...notifier,
  async send(...asked) {
    if (when === "after") await notifier.send(...asked);
    return new Promise(() => {});
  },
});

for (const when of ["before", "after"] as const) {
  test(`a process that dies ${when} the mail goes out leaves it to nobody to send it again that day`, async (t) => {
    const { sink, notifiers, store } = await openChannels(t);
    const died = run({ store, notifiers: { mail: dying(notifiers.mail, when) } });
    await Promise.race([died, new Promise((resolve) => setTimeout(resolve, 400))]);
    const sent = when === "after" ? 1 : 0;
    t.equal(sink.mails.length, sent);
    t.strictSame(await states(store), ["2026-03-02 intended"]);
    const healed = await run({ store, notifiers, token: "b", now: morning + minutes(10) });
    t.match(healed, { planned: 0, unsettled: [] });
    t.equal(sink.mails.length, sent);
    t.strictSame(await states(store), ["2026-03-02 unknown"]);
    await run({ store, notifiers, token: "b", now: morning + days(1) });
    t.equal(sink.mails.length, sent + 1, "the next day's is sent");
  });
}

test("two pods that plan the same report send it once", async (t) => {
  const { sink, notifiers, store } = await openChannels(t);
  const both = await Promise.allSettled([run({ store, notifiers, token: "a" }), run({ store, notifiers, token: "b" })]);
  t.ok(both.some(({ status }) => status === "fulfilled"));
  await run({ store, notifiers, token: "b", now: morning + minutes(1) });
  t.equal(sink.mails.length, 1);
});

test("a channel that is not set up fails, and what it may have sent before stays unknown", async (t) => {
  const { notifiers, store } = await openChannels(t);
  const acts = await run({ store, notifiers: {} });
  t.match(acts.outcomes, [{ ending: "failed", says: "daily report: mail is not set up" }]);
  const other = openMemoryStore({ now: () => morning });
  const died = run({ store: other, notifiers: { mail: dying(notifiers.mail, "before") } });
  await Promise.race([died, new Promise((resolve) => setTimeout(resolve, 200))]);
  t.match(await run({ store: other, notifiers: {}, token: "b", now: morning + minutes(10) }), { unsettled: [] });
  t.strictSame(await states(other), ["2026-03-02 unknown"]);
});

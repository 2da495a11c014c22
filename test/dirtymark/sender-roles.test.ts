import { test } from "tap";
import type { ProfileRole } from "../../lib/aws/read/instance-profiles.ts";
import { type FailureCode, OpsError } from "../../lib/core/errors.ts";
import { minutes } from "../../lib/core/time.ts";
import { openSenderRoles } from "../../lib/dirtymark/sender-roles.ts";

const statement = (principal: object) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] });

const proper: ProfileRole = { id: "AROAPROPER", trustPolicy: statement({ Service: "ec2.amazonaws.com" }) };
const lax: ProfileRole = { id: "AROALAX", trustPolicy: statement({ AWS: "*" }) };
const unreadable: ProfileRole = { id: "AROAUNREADABLE", trustPolicy: undefined };

/** An account whose listing can be changed, and the clock. */
function openAccount(first: readonly (readonly ProfileRole[])[]) {
  const account = { pages: first, failure: undefined as FailureCode | undefined, now: 0, asked: [] as string[] };
  const stop = new AbortController();
  const roles = openSenderRoles({
    clock: () => account.now,
    stop: stop.signal,
    async *list(accountId) {
      account.asked.push(accountId);
      yield* account.pages;
      if (account.failure !== undefined) throw new OpsError(account.failure, "iam:ListInstanceProfiles: no");
    },
  });
  return {
    account,
    stop,
    find: (id: string, accountId = "111122223333", sentAt = 0) => roles.find(accountId, id, sentAt),
  };
}

test("all pages of an account are read once, for all its messages", async (t) => {
  const { account, find } = openAccount([[proper], [], [lax, unreadable]]);
  const found = await Promise.all(["AROAPROPER", "AROALAX", "AROAUNREADABLE", "AROANOBODY"].map((id) => find(id)));
  t.strictSame(found, [
    { is: "found", onlyEc2: true },
    { is: "found", onlyEc2: false },
    { is: "found", onlyEc2: false },
    { is: "unknown" },
  ]);
  t.strictSame(account.asked, ["111122223333"]);
  await find("AROAPROPER", "444455556666");
  t.strictSame(account.asked, ["111122223333", "444455556666"], "each account has its own");
});

test("what is known is believed for a quarter of an hour", async (t) => {
  const { account, find } = openAccount([[proper]]);
  await find("AROAPROPER");
  account.pages = [[{ ...proper, trustPolicy: lax.trustPolicy }]];
  account.now = minutes(15) - 1;
  t.strictSame(await find("AROAPROPER"), { is: "found", onlyEc2: true });
  account.now = minutes(15);
  t.strictSame(await find("AROAPROPER"), { is: "found", onlyEc2: false });
  t.equal(account.asked.length, 2);
});

test("a role that is not known is looked for again once a minute", async (t) => {
  const { account, find } = openAccount([[lax]]);
  t.strictSame(await find("AROAPROPER"), { is: "unknown" });
  account.pages = [[lax], [proper]];
  account.now = minutes(1) - 1;
  t.strictSame(await find("AROAPROPER"), { is: "unknown" });
  t.equal(account.asked.length, 1);
  account.now = minutes(1);
  t.strictSame(await find("AROAPROPER"), { is: "found", onlyEc2: true });
  t.strictSame(await find("AROANOBODY"), { is: "unknown" });
  t.equal(account.asked.length, 2);
});

test("a role that may be younger than the listing is not said to be unknown", async (t) => {
  const { account, find } = openAccount([[lax]]);
  await find("AROALAX");
  account.pages = [[lax, proper]];
  account.now = minutes(1) - 1;
  t.strictSame(await find("AROAPROPER", "111122223333", 1), {
    ...{ is: "unread", isPassing: true },
    says: "role AROAPROPER may be younger than what was read of account 111122223333",
  });
  t.strictSame(await find("AROAPROPER", "111122223333", 0), { is: "unknown" }, "of whoever spoke before it, it tells");
  t.strictSame(await find("AROALAX", "111122223333", 1), { is: "found", onlyEc2: false }, "who is listed is listed");
  t.equal(account.asked.length, 1);
  account.now = minutes(1);
  t.strictSame(await find("AROAPROPER", "111122223333", 1), { is: "found", onlyEc2: true });
  t.strictSame(await find("AROANOBODY", "111122223333", minutes(1)), { is: "unknown" }, "by a new listing");
});

const failures: readonly { readonly code: FailureCode; readonly isPassing: boolean }[] = [
  { code: "denied", isPassing: false },
  { code: "missing", isPassing: false },
  { code: "no_credentials", isPassing: false },
  { code: "other", isPassing: false },
  { code: "throttled", isPassing: true },
  { code: "unreachable", isPassing: true },
  { code: "expired", isPassing: true },
];

for (const { code, isPassing } of failures) {
  test(`a listing that is ${code} proves nothing, and is asked for again after a minute`, async (t) => {
    const { account, find } = openAccount([[proper]]);
    account.failure = code;
    const unread = { is: "unread", says: "iam:ListInstanceProfiles: no", isPassing };
    t.strictSame(await find("AROAPROPER"), unread, "half a listing is none");
    account.failure = undefined;
    account.now = minutes(1) - 1;
    t.strictSame(await find("AROAPROPER"), unread);
    account.now = minutes(1);
    t.strictSame(await find("AROAPROPER"), { is: "found", onlyEc2: true });
    t.equal(account.asked.length, 2);
  });
}

test("an old listing that can't be renewed proves nothing", async (t) => {
  const { account, find } = openAccount([[proper]]);
  await find("AROAPROPER");
  account.failure = "denied";
  account.now = minutes(15);
  t.match(await find("AROAPROPER"), { is: "unread" });
});

test("hosts of one role make us ask only so many accounts within a minute", async (t) => {
  const { account, find } = openAccount([[proper]]);
  account.failure = "denied";
  const claimed = Array.from({ length: 100 }, (_, index) => String(index).padStart(12, "0"));
  const found = await Promise.all(claimed.map((accountId) => find("AROAPROPER", accountId)));
  t.equal(account.asked.length, 3);
  t.match(found.at(-1), {
    is: "unread",
    says: "hosts of role AROAPROPER claim to be of many accounts",
    isPassing: true,
  });
  account.failure = undefined;
  t.strictSame(await find("AROALAX", "444455556666"), { is: "unknown" }, "another role's hosts are asked for");
  t.strictSame(await find("AROAPROPER", "444455556666"), { is: "found", onlyEc2: true }, "what is known is known");
  account.now = minutes(1);
  t.strictSame(await find("AROAPROPER"), { is: "found", onlyEc2: true });
});

test("what other hosts of its role claim keeps no account from being renewed", async (t) => {
  const { account, find } = openAccount([[proper]]);
  await find("AROAPROPER");
  account.now = minutes(15);
  account.pages = [];
  for (const claimed of ["1", "2", "3", "4"]) await find("AROAPROPER", claimed.repeat(12));
  account.pages = [[proper]];
  t.strictSame(await find("AROAPROPER"), { is: "found", onlyEc2: true });
  account.pages = [];
  t.match(await find("AROAPROPER", "444444444444"), { is: "unread" }, "the limit holds for the others");
});

test("of very many accounts the oldest are forgotten", async (t) => {
  const { account, find } = openAccount([[proper]]);
  const idOf = (index: number) => String(index).padStart(12, "0");
  for (let index = 0; index <= 1000; index += 1) {
    account.now += minutes(1);
    await find("AROAPROPER", idOf(index));
  }
  account.asked.length = 0;
  await find("AROAPROPER", idOf(1000));
  t.strictSame(account.asked, []);
  await find("AROAPROPER", idOf(0));
  t.strictSame(account.asked, [idOf(0)]);
});

test("a listing that a round's end broke off says nothing of the account", async (t) => {
  const { account, find } = openAccount([[proper]]);
  account.failure = "stopped";
  t.match(await find("AROAPROPER"), { is: "unread", isPassing: true });
  account.failure = undefined;
  t.strictSame(await find("AROAPROPER"), { is: "found", onlyEc2: true });
});

test("the run's stop ends it", async (t) => {
  const { account, stop, find } = openAccount([[proper]]);
  account.failure = "stopped";
  stop.abort(new Error("the deadline"));
  await t.rejects(find("AROAPROPER"), { message: "the deadline" });
});

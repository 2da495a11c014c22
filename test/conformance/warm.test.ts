import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { after, end, type Test, test } from "tap";
import { hours, minutes, seconds } from "../../lib/core/time.ts";
import { vanishedUser } from "../../lib/demo/call-rules.ts";
import { type OfflineAws, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../lib/demo/scenario/large-account.ts";
import { type Account, findAccount, type User, userArn } from "../../lib/demo/state.ts";
import { formatMemory } from "../../lib/keycheck/memory.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { type Launch, pointsOf, type Run, runKeycheck, startKeycheck, statusOf } from "../support/run-executable.ts";
import { storeReport } from "../wire/stored-report.ts";

const users = [
  aUser({ name: "ada", keys: [aKey({ ageDays: 200, usedDaysAgo: 3 })] }),
  aUser({ name: "bob", keys: [aKey({ ageDays: 20 }), aKey({ ageDays: 90, status: "Inactive" })] }),
  aUser({ name: "a=b,c.d@e+f-g_h", keys: [aKey({ ageDays: 30 })] }),
  aUser({ name: "nobody" }),
];
const names = ["a=b,c.d@e+f-g_h", "ada", "bob", "bob"];

interface Change {
  readonly name: string;
  readonly change: (account: Account) => void;
  readonly want: { readonly listed: number; readonly names: readonly string[] };
}

const changes: readonly Change[] = [
  {
    name: "a key switched off",
    change: (account) => {
      for (const key of userOf(account, "ada").keys) key.status = "Inactive";
    },
    want: { listed: 1, names },
  },
  {
    name: "an inactive key deleted",
    change: (account) => {
      const bob = userOf(account, "bob");
      bob.keys = bob.keys.filter(({ status }) => status === "Active");
    },
    want: { listed: 1, names: ["a=b,c.d@e+f-g_h", "ada", "bob"] },
  },
  {
    name: "a first key",
    change: (account) => {
      userOf(account, "nobody").keys = userOf(account, "ada").keys.map((key) => ({ ...key, id: "AKIANOBODY" }));
    },
    want: { listed: 1, names: [...names, "nobody"] },
  },
  {
    name: "a user made anew under the same name, without keys",
    change: (account) => {
      const ada = userOf(account, "ada");
      account.users.add({ ...ada, createdAt: ada.createdAt + minutes(1), keys: [] });
    },
    want: { listed: 1, names: ["a=b,c.d@e+f-g_h", "bob", "bob"] },
  },
  {
    name: "a user deleted",
    change: (account) => account.users.remove("ada"),
    want: { listed: 1, names: ["a=b,c.d@e+f-g_h", "bob", "bob"] },
  },
];

const idOf = (index: number): string => String(100000000001 + index);
const some = anAccount({ id: "100000000000", users });
const cut = { ...aLargeAccount({ users: 400, keysPerUser: 1 }), id: "200000000000" };
const stopped = { ...aLargeAccount({ users: 301, keysPerUser: 1 }), id: "200000000001" };
const many = aLargeAccount({ users: 5001, keysPerUser: 1 });

const changing = changes.map((_, index) => anAccount({ id: idOf(index), users }));
const aws = await startOfflineAws({ scenario: anOrganization({ accounts: [some, ...changing] }) });
const slow = await startOfflineAws({ latencyMs: 100, scenario: anOrganization({ accounts: [cut, stopped] }) });
const larger = await startOfflineAws({ latencyMs: 30, scenario: anOrganization({ accounts: [many] }) });
after(() => Promise.all([aws, slow, larger].map((one) => one.close())));

const accountOf = (of: OfflineAws, id: string): Account => {
  const account = findAccount(of.organization, id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return account;
};

function userOf(account: Account, name: string): User {
  const user = account.users.find(name);
  if (user === undefined) throw new Error(`no user ${name}`);
  return user;
}

for (const { organization } of [aws, slow, larger])
  for (const account of organization.accounts) storeReport(account, Date.now() - hours(3));

/** What no warm scan can do without, whatever the number of users. */
const accountCalls = {
  "sts:GetCallerIdentity": 1,
  "iam:ListAccountAliases": 1,
  "iam:GetCredentialReport": 1,
  "iam:ListEntitiesForPolicy": 3,
  "iam:ListServiceSpecificCredentials": 1,
};

const named = (run: Run) =>
  pointsOf(run, "iam")
    .map(({ tags }) => tags.name)
    .toSorted();

const listed = ({ calls }: Pick<Run, "calls">) => calls["iam:ListAccessKeys"] ?? 0;
const calledSoFar = (of: OfflineAws) => ({ calls: of.calls() });

/** Runs of one account with a memory of their own; `more` are flags of all of them. */
function withMemory(t: Test, of: OfflineAws, { identity, more = [] }: Remembered) {
  const directory = t.testdir({});
  const argv = ["--state-directory", directory, ...more];
  return {
    account: accountOf(of, identity),
    directory,
    launch: { identity, argv, remembers: true } satisfies Launch,
    run: (...more: readonly string[]) => runKeycheck(of, { identity, argv: [...argv, ...more], remembers: true }),
  };
}

interface Remembered {
  readonly identity: string;
  readonly more?: readonly string[];
}

/** The same after a first scan, which makes a state for no fewer users than it lists at once. */
async function remember(t: Test, identity = some.id) {
  const memory = withMemory(t, aws, { identity, more: ["--concurrency", "2"] });
  const first = await memory.run();
  t.match(statusOf(first), { ok: true, partial: false });
  return { ...memory, first };
}

const keysOf = (run: Run) =>
  pointsOf(run, "iam")
    .map(({ tags, fields }) => ({ ...tags, ...fields }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

test("where nothing changed no user is listed, and the points are the same", async (t) => {
  const { first, run } = await remember(t);
  t.equal(listed(first), 4);
  const second = await run();
  t.strictSame(second.calls, accountCalls);
  t.strictSame(keysOf(second), keysOf(first));
  t.match(statusOf(second), { ok: true, partial: false, items: 4 });
  const { evidence_age_s: age } = statusOf(second);
  t.ok(Number(age) >= 10_800 && Number(age) < 10_900, `evidence_age_s ${age}`);
  t.strictSame(second.stderr, []);
});

test("an account of few users makes no state, and is remembered where there is one", async (t) => {
  const { directory, run } = withMemory(t, aws, { identity: some.id });
  const first = await run();
  t.match(statusOf(first), { ok: true, partial: false, items: 4 });
  t.match(pointsOf(first, "keycheck_account"), [{ fields: { notified: 0, ticketed: 0, disabled: 0 } }]);
  t.strictSame(readdirSync(directory), []);
  await run("--concurrency", "2");
  t.ok(readdirSync(directory).includes("data.mdb"));
  t.strictSame((await run()).calls, accountCalls);
});

test("without a state, or asked for fresh evidence, everybody is listed", async (t) => {
  const { run } = await remember(t);
  for (const more of [["--fresh"], ["--state", "none"]]) {
    const { calls, stderr } = await run(...more);
    t.strictSame(calls, { ...accountCalls, "iam:ListUsers": 1, "iam:ListAccessKeys": 4 });
    t.strictSame(stderr, []);
  }
});

for (const [index, { name, change, want }] of changes.entries()) {
  test(`${name}: only that user is listed, and the next scan knows`, async (t) => {
    const { account, run } = await remember(t, idOf(index));
    change(account);
    storeReport(account, Date.now() - hours(1));
    const second = await run();
    t.strictSame([listed(second), named(second)], [want.listed, want.names]);
    t.match(statusOf(second), { ok: true, partial: false });
    const third = await run();
    t.strictSame([listed(third), named(third)], [0, want.names]);
  });
}

test("a user that vanished since the report is skipped", async (t) => {
  const { account, run } = await remember(t);
  const { keys } = userOf(account, "ada");
  userOf(account, "ada").keys = [];
  storeReport(account, Date.now() - hours(1));
  userOf(account, "ada").keys = keys;
  aws.organization.faults.push(vanishedUser("ada"));
  t.after(() => aws.organization.faults.pop());
  t.after(() => storeReport(account, Date.now() - hours(1)));
  const second = await run();
  t.strictSame(named(second), ["a=b,c.d@e+f-g_h", "bob", "bob"]);
  t.match(statusOf(second), { ok: true, partial: false });
});

test("without a report everybody is listed, and known keys stand in for those that are denied", async (t) => {
  const { run } = await remember(t);
  aws.organization.denials.push(
    { action: "iam:GetCredentialReport" },
    { action: "iam:ListAccessKeys", userName: "ada" },
  );
  t.after(() => aws.organization.denials.splice(0));
  const second = await run();
  t.strictSame([named(second), listed(second), second.calls["iam:ListUsers"]], [names, 4, 1]);
  t.match(statusOf(second), { ok: true, partial: true, last_error: /^credential report: .* \(and 1 more\)$/ });
});

test("what is remembered in another shape, or damaged, is read anew", async (t) => {
  const { directory, run } = await remember(t);
  const store = await openEmbeddedStore({ directory });
  const damage: Readonly<Record<string, object>> = { ada: { shape: 99 }, bob: { keys: [{ id: 7 }] } };
  for await (const { id, body, version } of store.list(`keycheck.users#${some.id}`))
    await store.replace(`keycheck.users#${some.id}`, id, {
      body: { ...body, ...damage[id] },
      expectedVersion: version,
    });
  await store.close();
  const second = await run();
  t.strictSame([listed(second), named(second)], [2, names]);
  t.strictSame([listed(await run()), second.stderr], [0, []]);
});

test("scans that their deadline cuts short go on where the last one ended", async (t) => {
  const { run } = withMemory(t, slow, { identity: cut.id });
  const printed: number[] = [];
  let calls = 0;
  while (printed.length < 15 && printed.at(-1) !== 400) {
    const one = await run("--deadline", "2s");
    t.equal(one.exitCode, 0);
    const keys = named(one);
    t.equal(new Set(keys).size, keys.length);
    t.equal(statusOf(one).partial, keys.length < 400);
    printed.push(keys.length);
    calls += listed(one);
  }
  t.equal(printed.at(-1), 400, `${printed} keys`);
  t.ok(printed.length > 1, `${printed} keys`);
  t.strictSame(
    printed,
    printed.toSorted((a, b) => a - b),
  );
  t.ok(calls <= 400 + 20 * printed.length, `${calls} calls in ${printed.length} scans`);
});

test("a scan that SIGTERM ends leaves what it has read to the next one", async (t) => {
  const { launch, run } = withMemory(t, slow, { identity: stopped.id });
  const before = listed(calledSoFar(slow));
  const { child, ended } = startKeycheck(slow, launch);
  child.stdin.end();
  for (let waited = 0; listed(calledSoFar(slow)) - before < 80 && waited < seconds(20); waited += 10) await pause(10);
  child.kill("SIGTERM");
  const first = await ended;
  t.equal(first.exitCode, 0);
  const known = named(first).length;
  t.ok(known >= 50 && known < 301, `${known} keys`);
  const second = await run();
  t.equal(named(second).length, 301);
  t.match(statusOf(second), { ok: true, partial: false });
  t.ok(listed(second) <= 301 - known, `${listed(second)} calls after ${known} keys`);
});

/** What a first scan of so many users leaves behind. */
async function fillMemory(directory: string, account: Account): Promise<void> {
  const store = await openEmbeddedStore({ directory });
  const written = account.users.list().map((user) => {
    const keys = user.keys.map(({ id, createdAt }) => ({ id, createdAt, active: true }));
    const { name, createdAt } = user;
    const listedAt = Date.now() - hours(3);
    const memory = { name, arn: userArn(account, user), createdAt, keys, listedAt, sighting: undefined };
    return store.create(`keycheck.users#${account.id}`, name, formatMemory(memory));
  });
  await Promise.all(written);
  await store.close();
}

test("of 5,001 users 1 % changed: as many calls and a handful, inside Telegraf's own timeout", async (t) => {
  const { account, directory, run } = withMemory(t, larger, { identity: many.id });
  await fillMemory(directory, account);
  for (const user of account.users.list().slice(0, 50))
    user.keys = user.keys.map((key) => ({ ...key, id: `AKIANEW${key.id.slice(7)}`, createdAt: key.createdAt + 1000 }));
  storeReport(account, Date.now() - hours(1));
  const second = await run();
  t.strictSame(second.calls, { ...accountCalls, "iam:ListAccessKeys": 50 });
  t.equal(named(second).length, 5001);
  t.match(statusOf(second), { ok: true, partial: false, items: 5001 });
  t.ok(second.duration < seconds(5), `took ${second.duration} ms`);
});

end();

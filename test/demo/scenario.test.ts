import { test } from "tap";
import { days, wholeDays } from "../../lib/core/time.ts";
import { parseForm } from "../../lib/demo/query-protocol.ts";
import { matchesGlob } from "../../lib/demo/rule-book.ts";
import { acmeOrganization } from "../../lib/demo/scenario/acme.ts";
import { addKey, addUser, buildOrganization } from "../../lib/demo/scenario/build.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../lib/demo/scenario/large-account.ts";
import { serveDemo } from "../../lib/demo/serve.ts";
import { createTokenBucket } from "../../lib/demo/token-bucket.ts";

const now = days(20_000);

test("the same seed tells the same story, another seed another", async (t) => {
  const told = (seed: number) => JSON.stringify(acmeOrganization({ seed }));
  t.equal(told(1), told(1));
  t.not(told(1), told(2));
});

test("the organization is what it says", async (t) => {
  const { accounts } = buildOrganization(acmeOrganization(), now);
  const users = accounts.flatMap((account) => account.users.list());
  const keys = users.flatMap((user) => user.keys);
  const ages = keys.map(({ createdAt }) => wholeDays(createdAt, now));
  t.strictSame(
    accounts.map(({ alias }) => alias),
    ["acme-prod", "acme-dev", "acme-sandbox"],
  );
  t.equal(users.length, 400);
  t.ok(users.every(({ name }) => /^[\w+=,.@-]{1,64}$/.test(name)));
  for (const character of "=,+@.-_")
    t.ok(
      users.some(({ name }) => name.includes(character)),
      `a name with ${character}`,
    );
  t.equal(new Set(keys.map(({ id }) => id)).size, keys.length);
  t.ok(keys.every(({ id }) => /^AKIA[A-Z2-7]{16}$/.test(id)));
  t.ok(Math.min(...ages) < 10 && Math.max(...ages) > 700 && Math.max(...ages) <= 900, "ages spread");
  t.ok(
    [0, 1, 2, 3].every((count) => users.some((user) => user.keys.length === count)),
    "0 to 3 keys",
  );
  t.ok(keys.some(({ status }) => status === "Inactive"));
  t.ok(keys.some(({ lastUsed }) => lastUsed === undefined));
  t.ok(keys.some(({ lastUsed }) => lastUsed !== undefined && now - lastUsed.at > days(45)));
  t.ok(keys.every(({ lastUsed, createdAt }) => lastUsed === undefined || lastUsed.at >= createdAt));
  t.ok(
    users.every((user) => user.keys.every(({ createdAt }) => createdAt >= user.createdAt)),
    "no key older than its user",
  );
  t.equal(users.filter(({ policies }) => policies.some((arn) => arn.endsWith("QuarantineV3"))).length, 1);
  t.equal(accounts.filter(({ root }) => root.keys.length > 0).length, 1);
  t.ok(users.some(({ serviceCredentials }) => serviceCredentials.length > 0));
  t.ok(
    users.some(({ tags, keys: [key] }) => key && tags.has(key.id)),
    "a described key",
  );
  for (const tag of ["owner", "slack", "email"])
    t.ok(
      users.some(({ tags }) => tags.has(tag)),
      tag,
    );
});

test("more accounts and users than the usual", async (t) => {
  const { accounts } = acmeOrganization({ accounts: 30, users: 1000 });
  t.equal(accounts.length, 30);
  t.equal(new Set(accounts.map(({ id }) => id)).size, 30);
  t.ok(accounts.every(({ id }) => /^\d{12}$/.test(id)));
  t.equal(new Set(accounts.map(({ alias }) => alias)).size, 30);
  t.equal(
    accounts.reduce((sum, { users }) => sum + users.length, 0),
    1000,
  );
});

test("a large account has as many users and keys as asked", async (t) => {
  const [account] = buildOrganization(
    anOrganization({ accounts: [aLargeAccount({ users: 1001, keysPerUser: 2 })] }),
    now,
  ).accounts;
  const users = account?.users.list() ?? [];
  t.equal(users.length, 1001);
  t.equal(new Set(users.flatMap(({ keys }) => keys.map(({ id }) => id))).size, 2002);
});

test("users and keys are added to what already runs", async (t) => {
  const [account] = buildOrganization(anOrganization({ accounts: [anAccount()] }), now).accounts;
  if (account === undefined) return t.fail("no account");
  const user = addUser(account, aUser({ name: "late" }), now);
  const keys = [1, 2].map(() => addKey(account, user, { spec: aKey({ ageDays: 3, description: "spare" }), now }));
  t.equal(account.users.find("late"), user);
  t.equal(new Set(keys.map(({ id }) => id)).size, 2);
  t.strictSame([...user.tags.values()], ["spare", "spare"]);
});

const buckets = [
  { name: "a full bucket gives its capacity at once", takes: [0, 0, 0, 0], want: [true, true, true, false] },
  { name: "a token short of a refill is none", takes: [0, 0, 0, 499], want: [true, true, true, false] },
  { name: "a token is back after its time", takes: [0, 0, 0, 500, 501], want: [true, true, true, true, false] },
  { name: "a refused take costs nothing", takes: [0, 0, 0, 250, 500], want: [true, true, true, false, true] },
  {
    name: "a rest fills no more than the capacity",
    takes: [0, 90_000, 90_000, 90_000, 90_000],
    want: [true, true, true, true, false],
  },
];

for (const { name, takes, want } of buckets)
  test(`token bucket: ${name}`, async (t) => {
    const bucket = createTokenBucket({ capacity: 3, refillPerSecond: 2 });
    t.strictSame(
      takes.map((at) => bucket.take(at)),
      want,
    );
  });

const forms = [
  { name: "scalars are texts", body: "Action=ListUsers&MaxItems=10", want: { Action: "ListUsers", MaxItems: "10" } },
  { name: "percent and plus", body: "UserName=a%2Bb%3D%2C+c", want: { UserName: "a+b=, c" } },
  {
    name: "a list of texts in any order",
    body: "Filter.member.2=Role&Filter.member.1=User",
    want: { Filter: ["User", "Role"] },
  },
  {
    name: "ten items stay in order",
    body: Array.from({ length: 11 }, (_, i) => `F.member.${11 - i}=${11 - i}`).join("&"),
    want: { F: Array.from({ length: 11 }, (_, i) => `${i + 1}`) },
  },
  {
    name: "a list of structures",
    body: "Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=b&Tags.member.2.Value=",
    want: {
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "" },
      ],
    },
  },
  {
    name: "EC2's lists, which have no member",
    body: "InstanceId.1=i-1&InstanceId.2=i-2",
    want: { InstanceId: ["i-1", "i-2"] },
  },
  {
    name: "a list within a list of structures",
    body: "Filter.1.Name=tag&Filter.1.Value.1=x&Filter.1.Value.2=y",
    want: { Filter: [{ Name: "tag", Value: ["x", "y"] }] },
  },
  { name: "a structure", body: "Spec.Name=n&Spec.Size=2", want: { Spec: { Name: "n", Size: "2" } } },
  { name: "an empty list", body: "Tags=", want: { Tags: "" } },
  { name: "nothing", body: "", want: {} },
] as const;

for (const { name, body, want } of forms) test(`form: ${name}`, async (t) => t.strictSame(parseForm(body), want));

test("form: a hostile name makes no prototype", async (t) => {
  const parsed = parseForm("__proto__.polluted=yes");
  t.equal(Object.getPrototypeOf(parsed), Object.prototype);
  t.equal("polluted" in {}, false);
});

const globs = [
  { glob: "iam:ListUsers", text: "iam:ListUsers", want: true },
  { glob: "iam:ListUsers", text: "iam:ListUsersX", want: false },
  { glob: "iam:List*", text: "iam:ListUsers", want: true },
  { glob: "iam:List*", text: "iam:GetUser", want: false },
  { glob: "*.b+c", text: "a.b+c", want: true },
  { glob: "*.b+c", text: "a-bbc", want: false },
  { glob: "*", text: "", want: true },
] as const;

for (const { glob, text, want } of globs)
  test(`glob ${glob} on "${text}" is ${want}`, async (t) => t.equal(matchesGlob(glob, text), want));

test("serving writes exports that reach it, until aborted", async (t) => {
  const stop = new AbortController();
  const lines: string[] = [];
  const served = serveDemo(
    { accounts: 2, users: 20, throttle: true, shortPages: true },
    (text) => lines.push(...text.split("\n")),
    stop.signal,
  );
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const exported = Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  t.match(exported, { AWS_ACCESS_KEY_ID: /^ASIA/, AWS_SECRET_ACCESS_KEY: /.{40}/, AWS_REGION: "us-east-1" });
  t.equal(lines.filter((line) => /^# acme-/.test(line)).length, 2);
  t.match(await (await fetch(`${exported.AWS_ENDPOINT_URL}/__demo/calls`)).json(), { calls: {} });
  stop.abort();
  await served;
  await t.rejects(fetch(`${exported.AWS_ENDPOINT_URL}/__demo/calls`));
});

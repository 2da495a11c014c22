import { IAMClient } from "@aws-sdk/client-iam";
import { test } from "tap";
import { iamClient, iamWriteClient } from "../../lib/aws/client/iam.ts";
import { getAccessKeyLastUsed, listUserDetails, listUserTags } from "../../lib/aws/read/iam.ts";
import { updateAccessKey } from "../../lib/aws/write/iam.ts";
import { days, parseInstant } from "../../lib/core/time.ts";
import type { Fault } from "../../lib/demo/call-rules.ts";
import { type OfflineAwsOptions, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { anIntent } from "../support/an-intent.ts";
import { openOfflineSession } from "../support/offline-session.ts";

const now = parseInstant("2026-03-01T12:00:00Z") ?? 0;
const adasKey = "AKIAADA2222222222222";
const stop = new AbortController().signal;

const tags = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`key ${index}`, index === 7 ? "" : "é<&"]));

const users = [
  aUser({
    name: "ada",
    path: "/people/",
    groups: ["dev", "ops"],
    tags,
    keys: [aKey({ id: adasKey, usedDaysAgo: 3 }), aKey({ id: "AKIANEVER2222222222A" })],
  }),
  ...Array.from({ length: 1200 }, (_, index) => aUser({ name: `user-${index}` })),
];

async function startAws(t: Parameters<typeof openOfflineSession>[0], options: Partial<OfflineAwsOptions> = {}) {
  const scenario = anOrganization({ accounts: [anAccount({ users })] });
  const aws = await startOfflineAws({ scenario, now: () => now, ...options });
  t.teardown(() => aws.close());
  const session = openOfflineSession(t, aws);
  return {
    ...{ aws, session },
    iam: { client: iamClient(session), stop },
    writing: { client: iamWriteClient(session), stop },
    key: () => aws.organization.accounts[0]?.users.find("ada")?.keys[0],
  };
}

test("a session's one client goes through no answer for a log", async (t) => {
  const { session, iam } = await startAws(t);
  t.equal(iamClient(session), iam.client);
  const logs = ({ middlewareStack }: IAMClient) =>
    middlewareStack.identify().filter((name) => name.startsWith("loggerMiddleware")).length;
  t.strictSame([new IAMClient({}), iam.client].map(logs), [1, 0]);
});

test("when a key was last used, if ever", async (t) => {
  const { iam } = await startAws(t);
  t.strictSame(await getAccessKeyLastUsed(iam, adasKey), { at: now - days(3) });
  t.strictSame(await getAccessKeyLastUsed(iam, "AKIANEVER2222222222A"), { at: undefined });
  await t.rejects(getAccessKeyLastUsed(iam, "AKIASTRANGER22222222"), { code: "denied" });
});

test("a user's tags from all pages", async (t) => {
  const { iam, aws } = await startAws(t, { shortPages: 5 });
  t.strictSame(Object.fromEntries(await listUserTags(iam, "ada")), tags);
  t.ok((aws.calls()["iam:ListUserTags"] ?? 0) > 1, "it came in several pages");
  t.equal((await listUserTags(iam, "user-1")).size, 0);
  await t.rejects(listUserTags(iam, "eve"), { code: "missing", message: /^iam:ListUserTags: .*eve/ });
});

test("all users' details from all pages", async (t) => {
  const { iam } = await startAws(t);
  const pages = [];
  for await (const page of listUserDetails(iam)) pages.push(page);
  t.strictSame(
    pages.map(({ length }) => length),
    [1000, 201],
  );
  const details = pages.flat();
  t.strictSame(
    details.find(({ name }) => name === "ada"),
    { name: "ada", path: "/people/", groups: ["dev", "ops"], tags: new Map(Object.entries(tags)) },
  );
  t.strictSame(
    details.find(({ name }) => name === "user-7"),
    { name: "user-7", path: "/", groups: [], tags: new Map() },
  );
});

test("a key's status is set, to either", async (t) => {
  const { writing, aws, key } = await startAws(t);
  const intent = await anIntent();
  await updateAccessKey(intent, writing, { userName: "ada", keyId: adasKey, active: false });
  t.equal(key()?.status, "Inactive");
  await updateAccessKey(intent, writing, { userName: "ada", keyId: adasKey, active: true });
  t.equal(key()?.status, "Active");
  t.equal(aws.writes().length, 2);
  await t.rejects(updateAccessKey(intent, writing, { userName: "user-1", keyId: adasKey, active: false }), {
    code: "missing",
    message: /^iam:UpdateAccessKey: /,
  });
});

const action = "iam:UpdateAccessKey";

const lostAnswers: readonly Fault[] = [
  { action, kind: "cut", times: 1 },
  { action, kind: "torn", times: 1 },
  { action, kind: "error", code: "ServiceFailure", status: 500, message: "sorry", when: "after", times: 1 },
];

for (const fault of lostAnswers) {
  test(`a write is not repeated by itself after ${fault.kind}, though a read is`, async (t) => {
    const { writing, iam, aws } = await startAws(t);
    aws.organization.faults.push(fault, { ...fault, action: "iam:ListUserTags" });
    const disable = updateAccessKey(await anIntent(), writing, { userName: "ada", keyId: adasKey, active: false });
    await t.rejects(disable, { code: "unreachable" });
    t.equal(aws.writes().length, 1);
    t.ok(await listUserTags(iam, "ada"));
  });
}

const refusedAtFirst: readonly Fault[] = [
  { action, kind: "error", code: "Throttling", status: 400, message: "Rate exceeded", times: 2 },
  { action, kind: "error", code: "TooManyRequests", status: 429, message: "slow down", times: 1 },
];

for (const fault of refusedAtFirst) {
  test(`a write refused as ${fault.kind === "error" ? fault.code : ""} is tried again`, async (t) => {
    const { writing, aws } = await startAws(t);
    aws.organization.faults.push(fault);
    await updateAccessKey(await anIntent(), writing, { userName: "ada", keyId: adasKey, active: false });
    t.equal(aws.writes().length, 1);
    t.equal(aws.calls()[action], 1 + (fault.times ?? 0));
  });
}

test("a write that is throttled for good fails as throttled", async (t) => {
  const { writing, aws } = await startAws(t);
  aws.organization.faults.push({ action, kind: "error", code: "Throttling", status: 400, message: "Rate exceeded" });
  const disable = updateAccessKey(await anIntent(), writing, { userName: "ada", keyId: adasKey, active: false });
  await t.rejects(disable, { code: "throttled" });
  t.equal(aws.calls()[action], 4);
  t.strictSame(aws.writes(), []);
});

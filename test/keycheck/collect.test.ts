import { setTimeout as pause } from "node:timers/promises";
import { test } from "tap";
import { trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import type { CredentialReport } from "../../lib/core/iam.ts";
import { collectKeys, type KeycheckReads } from "../../lib/keycheck/collect.ts";
import { aListedKey, aListedUser, now } from "../support/keycheck-records.ts";

const emptyReport: CredentialReport = { generatedAt: now, rows: new Map(), root: undefined };

const someReads = (changes: Partial<KeycheckReads> = {}): KeycheckReads => ({
  async *listUsers() {
    yield [aListedUser({ name: "ada" }), aListedUser({ name: "bob" })];
  },
  listAccessKeys: async () => [aListedKey()],
  readCredentialReport: async () => emptyReport,
  listPolicyUsers: async () => [],
  countServiceCredentials: async () => 0,
  ...changes,
});

const fail = (code: OpsError["code"]) => async () => {
  throw new OpsError(code, `${code}!`);
};

async function collect(reads: KeycheckReads, concurrency = 20) {
  const notes = trackCoverage();
  const inventory = collectKeys(reads, { notes, partition: "aws-cn", concurrency, now });
  const users = [];
  for await (const user of inventory.users) users.push(user);
  return { users, account: await inventory.account, missing: notes.coverage().missing };
}

test("users come in the order they are listed, with all their keys", async (t) => {
  const slowest = async (name: string) => {
    if (name === "ada") await pause(10);
    return [aListedKey({ id: `AKIA${name}` })];
  };
  const { users, missing } = await collect(someReads({ listAccessKeys: slowest }));
  t.strictSame(
    users.map(({ name, keys }) => [name, keys[0]?.id]),
    [
      ["ada", "AKIAada"],
      ["bob", "AKIAbob"],
    ],
  );
  t.strictSame(missing, []);
});

test("never more users at once than allowed", async (t) => {
  let underWay = 0;
  let most = 0;
  const { users } = await collect(
    someReads({
      async *listUsers() {
        yield Array.from({ length: 50 }, (_, index) => aListedUser({ name: `user-${index}` }));
      },
      async listAccessKeys() {
        underWay += 1;
        most = Math.max(most, underWay);
        await pause(1);
        underWay -= 1;
        return [];
      },
    }),
    4,
  );
  t.equal(users.length, 50);
  t.equal(most, 4);
});

test("a user that vanished is skipped, and nothing is missing", async (t) => {
  const vanished = (name: string) => (name === "ada" ? fail("missing")() : Promise.resolve([]));
  const { users, missing } = await collect(someReads({ listAccessKeys: vanished }));
  t.strictSame(
    users.map(({ name }) => name),
    ["bob"],
  );
  t.strictSame(missing, []);
});

test("a user whose keys are denied is missing, not without keys", async (t) => {
  const denied = (name: string) => (name === "ada" ? fail("denied")() : Promise.resolve([]));
  const { users, missing } = await collect(someReads({ listAccessKeys: denied }));
  t.strictSame(
    users.map(({ name }) => name),
    ["bob"],
  );
  t.strictSame(missing, [{ what: 'access keys of user "ada"', code: "denied", reason: "denied!", subjects: true }]);
});

test("where nobody's keys can be read the scan fails", async (t) => {
  await t.rejects(collect(someReads({ listAccessKeys: fail("denied") })), { code: "denied" });
});

test("where users can't be listed the scan fails", async (t) => {
  const reads = someReads({
    // biome-ignore lint/correctness/useYield: it fails before its first page
    async *listUsers() {
      throw new OpsError("denied", "denied!");
    },
  });
  await t.rejects(collect(reads), { code: "denied" });
});

test("a listing that breaks off keeps what it brought and says from where on it lacks", async (t) => {
  const reads = someReads({
    async *listUsers() {
      yield [aListedUser({ name: "ada" })];
      yield [aListedUser({ name: "bob" })];
      throw new OpsError("throttled", "throttled!");
    },
  });
  const { users, missing } = await collect(reads);
  t.equal(users.length, 2);
  t.strictSame(missing, [{ what: "users after the first 2", code: "throttled", reason: "throttled!", subjects: true }]);
});

test("an account without users is whole", async (t) => {
  const { users, missing } = await collect(someReads({ async *listUsers() {} }));
  t.strictSame({ users, missing }, { users: [], missing: [] });
});

test("what concerns the account and can't be read is absent and named", async (t) => {
  const { users, account, missing } = await collect(
    someReads({
      readCredentialReport: fail("not_ready"),
      countServiceCredentials: fail("denied"),
      listPolicyUsers: fail("denied"),
    }),
  );
  t.strictSame(account, { report: undefined, serviceCredentials: undefined });
  t.strictSame(
    users.map(({ quarantined }) => quarantined),
    [undefined, undefined],
  );
  t.strictSame(users[0]?.keys[0]?.lastUse, { known: false });
  t.strictSame(missing.map(({ what }) => what).sort(), [
    "credential report",
    "service-specific credentials",
    "users under quarantine",
  ]);
});

test("each generation of the quarantine policy counts, in the account's partition", async (t) => {
  const asked: string[] = [];
  const { users } = await collect(
    someReads({
      async listPolicyUsers(arn) {
        asked.push(arn);
        return arn.endsWith("QuarantineV2") ? ["bob"] : [];
      },
    }),
  );
  t.strictSame(asked, [
    "arn:aws-cn:iam::aws:policy/AWSCompromisedKeyQuarantine",
    "arn:aws-cn:iam::aws:policy/AWSCompromisedKeyQuarantineV2",
    "arn:aws-cn:iam::aws:policy/AWSCompromisedKeyQuarantineV3",
  ]);
  t.strictSame(
    users.map(({ quarantined }) => quarantined),
    [false, true],
  );
});

test("groups and tags go with their users, where a setting asks for them", async (t) => {
  const details = { name: "ada", path: "/", groups: ["people"], tags: new Map([["slack", "U1"]]) };
  const { users, missing } = await collect(
    someReads({
      async *listUserDetails() {
        yield [details];
      },
    }),
  );
  t.match(users, [
    { name: "ada", groups: ["people"], tags: details.tags },
    // Made after they were listed: what is not known of a user is not taken for nothing.
    { name: "bob", groups: undefined, tags: undefined },
  ]);
  t.strictSame(missing, []);
});

test("groups and tags that can't be read are missing, and the keys are there all the same", async (t) => {
  const { users, missing } = await collect(
    someReads({ listUserDetails: () => ({ [Symbol.asyncIterator]: () => ({ next: fail("denied") }) }) }),
  );
  t.match(users, [{ name: "ada", groups: undefined }, { name: "bob" }]);
  t.match(missing, [{ what: "groups and tags of users", code: "denied", subjects: false }]);
});

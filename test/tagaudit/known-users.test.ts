import { test } from "tap";
import { trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import { needsUsers, readUsers } from "../../lib/tagaudit/known-users.ts";
import { makeScheme } from "../../lib/tagaudit/make-scheme.ts";

test("users are read where a rule asks for them", async (t) => {
  t.equal(needsUsers(makeScheme({ rules: [{ tag: "owner" }, { tag: "mail", value: { kind: "email" } }] })), false);
  t.equal(needsUsers(makeScheme({ rules: [{ tag: "owner" }, { tag: "by", value: { kind: "iam-user" } }] })), true);
});

async function read({ pages, failure, fewest }: Case) {
  const notes = trackCoverage();
  const listUsers = async function* () {
    for (const page of pages) yield page.map((name) => ({ name }));
    if (failure !== undefined) throw failure;
  };
  const users = await readUsers({ reads: { listUsers }, fewest, notes });
  const { missing, missingTotal } = notes.coverage();
  return { users: users && [...users], missingTotal, reason: missing[0]?.reason };
}

interface Case {
  readonly pages: readonly (readonly string[])[];
  readonly failure?: Error;
  readonly fewest: number;
}

const denied = new OpsError("denied", "iam:ListUsers: no");

const cases = [
  {
    name: "all pages of them",
    given: { pages: [["ada", "bob"], ["eve"]], fewest: 3 },
    want: { users: ["ada", "bob", "eve"], missingTotal: 0, reason: undefined },
  },
  {
    name: "one fewer than min_iam_users: nobody is judged by them",
    given: { pages: [["ada", "bob"]], fewest: 3 },
    want: { users: undefined, missingTotal: 1, reason: "the account has 2, fewer than min_iam_users 3" },
  },
  {
    name: "a listing that breaks off would condemn whoever comes after it",
    given: { pages: [["ada", "bob", "eve"]], failure: denied, fewest: 3 },
    want: { users: undefined, missingTotal: 1, reason: "iam:ListUsers: no" },
  },
];

for (const { name, given, want } of cases) test(name, async (t) => t.strictSame(await read(given), want));

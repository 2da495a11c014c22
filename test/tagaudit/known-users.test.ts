import { test } from "tap";
import { trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import { listNames, namesOrNote, needsIdentityCenter, needsUsers } from "../../lib/tagaudit/known-users.ts";
import { makeScheme } from "../../lib/tagaudit/make-scheme.ts";

const asking = [
  { kind: "email", wants: [false, false] },
  { kind: "iam-user", wants: [true, false] },
  { kind: "identity-center-user", wants: [false, true] },
] as const;

for (const { kind, wants } of asking) {
  test(`users are read where a rule asks for them: ${kind}`, async (t) => {
    const scheme = makeScheme({ rules: [{ tag: "owner" }, { tag: "by", value: { kind } }] });
    t.strictSame([needsUsers(scheme), needsIdentityCenter(scheme)], wants);
  });
}

async function read({ pages, failure, fewest }: Case) {
  const notes = trackCoverage();
  const list = async function* () {
    for (const page of pages) yield page.map((name) => ({ name }));
    if (failure !== undefined) throw failure;
  };
  const known = await listNames({ what: "IAM users", place: "the account", setting: "min_iam_users", list, fewest });
  const users = namesOrNote(known, notes);
  const { missing, missingTotal } = notes.coverage();
  return { users: users && [...users], missingTotal, what: missing[0]?.what, reason: missing[0]?.reason };
}

interface Case {
  readonly pages: readonly (readonly string[])[];
  readonly failure?: Error;
  readonly fewest: number;
}

const denied = new OpsError("denied", "iam:ListUsers: no");

const cases = [
  {
    name: "all pages of them, in lower case",
    given: { pages: [["Ada", "bob"], ["eve"]], fewest: 3 },
    want: { users: ["ada", "bob", "eve"], missingTotal: 0, what: undefined, reason: undefined },
  },
  {
    name: "one fewer than there must be: nobody is judged by them",
    given: { pages: [["ada", "bob"]], fewest: 3 },
    want: {
      ...{ users: undefined, missingTotal: 1, what: "IAM users" },
      reason: "the account has 2, fewer than min_iam_users 3",
    },
  },
  {
    name: "a listing that breaks off would condemn whoever comes after it",
    given: { pages: [["ada", "bob", "eve"]], failure: denied, fewest: 3 },
    want: { users: undefined, missingTotal: 1, what: "IAM users", reason: "iam:ListUsers: no" },
  },
];

for (const { name, given, want } of cases) test(name, async (t) => t.strictSame(await read(given), want));

import { test } from "tap";
import { trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import { chooseAccountTag } from "../../lib/keycheck/account-tag.ts";

const notes = trackCoverage();
const scope = { partition: "aws", accountId: "123456789012", name: "prod", profile: undefined as string | undefined };
const byProfile = { ...scope, profile: "prod" };
const alias = async () => "acme-prod";
const none = async () => undefined;
const denied = async () => {
  throw new OpsError("denied", "no");
};
const throttled = async () => {
  throw new OpsError("throttled", "slow down");
};

const cases = [
  {
    name: "a profile that was given is the tag, as in the original",
    scope: byProfile,
    wanted: undefined,
    find: throttled,
    want: "prod",
  },
  { name: "without a profile the alias is", scope, wanted: undefined, find: alias, want: "acme-prod" },
  { name: "without an alias the id is", scope, wanted: undefined, find: none, want: "123456789012" },
  { name: "an alias that may not be read is as none", scope, wanted: undefined, find: denied, want: "123456789012" },
  {
    name: "the alias may be asked for over the profile",
    scope: byProfile,
    wanted: "alias",
    find: alias,
    want: "acme-prod",
  },
  {
    name: "the id may be asked for, and reads nothing",
    scope: byProfile,
    wanted: "id",
    find: throttled,
    want: "123456789012",
  },
  { name: "the profile may be asked for", scope: byProfile, wanted: "profile", find: throttled, want: "prod" },
  { name: "a role has no profile to show", scope, wanted: "profile", find: throttled, want: "123456789012" },
] as const;

for (const { name, scope, wanted, find, want } of cases) {
  test(name, async (t) => t.equal(await chooseAccountTag(scope, { wanted, findAccountAlias: find, notes }), want));
}

test("a failing read does not start a second series under the id", async (t) => {
  await t.rejects(chooseAccountTag(scope, { wanted: undefined, findAccountAlias: throttled, notes }), {
    code: "throttled",
  });
});

test("an alias that may not be read is noted, because it moves every series to the id", async (t) => {
  const noted = trackCoverage();
  await chooseAccountTag(scope, { wanted: undefined, findAccountAlias: denied, notes: noted });
  t.match(noted.coverage(), { missing: [{ what: "account alias", code: "denied" }], subjectsMissing: false });
});

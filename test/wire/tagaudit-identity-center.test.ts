import { after, end, type Test, test } from "tap";
import type { CallRule } from "../../lib/demo/call-rules.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aCanary, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { type Launch, pointsOf, runTagaudit, statusOf } from "../support/run-executable.ts";

const [home, member] = ["100000000001", "100000000002"];
const storeId = "d-1234567890";
const names = Array.from({ length: 250 }, (_, index) => `user-${String(index).padStart(3, "0")}@acme.example`);

const regionOf = (name: string) =>
  aRegion({
    name,
    instances: [
      aCanary(name, { tags: { owner: names[249] ?? "" } }),
      ...[names[0], names[249]?.toUpperCase(), "stranger"].map((owner = "") => anInstance({ tags: { owner } })),
    ],
  });

const aws = await startOfflineAws({
  scenario: anOrganization({
    accounts: [
      anAccount({ id: home, alias: "home", regions: [regionOf("eu-west-1"), aRegion({ name: "eu-central-1" })] }),
      anAccount({ id: member, alias: "member", regions: [regionOf("eu-west-1")] }),
    ],
    identityCenters: [
      { accountId: home, region: "eu-central-1", storeId, users: names },
      { accountId: home, region: "eu-west-1", storeId: "d-0000000001", users: ["one"] },
    ],
  }),
});
after(() => aws.close());

const scheme = JSON.stringify({ tags: { owner: { value: "identity-center-user" } } });
const there = ["--identity-center-region", "eu-central-1"];

async function audit(t: Test, argv: readonly string[], launch: Launch = {}) {
  const directory = t.testdir({ "scheme.json": scheme });
  const run = await runTagaudit(aws, {
    ...{ identity: home, directory, ...launch },
    argv: ["--scheme", "scheme.json", "--regions", "eu-west-1", "--detail", ...argv],
  });
  const strangers = pointsOf(run, "tagaudit_violation").map(({ fields }) => fields.says);
  return { run, strangers };
}

const told = 'tag "owner" is "stranger", not the name of a user of IAM Identity Center';

test("all pages of users are read, from the store of the only instance in the region", async (t) => {
  const { run, strangers } = await audit(t, there);
  t.strictSame(strangers, [told]);
  t.match(run.calls, { "sso:ListInstances": 1, "identitystore:ListUsers": 3 });
  t.match(statusOf(run), { ok: true, partial: false });
});

test("a store that is named is not looked for", async (t) => {
  const { run, strangers } = await audit(t, [...there, "--identity-store", storeId]);
  t.strictSame([strangers, run.calls["sso:ListInstances"]], [[told], undefined]);
});

test("accounts of one run share them, whichever account they are read from", async (t) => {
  const roles = [home, member].map((id) => `arn:aws:iam::${id}:role/stalewatch`).join(",");
  const { run, strangers } = await audit(t, [...there, "--role-arns", roles]);
  t.strictSame(strangers, [told, told]);
  t.match(run.calls, { "sso:ListInstances": 1, "identitystore:ListUsers": 3 });
});

test("no other scheme asks for them", async (t) => {
  const directory = t.testdir({ "other.json": JSON.stringify({ tags: { owner: null } }) });
  const run = await runTagaudit(aws, {
    ...{ identity: home, directory },
    argv: ["--scheme", "other.json", "--regions", "eu-west-1"],
  });
  t.strictSame(
    [run.exitCode, run.calls["identitystore:ListUsers"], run.calls["sso:ListInstances"]],
    [0, undefined, undefined],
  );
});

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  readonly denials?: readonly CallRule[];
  readonly want: RegExp;
}

const unread: readonly Case[] = [
  {
    name: "users may not be listed",
    argv: there,
    denials: [{ action: "identitystore:ListUsers" }],
    want: /^users of IAM Identity Center: identitystore:ListUsers: /,
  },
  {
    name: "their second page is denied",
    argv: there,
    denials: [{ action: "identitystore:ListUsers", after: 1 }],
    want: /^users of IAM Identity Center: identitystore:ListUsers: /,
  },
  {
    name: "the store may not be looked for",
    argv: there,
    denials: [{ action: "sso:ListInstances" }],
    want: /^users of IAM Identity Center: sso:ListInstances: /,
  },
  {
    name: "the region has none",
    argv: ["--identity-center-region", "us-east-1"],
    want: /^users of IAM Identity Center: sso:ListInstances: /,
  },
  {
    name: "the store is another's",
    argv: [...there, "--identity-store", "d-9999999999"],
    want: /^users of IAM Identity Center: identitystore:ListUsers: IDENTITY_STORE not found/,
  },
  {
    name: "there are fewer than there must be",
    argv: ["--identity-center-region", "eu-west-1"],
    want: /^users of IAM Identity Center: it has 1, fewer than min_identity_center_users 2$/,
  },
];

for (const { name, argv, denials = [], want } of unread) {
  test(`nothing is judged by them, and the run is partial, where ${name}`, async (t) => {
    aws.organization.denials.push(...denials);
    t.teardown(() => aws.organization.denials.splice(0));
    const { run, strangers } = await audit(t, argv);
    t.strictSame([run.exitCode, strangers], [0, []]);
    const status = statusOf(run);
    t.equal(status.partial, true);
    t.match(status.last_error, want);
  });
}

end();

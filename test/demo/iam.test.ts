import {
  GetAccessKeyLastUsedCommand,
  GetAccountAuthorizationDetailsCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAccountAliasesCommand,
  ListEntitiesForPolicyCommand,
  ListServiceSpecificCredentialsCommand,
  type ListServiceSpecificCredentialsCommandInput,
  ListUsersCommand,
  ListUserTagsCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListUsers,
  UpdateAccessKeyCommand,
  type UpdateAccessKeyCommandInput,
} from "@aws-sdk/client-iam";
import { test } from "tap";
import { days, parseInstant } from "../../lib/core/time.ts";
import { aKey, anAccount, anOrganization, aServiceCredential, aUser } from "../../lib/demo/scenario/builders.ts";
import type { UserSpec } from "../../lib/demo/scenario/specs.ts";
import { declaredError, startOffline } from "./offline-clients.ts";

const now = parseInstant("2026-03-01T12:00:00Z") ?? 0;

const inAccount = (...users: readonly UserSpec[]) => ({
  scenario: anOrganization({ accounts: [anAccount({ alias: "acme-test", users })] }),
  now: () => now,
});

const manyUsers = (count: number): readonly UserSpec[] =>
  Array.from({ length: count }, (_, index) => aUser({ name: `user-${String(index).padStart(5, "0")}` }));

test("a user is listed as IAM lists it, without its tags", async (t) => {
  const ada = aUser({
    name: "ada",
    path: "/people/",
    ageDays: 100,
    tags: { owner: "x" },
    password: { changedDaysAgo: 90, usedDaysAgo: 2 },
  });
  const { iam } = await startOffline(t, inAccount(ada));
  const { Users, IsTruncated, Marker } = await iam.send(new ListUsersCommand({}));
  t.match(Users, [
    {
      Path: "/people/",
      UserName: "ada",
      UserId: /^AIDA[A-Z2-7]{17}$/,
      Arn: "arn:aws:iam::111122223333:user/people/ada",
      CreateDate: new Date(now - days(100)),
      PasswordLastUsed: new Date(now - days(2)),
    },
  ]);
  t.equal(Users?.[0]?.Tags, undefined);
  t.equal(IsTruncated, false);
  t.equal(Marker, undefined);
});

test("users come by path and name, and a path prefix narrows them", async (t) => {
  const { iam } = await startOffline(
    t,
    inAccount(aUser({ name: "zoe" }), aUser({ name: "bob", path: "/b/" }), aUser({ name: "amy", path: "/b/" })),
  );
  const names = async (PathPrefix?: string) =>
    (await iam.send(new ListUsersCommand({ PathPrefix }))).Users?.map(({ UserName }) => UserName);
  t.strictSame(await names(), ["amy", "bob", "zoe"]);
  t.strictSame(await names("/b/"), ["amy", "bob"]);
});

const legal = "azAZ09_+=,.@-";
const printable = Array.from({ length: 0x7f - 0x21 + 1 }, (_, index) => String.fromCharCode(0x21 + index));

test("every character IAM allows in names and paths survives", async (t) => {
  const path = `/${printable.filter((character) => character !== "/").join("")}/`;
  const { iam } = await startOffline(t, inAccount(aUser({ name: legal, path, tags: { "k: é\u2028+": "<&>\"'" } })));
  const [user] = (await iam.send(new ListUsersCommand({}))).Users ?? [];
  t.equal(user?.UserName, legal);
  t.equal(user?.Path, path);
  t.equal(user?.Arn, `arn:aws:iam::111122223333:user${path}${legal}`);
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: legal }));
  t.strictSame(AccessKeyMetadata, []);
  const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: legal }));
  t.strictSame(Tags, [{ Key: "k: é\u2028+", Value: "<&>\"'" }]);
});

const pageSizes = [
  { name: "100 users a page if none is asked", MaxItems: undefined, want: 100 },
  { name: "as many as asked", MaxItems: 7, want: 7 },
  { name: "one user a page", MaxItems: 1, want: 1 },
  { name: "1,000 users are the most", MaxItems: 1000, want: 1000 },
] as const;

test("a page holds", async (t) => {
  const { iam } = await startOffline(t, inAccount(...manyUsers(1001)));
  for (const { name, MaxItems, want } of pageSizes) {
    const { Users, IsTruncated, Marker } = await iam.send(new ListUsersCommand({ MaxItems }));
    t.equal(Users?.length, want, name);
    t.equal(IsTruncated, true, name);
    t.type(Marker, "string", name);
  }
});

const refusedPages = [
  { name: "none asked", input: { MaxItems: 0 }, message: /'maxItems'.*greater than or equal to 1/ },
  { name: "more than 1,000 asked", input: { MaxItems: 1001 }, message: /'maxItems'.*less than or equal to 1000/ },
  { name: "a marker of nobody's", input: { Marker: "AAEXAMPLE" }, message: /Marker/ },
];

test("a page is refused:", async (t) => {
  const { iam } = await startOffline(t, inAccount(...manyUsers(3)));
  for (const { name, input, message } of refusedPages)
    t.match(
      await declaredError(iam.send(new ListUsersCommand(input))),
      { name: "ValidationError", status: 400, message },
      name,
    );
  const { Marker } = await iam.send(new ListUsersCommand({ MaxItems: 1 }));
  t.match(
    await declaredError(iam.send(new ListAccessKeysCommand({ UserName: "user-00000", Marker }))),
    { name: "ValidationError" },
    "a marker of another operation's",
  );
});

test("short pages lose nobody and repeat nobody", async (t) => {
  const { iam } = await startOffline(t, { ...inAccount(...manyUsers(300)), shortPages: 7 });
  const sizes: number[] = [];
  const names: (string | undefined)[] = [];
  for await (const { Users = [] } of paginateListUsers({ client: iam, pageSize: 50 }, {})) {
    sizes.push(Users.length);
    names.push(...Users.map(({ UserName }) => UserName));
  }
  t.strictSame(
    names,
    manyUsers(300).map(({ name }) => name),
  );
  t.ok(sizes.some((size) => size < 50) && sizes.length > 6, `sizes ${sizes}`);
  t.ok(sizes.every((size) => size <= 50));
});

test("a user removed between two pages moves nobody across the border", async (t) => {
  const { iam, aws } = await startOffline(t, inAccount(...manyUsers(4)));
  const first = await iam.send(new ListUsersCommand({ MaxItems: 2 }));
  aws.organization.accounts[0]?.users.remove("user-00000");
  const second = await iam.send(new ListUsersCommand({ MaxItems: 2, Marker: first.Marker }));
  t.strictSame(
    second.Users?.map(({ UserName }) => UserName),
    ["user-00002", "user-00003"],
  );
});

test("keys are listed by user, with creation to the second", async (t) => {
  const keys = [
    aKey({ id: "AKIAZZZZZZZZZZZZZZZ2", ageDays: 10 }),
    aKey({ id: "AKIAAAAAAAAAAAAAAAA2", ageDays: 200, status: "Inactive" }),
  ];
  const { iam } = await startOffline(t, inAccount(aUser({ name: "ada", keys })));
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: "ada" }));
  t.strictSame(AccessKeyMetadata, [
    { UserName: "ada", AccessKeyId: "AKIAAAAAAAAAAAAAAAA2", Status: "Inactive", CreateDate: new Date(now - days(200)) },
    { UserName: "ada", AccessKeyId: "AKIAZZZZZZZZZZZZZZZ2", Status: "Active", CreateDate: new Date(now - days(10)) },
  ]);
});

test("without a user name it is the caller's keys, and an assumed role has none", async (t) => {
  const id = "AKIAAAAAAAAAAAAAAAA2";
  const { iam, as } = await startOffline(t, inAccount(aUser({ name: "ada", keys: [aKey({ id })] })));
  const { AccessKeyMetadata } = await new IAMClient(as(id)).send(new ListAccessKeysCommand({}));
  t.equal(AccessKeyMetadata?.[0]?.AccessKeyId, id);
  t.match(await declaredError(iam.send(new ListAccessKeysCommand({}))), { name: "ValidationError", status: 400 });
});

test("a missing user is NoSuchEntity", async (t) => {
  const { iam } = await startOffline(t, inAccount());
  for (const answer of [
    iam.send(new ListAccessKeysCommand({ UserName: "bob" })),
    iam.send(new ListUserTagsCommand({ UserName: "bob" })),
    iam.send(new ListServiceSpecificCredentialsCommand({ UserName: "bob" })),
  ].map(declaredError))
    t.strictSame(await answer, {
      name: "NoSuchEntityException",
      status: 404,
      message: "The user with name bob cannot be found.",
    });
});

test("last use of a key, and N/A of one never used", async (t) => {
  const used = aKey({
    id: "AKIAUSED22222222222A",
    ageDays: 50,
    usedDaysAgo: 3,
    usedService: "ec2",
    usedRegion: "eu-west-1",
  });
  const never = aKey({ id: "AKIANEVER2222222222A" });
  const { iam } = await startOffline(t, inAccount(aUser({ name: "ada", keys: [used, never] })));
  const lastUsed = async (AccessKeyId: string) => {
    const { UserName, AccessKeyLastUsed } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    return { UserName, ...AccessKeyLastUsed };
  };
  t.strictSame(await lastUsed("AKIAUSED22222222222A"), {
    UserName: "ada",
    LastUsedDate: new Date(now - days(3)),
    ServiceName: "ec2",
    Region: "eu-west-1",
  });
  t.strictSame(await lastUsed("AKIANEVER2222222222A"), { UserName: "ada", ServiceName: "N/A", Region: "N/A" });
  t.match(await declaredError(lastUsed("AKIASTRANGER22222222")), { name: "AccessDenied", status: 403 });
});

test("the alias is a list of one or none", async (t) => {
  const accounts = [anAccount({ alias: "acme" }), anAccount({ id: "222233334444" })];
  const { iam, as } = await startOffline(t, { scenario: anOrganization({ accounts }) });
  t.strictSame((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases, ["acme"]);
  const nameless = new IAMClient(as("222233334444"));
  t.strictSame((await nameless.send(new ListAccountAliasesCommand({}))).AccountAliases, []);
});

test("authorization details answer all users' tags, groups and policies in pages", async (t) => {
  const key = aKey({ id: "AKIADESCRIBED222222A", description: "laptop" });
  const ada = aUser({ name: "ada", tags: { owner: "me" }, groups: ["dev"], policies: ["ReadOnlyAccess"], keys: [key] });
  const { iam, aws } = await startOffline(t, inAccount(ada, ...manyUsers(1500)));
  const details = [];
  const pages = paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 1000 }, { Filter: ["User"] });
  for await (const { UserDetailList = [] } of pages) details.push(...UserDetailList);
  t.equal(details.length, 1501);
  t.match(details[0], {
    UserName: "ada",
    GroupList: ["dev"],
    AttachedManagedPolicies: [{ PolicyName: "ReadOnlyAccess", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
    Tags: [
      { Key: "owner", Value: "me" },
      { Key: "AKIADESCRIBED222222A", Value: "laptop" },
    ],
  });
  t.strictSame(aws.calls(), { "iam:GetAccountAuthorizationDetails": 2 });
});

test("authorization details refuse what they cannot answer truly", async (t) => {
  const { iam } = await startOffline(t, inAccount());
  // A filter that the SDK's types forbid, as an older or newer client could send.
  const unknown = { Filter: ["Robot" as "User"] };
  t.match(await declaredError(iam.send(new GetAccountAuthorizationDetailsCommand(unknown))), {
    name: "ValidationError",
  });
  t.match(await declaredError(iam.send(new GetAccountAuthorizationDetailsCommand({}))), {
    name: "NotImplemented",
    status: 501,
  });
});

test("a quarantine policy names the users it is attached to, in every account", async (t) => {
  const { iam } = await startOffline(
    t,
    inAccount(aUser({ name: "leaked", policies: ["AWSCompromisedKeyQuarantineV3"] })),
  );
  const holders = (name: string) =>
    iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: `arn:aws:iam::aws:policy/${name}`, EntityFilter: "User" }));
  t.match(await holders("AWSCompromisedKeyQuarantineV3"), {
    PolicyUsers: [{ UserName: "leaked", UserId: /^AIDA/ }],
    PolicyGroups: [],
    PolicyRoles: [],
    IsTruncated: false,
  });
  t.strictSame((await holders("AWSCompromisedKeyQuarantineV2")).PolicyUsers, []);
  t.match(await declaredError(holders("NoSuchPolicy")), { name: "NoSuchEntityException", status: 404 });
});

test("service-specific credentials of all users, of one, of one service", async (t) => {
  const bedrock = aServiceCredential({ service: "bedrock.amazonaws.com", ageDays: 5, expiresInDays: 25 });
  const { iam } = await startOffline(
    t,
    inAccount(
      aUser({ name: "ada", serviceCredentials: [aServiceCredential({ status: "Inactive" }), bedrock] }),
      aUser({ name: "bob", serviceCredentials: [aServiceCredential()] }),
    ),
  );
  const list = async (input: ListServiceSpecificCredentialsCommandInput) =>
    (await iam.send(new ListServiceSpecificCredentialsCommand(input))).ServiceSpecificCredentials ?? [];
  t.equal((await list({ AllUsers: true })).length, 3);
  t.equal((await list({ UserName: "bob" })).length, 1);
  t.match(await list({ AllUsers: true, ServiceName: "bedrock.amazonaws.com" }), [
    {
      UserName: "ada",
      Status: "Active",
      ServiceCredentialAlias: "ada-key-2",
      ServiceSpecificCredentialId: /^ACCA/,
      CreateDate: new Date(now - days(5)),
      ExpirationDate: new Date(now + days(25)),
    },
  ]);
  const first = await iam.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true, MaxItems: 2 }));
  t.equal(first.IsTruncated, true);
  t.equal((await list({ AllUsers: true, MaxItems: 2, Marker: first.Marker }))[0]?.UserName, "bob");
  t.match(await declaredError(list({ AllUsers: true, UserName: "ada" })), { name: "ValidationError" });
});

const adasKey = "AKIAADA2222222222222";

const adaAndBob = () =>
  inAccount(
    aUser({ name: "ada", tags: { owner: "x" }, keys: [aKey({ id: adasKey }), aKey({ id: "AKIAADA2222222222223" })] }),
    aUser({ name: "bob", keys: [aKey({ id: "AKIABOB2222222222222" })] }),
  );

test("a user is told with its tags, by default the caller", async (t) => {
  const { iam, as } = await startOffline(t, adaAndBob());
  const wanted = { UserName: "ada", Path: "/", Tags: [{ Key: "owner", Value: "x" }] };
  t.match((await iam.send(new GetUserCommand({ UserName: "ada" }))).User, wanted);
  t.match((await new IAMClient(as(adasKey)).send(new GetUserCommand({}))).User, wanted);
  t.equal((await iam.send(new GetUserCommand({ UserName: "bob" }))).User?.Tags, undefined);
  t.match(await declaredError(iam.send(new GetUserCommand({ UserName: "eve" }))), { name: "NoSuchEntityException" });
});

test("a key that is disabled signs nothing more until it is active again", async (t) => {
  const { aws, iam, as } = await startOffline(t, adaAndBob());
  const ada = new IAMClient(as(adasKey));
  const set = (Status: "Active" | "Inactive", UserName?: string) =>
    iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: adasKey, Status }));
  const statuses = async () =>
    (await iam.send(new ListAccessKeysCommand({ UserName: "ada" }))).AccessKeyMetadata?.map(({ Status }) => Status);
  await set("Inactive", "ada");
  t.strictSame(await statuses(), ["Inactive", "Active"]);
  t.match(await declaredError(ada.send(new GetUserCommand({}))), { name: "InvalidClientTokenId" });
  await set("Inactive", "ada");
  await set("Active", "ada");
  t.match((await ada.send(new GetUserCommand({}))).User, { UserName: "ada" });
  const one = (Status: string) => ({
    action: "iam:UpdateAccessKey",
    at: now,
    accountId: "111122223333",
    parameters: { UserName: "ada", AccessKeyId: adasKey, Status },
  });
  const writes = [one("Inactive"), one("Inactive"), one("Active")];
  t.strictSame(aws.writes(), writes);
  t.strictSame(await (await fetch(`${aws.url}/__demo/writes`)).json(), writes);
});

test("a user may disable a key of its own without saying whose", async (t) => {
  const { aws, as } = await startOffline(t, adaAndBob());
  const ada = new IAMClient(as(adasKey));
  await ada.send(new UpdateAccessKeyCommand({ AccessKeyId: "AKIAADA2222222222223", Status: "Inactive" }));
  t.equal(aws.organization.accounts[0]?.users.find("ada")?.keys[1]?.status, "Inactive");
});

const refusedUpdates: readonly { name: string; input: Partial<UpdateAccessKeyCommandInput>; want: object }[] = [
  {
    name: "no such user",
    input: { UserName: "eve" },
    want: { name: "NoSuchEntityException", status: 404, message: "The user with name eve cannot be found." },
  },
  {
    name: "a key of another user",
    input: { UserName: "bob" },
    want: { name: "NoSuchEntityException", status: 404, message: `The Access Key with id ${adasKey} cannot be found.` },
  },
  { name: "a key that is not there", input: { AccessKeyId: "AKIASTRANGER22222222" }, want: { status: 404 } },
  {
    name: "another status",
    // Which the SDK's types forbid.
    input: { Status: "Off" as "Active" },
    want: {
      name: "ValidationError",
      status: 400,
      message: /'Off' at 'status' .* enum value set: \[Active, Inactive\]/,
    },
  },
  {
    name: "nobody's key, asked by a role",
    input: { UserName: undefined },
    want: { name: "ValidationError", message: /Must specify userName/ },
  },
];

test("a key's status is not changed:", async (t) => {
  const { aws, iam } = await startOffline(t, adaAndBob());
  for (const { name, input, want } of refusedUpdates) {
    const update = { UserName: "ada", AccessKeyId: adasKey, Status: "Inactive", ...input } as const;
    t.match(await declaredError(iam.send(new UpdateAccessKeyCommand(update))), want, name);
  }
  t.strictSame(aws.writes(), []);
});

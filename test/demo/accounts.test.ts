import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListParentsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  paginateListAccounts,
} from "@aws-sdk/client-organizations";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { test } from "tap";
import { aKey, anAccount, anOrganization, aRole, aUser } from "../../lib/demo/scenario/builders.ts";
import { declaredError, type Offline, startOffline } from "./offline-clients.ts";

const first = "111122223333";
const second = "444455556666";
const roleIn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;

const twoAccounts = () => ({
  scenario: anOrganization({
    accounts: [
      anAccount({
        id: first,
        alias: "one",
        users: [aUser({ name: "ada", path: "/people/", keys: [aKey({ id: "AKIAADA2222222222222" })] })],
      }),
      anAccount({
        id: second,
        alias: "two",
        users: [aUser({ name: "bob" })],
        roles: [
          aRole({ name: "open" }),
          aRole({ name: "guarded", trusts: [first], externalId: "secret-word", maxSessionSeconds: 7200 }),
          aRole({ name: "for-ada", trusts: [`arn:aws:iam::${first}:user/people/ada`] }),
        ],
      }),
    ],
  }),
});

const assume = (
  { sts }: Pick<Offline, "sts">,
  RoleArn: string,
  more: { ExternalId?: string; DurationSeconds?: number } = {},
) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "scan", ...more }));

test("a caller is told who it is", async (t) => {
  const { sts, as } = await startOffline(t, twoAccounts());
  t.match(await sts.send(new GetCallerIdentityCommand({})), {
    Account: first,
    Arn: `arn:aws:sts::${first}:assumed-role/Administrator/offline-aws`,
    UserId: /^AROA\w+:offline-aws$/,
  });
  const ada = new STSClient(as("AKIAADA2222222222222"));
  t.match(await ada.send(new GetCallerIdentityCommand({})), {
    Account: first,
    Arn: `arn:aws:iam::${first}:user/people/ada`,
    UserId: /^AIDA/,
  });
});

test("an assumed role gets credentials of its own account", async (t) => {
  const { sts } = await startOffline(t, twoAccounts());
  const { Credentials, AssumedRoleUser } = await assume({ sts }, roleIn(second, "open"));
  t.equal(AssumedRoleUser?.Arn, `arn:aws:sts::${second}:assumed-role/open/scan`);
  t.match(Credentials?.AccessKeyId, /^ASIA[A-Z2-7]{16}$/);
  const hence = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
  t.ok(hence > 3_590_000 && hence <= 3_600_000, `expires in ${hence} ms`);
});

test("the config file's profiles reach their accounts, roles with their external id included", async (t) => {
  const { aws } = await startOffline(t, twoAccounts());
  const directory = t.testdir({ config: aws.configFile(), credentials: "" });
  const usersOf = async (profile: string) => {
    const credentials = fromIni({
      profile,
      configFilepath: `${directory}/config`,
      filepath: `${directory}/credentials`,
      ignoreCache: true,
      clientConfig: { endpoint: aws.url, region: "us-east-1" },
    });
    const client = new IAMClient({ endpoint: aws.url, region: "us-east-1", credentials });
    return (await client.send(new ListUsersCommand({}))).Users?.map(({ UserName }) => UserName);
  };
  t.strictSame(await usersOf("one"), ["ada"]);
  t.strictSame(await usersOf("two"), ["bob"]);
  t.strictSame(await usersOf("two-open"), ["bob"]);
  t.strictSame(await usersOf("two-guarded"), ["bob"]);
  await t.rejects(usersOf("two-for-ada"), { name: "AccessDenied" });
});

const refusedRoles = [
  { name: "a role of an account that is not there", arn: roleIn("999999999999", "open"), code: "AccessDenied" },
  { name: "a role that is not there", arn: roleIn(second, "closed"), code: "AccessDenied" },
  { name: "no external id where one is demanded", arn: roleIn(second, "guarded"), code: "AccessDenied" },
  { name: "a wrong external id", arn: roleIn(second, "guarded"), more: { ExternalId: "guess" }, code: "AccessDenied" },
  { name: "a role that trusts somebody else", arn: roleIn(second, "for-ada"), code: "AccessDenied" },
  { name: "an ARN of something else", arn: `arn:aws:iam::${second}:user/bob`, code: "ValidationError" },
  {
    name: "less than 15 minutes",
    arn: roleIn(second, "open"),
    more: { DurationSeconds: 899 },
    code: "ValidationError",
  },
  {
    name: "longer than the role allows",
    arn: roleIn(second, "open"),
    more: { DurationSeconds: 3601 },
    code: "ValidationError",
  },
  {
    name: "over an hour from one role to the next",
    arn: roleIn(second, "guarded"),
    more: { ExternalId: "secret-word", DurationSeconds: 7200 },
    code: "ValidationError",
  },
];

test("a role is not assumed:", async (t) => {
  const offline = await startOffline(t, twoAccounts());
  for (const { name, arn, more, code } of refusedRoles)
    t.match(await declaredError(assume(offline, arn, more)), { name: code }, name);
  t.match(await declaredError(assume(offline, roleIn(second, "guarded"))), {
    status: 403,
    message: `User: arn:aws:sts::${first}:assumed-role/Administrator/offline-aws is not authorized to perform: sts:AssumeRole on resource: ${roleIn(second, "guarded")}`,
  });
});

test("a role is assumed with the right external id, and by the user it trusts", async (t) => {
  const { sts, as } = await startOffline(t, twoAccounts());
  t.ok((await assume({ sts }, roleIn(second, "guarded"), { ExternalId: "secret-word" })).Credentials);
  const ada = { sts: new STSClient(as("AKIAADA2222222222222")) };
  t.ok((await assume(ada, roleIn(second, "for-ada"))).Credentials);
  const long = await assume(ada, roleIn(second, "guarded"), { ExternalId: "secret-word", DurationSeconds: 7200 });
  t.ok((long.Credentials?.Expiration?.getTime() ?? 0) - Date.now() > 7_190_000);
});

test("nobody assumes a role in a suspended account", async (t) => {
  const offline = await startOffline(t, twoAccounts());
  const account = offline.aws.organization.accounts[1];
  if (account) account.state = "SUSPENDED";
  t.match(await declaredError(assume(offline, roleIn(second, "open"))), { name: "AccessDenied" });
});

test("expired credentials are refused, in XML and in JSON", async (t) => {
  const { aws, iam, organizations } = await startOffline(t, twoAccounts());
  for (const session of aws.organization.sessions.values()) session.expiresAt = 0;
  t.match(await declaredError(iam.send(new ListUsersCommand({}))), { name: "ExpiredToken", status: 403 });
  t.match(await declaredError(organizations.send(new ListAccountsCommand({}))), {
    name: "ExpiredTokenException",
    status: 400,
  });
});

const strangers = [
  { name: "a key that is not there", change: { accessKeyId: "AKIASTRANGER22222222" }, code: "InvalidClientTokenId" },
  { name: "a wrong secret", change: { secretAccessKey: "guess" }, code: "SignatureDoesNotMatch" },
  { name: "a wrong session token", change: { sessionToken: "guess" }, code: "InvalidClientTokenId" },
];

test("credentials are refused:", async (t) => {
  const { as, iam } = await startOffline(t, twoAccounts());
  t.equal(await declaredError(iam.send(new ListUsersCommand({}))), undefined, "but not the right ones");
  for (const { name, change, code } of strangers) {
    const { credentials, ...place } = as(first);
    const client = new IAMClient({ ...place, credentials: { ...credentials, ...change } });
    t.match(await declaredError(client.send(new ListUsersCommand({}))), { name: code, status: 403 }, name);
  }
});

test("a disabled key is as good as none, until it is active again", async (t) => {
  const { aws, as } = await startOffline(t, twoAccounts());
  const ada = new STSClient(as("AKIAADA2222222222222"));
  const [key] = aws.organization.accounts[0]?.users.find("ada")?.keys ?? [];
  if (key) key.status = "Inactive";
  t.match(await declaredError(ada.send(new GetCallerIdentityCommand({}))), {
    name: "InvalidClientTokenId",
    status: 403,
  });
  if (key) key.status = "Active";
  t.match(await ada.send(new GetCallerIdentityCommand({})), { Account: first });
});

test("a request changed on its way does not match its signature", async (t) => {
  const { iam } = await startOffline(t, twoAccounts());
  iam.middlewareStack.add(
    (next) => (args) => {
      // At this step the SDK's request is an HTTP request with a form for a body.
      const request = args.request as { body: string };
      request.body = request.body.replace("MaxItems=5", "MaxItems=6");
      return next(args);
    },
    { step: "deserialize", priority: "low" },
  );
  t.equal(await declaredError(iam.send(new ListUsersCommand({ MaxItems: 4 }))), undefined);
  t.match(await declaredError(iam.send(new ListUsersCommand({ MaxItems: 5 }))), {
    name: "SignatureDoesNotMatch",
    status: 403,
  });
});

test("an unsigned request lacks its token, a half signed one its parts", async (t) => {
  const { aws } = await startOffline(t, twoAccounts());
  const send = async (headers: Record<string, string>) => {
    const body = "Action=ListUsers&Version=2010-05-08";
    const response = await fetch(aws.url, { method: "POST", body, headers });
    return { status: response.status, text: await response.text() };
  };
  t.match(await send({}), { status: 403, text: /<Code>MissingAuthenticationToken</ });
  t.match(await send({ authorization: "AWS4-HMAC-SHA256 Credential=AKIA" }), {
    status: 400,
    text: /<Code>IncompleteSignature</,
  });
});

test("unknown operations and services are named in the refusal", async (t) => {
  const { aws } = await startOffline(t, twoAccounts());
  const send = async (body: string, headers: Record<string, string> = {}) =>
    (await fetch(aws.url, { method: "POST", body, headers })).text();
  t.match(await send("Action=DeleteEverything&Version=2010-05-08"), /iam:DeleteEverything/);
  t.match(await send("Action=ListThings&Version=1999-01-01"), /1999-01-01/);
  t.match(
    await send("{}", { "x-amz-target": "AWSOrganizationsV20161128.LeaveOrganization" }),
    /organizations:LeaveOrganization/,
  );
  t.match(
    await send("not json", { "x-amz-target": "AWSOrganizationsV20161128.ListAccounts" }),
    /SerializationException/,
  );
});

const memberAccounts = Array.from({ length: 45 }, (_, index) =>
  anAccount({ id: String(100_000_000_000 + index), alias: `a${index}` }),
);

test("the organization's accounts come 20 a page at most, short or empty pages included", async (t) => {
  const { organizations } = await startOffline(t, {
    scenario: anOrganization({ accounts: memberAccounts }),
    shortPages: 3,
  });
  const ids: (string | undefined)[] = [];
  const sizes: number[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: organizations }, {})) {
    sizes.push(Accounts.length);
    ids.push(...Accounts.map(({ Id }) => Id));
  }
  t.strictSame(
    ids,
    memberAccounts.map(({ id }) => id),
  );
  t.ok(Math.max(...sizes) <= 20 && sizes.length > 3, `sizes ${sizes}`);
  t.match(await declaredError(organizations.send(new ListAccountsCommand({ MaxResults: 21 }))), {
    name: "ValidationException",
  });
  t.match(await declaredError(organizations.send(new ListAccountsCommand({ NextToken: "guess" }))), {
    name: "InvalidInputException",
  });
});

const stateFields = [
  { name: "both fields", fields: ["State", "Status"], want: { State: "CLOSED", Status: "SUSPENDED" } },
  { name: "the newer field alone", fields: ["State"], want: { State: "CLOSED", Status: undefined } },
  { name: "the older field alone", fields: ["Status"], want: { State: undefined, Status: "SUSPENDED" } },
  { name: "neither field", fields: [], want: { State: undefined, Status: undefined } },
] as const;

test("an account's state is answered in", async (t) => {
  const scenario = anOrganization({ accounts: [anAccount({ state: "CLOSED", alias: "old" })] });
  const { aws, organizations } = await startOffline(t, { scenario });
  for (const { name, fields, want } of stateFields) {
    aws.organization.accountStateFields = fields;
    const [account] = (await organizations.send(new ListAccountsCommand({}))).Accounts ?? [];
    t.strictSame({ State: account?.State, Status: account?.Status }, want, name);
    t.match(
      account,
      { Name: "old", Email: "aws+old@example.com", JoinedMethod: "CREATED", JoinedTimestamp: Date },
      name,
    );
  }
});

test("parents and tags of accounts and units", async (t) => {
  const scenario = anOrganization({
    accounts: [anAccount({ id: first }), anAccount({ id: second, parentId: "ou-demo-aaaaaaaa", tags: { team: "x" } })],
    units: [{ id: "ou-demo-aaaaaaaa", name: "Prod", tags: { stage: "prod" } }],
  });
  const { organizations } = await startOffline(t, { scenario });
  const parents = async (ChildId: string) => (await organizations.send(new ListParentsCommand({ ChildId }))).Parents;
  const tags = async (ResourceId: string) =>
    (await organizations.send(new ListTagsForResourceCommand({ ResourceId }))).Tags;
  t.strictSame(await parents(first), [{ Id: "r-demo", Type: "ROOT" }]);
  t.strictSame(await parents(second), [{ Id: "ou-demo-aaaaaaaa", Type: "ORGANIZATIONAL_UNIT" }]);
  t.strictSame(await parents("ou-demo-aaaaaaaa"), [{ Id: "r-demo", Type: "ROOT" }]);
  t.strictSame(await tags(second), [{ Key: "team", Value: "x" }]);
  t.strictSame(await tags("ou-demo-aaaaaaaa"), [{ Key: "stage", Value: "prod" }]);
  const { Accounts } = await organizations.send(new ListAccountsForParentCommand({ ParentId: "ou-demo-aaaaaaaa" }));
  t.match(Accounts, [{ Id: second }]);
  t.match(await declaredError(parents("999999999999")), { name: "ChildNotFoundException" });
  t.match(await declaredError(tags("999999999999")), { name: "TargetNotFoundException" });
});

test("the organization is read by its management account and delegated administrators only", async (t) => {
  const { aws, as } = await startOffline(t, twoAccounts());
  const member = new OrganizationsClient(as(second));
  t.match(await declaredError(member.send(new ListAccountsCommand({}))), {
    name: "AccessDeniedException",
    status: 400,
  });
  t.equal(aws.denied(), 1);
  t.match(await member.send(new DescribeOrganizationCommand({})), { Organization: { MasterAccountId: first } });
  aws.organization.delegatedAdministrators.push(second);
  t.equal((await member.send(new ListAccountsCommand({}))).Accounts?.length, 2);
});

test("accounts that stand alone have no organization in use", async (t) => {
  const scenario = anOrganization({ accounts: [anAccount()], management: undefined });
  const { organizations } = await startOffline(t, { scenario });
  t.match(await declaredError(organizations.send(new ListAccountsCommand({}))), {
    name: "AWSOrganizationsNotInUseException",
  });
});

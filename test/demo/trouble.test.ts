import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { connect } from "node:net";
import {
  IAMClient,
  ListAccessKeysCommand,
  ListAccountAliasesCommand,
  ListUsersCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { ListAccountsCommand } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { test } from "tap";
import { type Fault, vanishedUser } from "../../lib/demo/call-rules.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { clientConfig, declaredError, startOffline } from "./offline-clients.ts";

const someUsers = ["ada", "bob"].map((name) => aUser({ name, keys: [aKey()] }));
const scenario = anOrganization({ accounts: [anAccount({ users: someUsers }), anAccount({ id: "222233334444" })] });

test("a denial reads as AWS's and hits nothing else", async (t) => {
  const { aws, iam, as } = await startOffline(t, { scenario });
  aws.organization.denials.push(
    { action: "iam:List*Keys", userName: "b*" },
    { action: "iam:ListUsers", account: "222233334444" },
  );
  t.strictSame(await declaredError(iam.send(new ListAccessKeysCommand({ UserName: "bob" }))), {
    name: "AccessDenied",
    status: 403,
    message:
      "User: arn:aws:sts::111122223333:assumed-role/Administrator/offline-aws is not authorized to perform: iam:ListAccessKeys on resource: user bob because no identity-based policy allows the iam:ListAccessKeys action",
  });
  t.equal(await declaredError(iam.send(new ListAccessKeysCommand({ UserName: "ada" }))), undefined);
  t.equal(await declaredError(iam.send(new ListUsersCommand({}))), undefined);
  t.match(await declaredError(new IAMClient(as("222233334444")).send(new ListUsersCommand({}))), {
    name: "AccessDenied",
    message: /on resource: arn:aws:iam::222233334444:user\/ because/,
  });
  t.equal(aws.denied(), 2);
});

test("a denial of everything leaves GetCallerIdentity, which needs no permission", async (t) => {
  const { iam, sts, organizations } = await startOffline(t, {
    scenario: { ...scenario, denials: [{ action: "*" }] },
  });
  t.match(await declaredError(iam.send(new ListUsersCommand({}))), { name: "AccessDenied" });
  t.match(await declaredError(organizations.send(new ListAccountsCommand({}))), { name: "AccessDeniedException" });
  t.match(await sts.send(new GetCallerIdentityCommand({})), { Account: "111122223333" });
});

test("rules begin after so many calls and end after so many", async (t) => {
  const { iam } = await startOffline(t, {
    scenario: { ...scenario, denials: [{ action: "iam:ListUsers", after: 1, times: 2 }] },
  });
  const outcomes = [];
  for (let call = 0; call < 5; call += 1)
    outcomes.push((await declaredError(iam.send(new ListUsersCommand({}))))?.name);
  t.strictSame(outcomes, [undefined, "AccessDenied", "AccessDenied", undefined, undefined]);
});

test("a user vanishes between the list and its keys", async (t) => {
  const { iam } = await startOffline(t, { scenario: { ...scenario, faults: [vanishedUser("ada")] } });
  t.equal((await iam.send(new ListUsersCommand({}))).Users?.length, 2);
  t.match(await declaredError(iam.send(new ListAccessKeysCommand({ UserName: "ada" }))), {
    name: "NoSuchEntityException",
    status: 404,
  });
  t.equal(await declaredError(iam.send(new ListAccessKeysCommand({ UserName: "bob" }))), undefined);
});

const faults: readonly { name: string; fault: Fault; want: object }[] = [
  {
    name: "an error of AWS's own",
    fault: { action: "iam:ListUsers", kind: "error", code: "ServiceFailure", status: 500, message: "try & again" },
    want: { name: "ServiceFailureException", status: 500, message: "try & again" },
  },
  { name: "a torn answer", fault: { action: "iam:ListUsers", kind: "torn" }, want: { message: /^aborted/ } },
  { name: "a cut connection", fault: { action: "iam:ListUsers", kind: "cut" }, want: { message: "socket hang up" } },
  {
    name: "a proxy's page",
    fault: { action: "iam:ListUsers", kind: "garbage" },
    want: { message: /Deserialization error/ },
  },
];

test("a client meets", async (t) => {
  const { aws, iam } = await startOffline(t, { scenario });
  for (const { name, fault, want } of faults) {
    aws.organization.faults.splice(0, 1, fault);
    t.match(await declaredError(iam.send(new ListUsersCommand({}))), want, name);
  }
});

const action = "iam:UpdateAccessKey";
const serverError = { action, kind: "error", code: "ServiceFailure", status: 500, message: "try again" } as const;

const lostWrites: readonly { readonly name: string; readonly fault: Fault; readonly isDone: boolean }[] = [
  { name: "an error is in place of the deed", fault: serverError, isDone: false },
  { name: "an error before the deed", fault: { ...serverError, when: "before" }, isDone: false },
  { name: "an error after the deed", fault: { ...serverError, when: "after" }, isDone: true },
  { name: "a cut loses the answer", fault: { action, kind: "cut" }, isDone: true },
  { name: "a cut before the deed", fault: { action, kind: "cut", when: "before" }, isDone: false },
  { name: "a torn answer comes after the deed", fault: { action, kind: "torn" }, isDone: true },
  { name: "a proxy's page in place of the answer", fault: { action, kind: "garbage" }, isDone: true },
  { name: "a proxy's page in place of the deed", fault: { action, kind: "garbage", when: "before" }, isDone: false },
];

test("what comes of a write that fails:", async (t) => {
  for (const { name, fault, isDone } of lostWrites) {
    const { aws, iam } = await startOffline(t, { scenario: { ...scenario, faults: [fault] } });
    const [key] = aws.organization.accounts[0]?.users.find("ada")?.keys ?? [];
    const update = new UpdateAccessKeyCommand({ UserName: "ada", AccessKeyId: key?.id, Status: "Inactive" });
    t.ok(await declaredError(iam.send(update)), name);
    t.equal(key?.status, isDone ? "Inactive" : "Active", name);
    t.equal(aws.writes().length, isDone ? 1 : 0, name);
  }
});

test("a write that nobody answers is done or not as said", async (t) => {
  for (const when of ["before", "after"] as const) {
    const { aws, iam } = await startOffline(t, {
      scenario: { ...scenario, faults: [{ action, kind: "hang", when }] },
    });
    const [key] = aws.organization.accounts[0]?.users.find("ada")?.keys ?? [];
    const update = new UpdateAccessKeyCommand({ UserName: "ada", AccessKeyId: key?.id, Status: "Inactive" });
    const gone = new AbortController();
    const sent = declaredError(iam.send(update, { abortSignal: gone.signal }));
    while (aws.calls()[action] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    gone.abort();
    t.match(await sent, { name: "AbortError" });
    t.equal(key?.status, when === "after" ? "Inactive" : "Active", when);
  }
});

test("a torn answer is tried again", async (t) => {
  const { aws, as } = await startOffline(t, {
    scenario: { ...scenario, faults: [{ action: "iam:ListUsers", kind: "torn", times: 1 }] },
  });
  const patient = new IAMClient(as("111122223333", { maxAttempts: 2 }));
  t.equal((await patient.send(new ListUsersCommand({}))).Users?.length, 2);
  t.strictSame(aws.calls(), { "iam:ListUsers": 2 });
});

test("a slow answer comes late, every answer with the latency of all", async (t) => {
  const { iam } = await startOffline(t, {
    scenario: { ...scenario, faults: [{ action: "iam:ListUsers", kind: "slow", ms: 80 }] },
    latencyMs: 30,
  });
  const spent = async (command: ListUsersCommand | ListAccountAliasesCommand) => {
    const from = performance.now();
    await iam.send(command as ListUsersCommand);
    return performance.now() - from;
  };
  const [plain, slow] = [await spent(new ListAccountAliasesCommand({})), await spent(new ListUsersCommand({}))];
  // Timers may fire a millisecond early.
  t.ok(plain >= 29, `latency ${plain}`);
  t.ok(slow >= 109, `slow ${slow}`);
});

test("closing ends hanging and silent connections at once", async (t) => {
  const aws = await startOfflineAws({ scenario: { ...scenario, faults: [{ action: "iam:ListUsers", kind: "hang" }] } });
  const hanging = declaredError(new IAMClient(clientConfig(aws.environment())).send(new ListUsersCommand({})));
  const silent = connect(aws.port, "127.0.0.1");
  const cut = new Promise((resolve) => silent.once("close", resolve));
  while (aws.calls()["iam:ListUsers"] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  const from = performance.now();
  await aws.close();
  await cut;
  t.ok(await hanging);
  t.ok(performance.now() - from < 4000, "neither waits for its client");
});

test("an empty bucket throttles its own account and action only", async (t) => {
  const { aws, iam, organizations, as } = await startOffline(t, {
    scenario,
    limits: {
      iam: { capacity: 2, refillPerSecond: 0.001 },
      "organizations:ListAccounts": { capacity: 1, refillPerSecond: 0.001 },
    },
  });
  const list = (client: IAMClient) => declaredError(client.send(new ListUsersCommand({})));
  t.strictSame([await list(iam), await list(iam)], [undefined, undefined]);
  t.strictSame(await list(iam), { name: "Throttling", status: 400, message: "Rate exceeded" });
  t.equal(await declaredError(iam.send(new ListAccountAliasesCommand({}))), undefined);
  t.equal(await list(new IAMClient(as("222233334444"))), undefined);
  await organizations.send(new ListAccountsCommand({}));
  t.match(await declaredError(organizations.send(new ListAccountsCommand({}))), { name: "TooManyRequestsException" });
  t.equal(aws.throttled(), 2);
});

test("a client that tries again gets through a bucket that refills", async (t) => {
  const { aws, as } = await startOffline(t, { scenario, limits: { iam: { capacity: 4, refillPerSecond: 200 } } });
  const client = new IAMClient(as("111122223333", { maxAttempts: 10 }));
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => declaredError(client.send(new ListUsersCommand({})))),
  );
  t.strictSame(answers, Array(8).fill(undefined));
  t.equal(aws.calls()["iam:ListUsers"], 8 + aws.throttled());
});

test("calls are counted in process and over HTTP, and reset", async (t) => {
  const { aws, iam, sts } = await startOffline(t, { scenario });
  await iam.send(new ListUsersCommand({}));
  await iam.send(new ListUsersCommand({}));
  await sts.send(new GetCallerIdentityCommand({}));
  const calls = { "iam:ListUsers": 2, "sts:GetCallerIdentity": 1 };
  t.strictSame(aws.calls(), calls);
  t.strictSame(await (await fetch(`${aws.url}/__demo/calls`)).json(), { calls, throttled: 0, denied: 0 });
  await fetch(`${aws.url}/__demo/reset-calls`, { method: "POST" });
  t.strictSame(aws.calls(), {});
});

test("HTTPS with a certificate given", async (t) => {
  const directory = t.testdir({});
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", `${directory}/key.pem`, "-out", `${directory}/cert.pem`];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...newKey, ...subject, ...files], { stdio: "ignore" });
  const [key, cert] = [readFileSync(`${directory}/key.pem`), readFileSync(`${directory}/cert.pem`)];
  const { aws, as } = await startOffline(t, { scenario, tls: { key, cert } });
  t.match(aws.url, /^https:/);
  const httpsAgent = new Agent({ ca: cert });
  t.teardown(() => httpsAgent.destroy());
  const client = new IAMClient({ ...as("111122223333"), requestHandler: { httpsAgent } });
  t.equal((await client.send(new ListUsersCommand({}))).Users?.length, 2);
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { dirtymarkBurialPermissions, dirtymarkPermissions } from "../../lib/dirtymark/permissions.ts";
import { dirtymarkSettings } from "../../lib/dirtymark/settings.ts";
import { parseMessage } from "../../lib/host-events/parse-message.ts";
import { queueActions } from "../../lib/queue/sqs-actions.ts";
import { settingsIn } from "../../lib/settings/declare.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { tableActions } from "../../lib/state/dynamodb-actions.ts";
import { callsIn, namesIn, parseTemplate, type Resource, resolveResources } from "../support/cloudformation.ts";
import { evaluatePolicies, type Policy, type PolicyRequest, type Verdict } from "../support/evaluate-policy.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const text = read("lib/dirtymark/cloudformation.yaml");
const template = parseTemplate(text);
const { Parameters, Conditions, Resources } = template;

const account = "111122223333";
const region = "eu-west-1";

/** Enough of AWS's forms that policies can be held against them. */
const arns: Readonly<Record<string, (name: string) => string>> = {
  "AWS::SQS::Queue": (name) => `arn:aws:sqs:${region}:${account}:${name}`,
  "AWS::Events::Rule": (name) => `arn:aws:events:${region}:${account}:rule/${name}`,
  "AWS::DynamoDB::Table": (name) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  "AWS::Logs::LogGroup": (name) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
};

const stackWith = (given: Readonly<Record<string, string>> = {}) =>
  resolveResources(template, {
    parameters: {
      ...{ CodeBucket: "code", CodeKey: "dirtymark.zip", ...given },
      ...{ "AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": "aws", "AWS::StackName": "marks" },
    },
    attribute: (name, attribute) => (attribute === undefined ? name : (arns[typeOf(name)]?.(name) ?? `arn:${name}`)),
  });

const typeOf = (name: string): string => {
  const found = Resources[name];
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found.Type;
};

const ofType = (type: string, stack = stackWith()) => Object.entries(stack).filter(([, { Type }]) => Type === type);

/** Properties are what their types say: cfn-lint holds them against AWS's schemas, in test/conformance. */
const propertyOf = <Value>(resource: Resource | undefined, name: string): Value => {
  if (resource === undefined) throw new Error(`nothing with ${name}`);
  return resource.Properties[name] as Value;
};

test("whatever the template refers to is there, and whatever is there is used", async (t) => {
  const calls = callsIn(template);
  const subbed = calls.filter(([name]) => name === "Fn::Sub").flatMap(([, given]) => namesIn(given));
  const referred = [...calls.filter(([name]) => name === "Ref").map(([, given]) => String(given)), ...subbed];
  const attributes = calls.filter(([name]) => name === "Fn::GetAtt").map(([, given]) => String(given).split("."));
  const conditions = [
    ...calls.flatMap(([name, given]) => (name === "Fn::If" && Array.isArray(given) ? [String(given[0])] : [])),
    ...Object.values(Resources).flatMap(({ Condition = [] }) => Condition),
  ];
  const known = [...Object.keys(Parameters), ...Object.keys(Resources)];
  const unknown = referred.filter((name) => !name.startsWith("AWS::") && !known.includes(name));
  t.strictSame(unknown, [], "Ref and Sub");
  t.strictSame(
    attributes.filter(([name = "", attribute]) => !(name in Resources) || attribute !== "Arn"),
    [],
    "GetAtt",
  );
  t.strictSame([...new Set(conditions)].sort(), Object.keys(Conditions).sort(), "conditions");
  t.strictSame(
    Object.keys(Parameters).filter((name) => !referred.includes(name)),
    [],
    "parameters",
  );
});

test("aliases, unknown functions and unknown references are found", async (t) => {
  t.throws(() => parseTemplate("a: &x 1\nb: *x\n"), /no aliases/);
  t.throws(() => parseTemplate("a: !Select [0, [b]]\n"), /tag/);
  t.throws(() => typeOf("Nowhere"), /no resource/);
});

test("each queue has its dead-letter queue, and time for six attempts of its function", async (t) => {
  const stack = stackWith();
  for (const [queue, grave, source, fun] of [
    ["HostQueue", "HostDeadLetters", "HostSource", "HostFunction"],
    ["ForwarderQueue", "ForwarderDeadLetters", "ForwarderSource", "ForwarderFunction"],
  ] as const) {
    const properties = stack[queue]?.Properties;
    const deadLetterTargetArn = arns["AWS::SQS::Queue"]?.(grave);
    t.match(properties, { RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 100 }, SqsManagedSseEnabled: true });
    const name = String(properties?.QueueName);
    t.match(stack[grave]?.Properties, {
      QueueName: `${name}-dead`,
      RedriveAllowPolicy: { redrivePermission: "byQueue", sourceQueueArns: [arns["AWS::SQS::Queue"]?.(name)] },
    });
    const timeout = propertyOf<number>(stack[fun], "Timeout");
    const window = propertyOf<number>(stack[source], "MaximumBatchingWindowInSeconds");
    t.ok(propertyOf<number>(stack[queue], "VisibilityTimeout") >= 6 * timeout + window);
    t.match(stack[source]?.Properties, { FunctionName: fun, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    t.equal(propertyOf(stack[source], "EventSourceArn"), arns["AWS::SQS::Queue"]?.(queue));
  }
});

const settings = [...settingsIn([runSettings]), ...settingsIn([dirtymarkSettings])];

test("the functions run the bundle that is built, with settings that exist and are taken", async (t) => {
  const stack = stackWith({
    TagAccounts: "444455556666,777788889999",
    KnownAccounts: "444455556666",
    ExternalId: "ab",
  });
  const functions = ofType("AWS::Lambda::Function", stack);
  t.equal(functions.length, 2);
  for (const [name, { Properties }] of functions) {
    const [file, member] = String(Properties.Handler).split(".");
    t.match(read(`scripts/${file}.ts`), new RegExp(`\\b${member}\\b`));
    const { Variables } = Properties.Environment as { readonly Variables: Readonly<Record<string, string>> };
    for (const [variable, value] of Object.entries(Variables)) {
      const setting = settings.find(({ names }) => names.environment.includes(variable));
      t.ok(setting && parseValue(setting.kind, value).ok, `${name} ${variable}=${value}`);
    }
    t.match(Variables, { STALEWATCH_MODE: "commit", STALEWATCH_STATE: "dynamodb", STALEWATCH_STATE_TABLE: "Table" });
    t.match(Variables, { STALEWATCH_ACT_ON_ACCOUNTS: "444455556666,777788889999", DIRTYMARK_TAG: "dirty=skunked" });
  }
  const senders = functions.map(
    ([, { Properties }]) => JSON.stringify(Properties).match(/"DIRTYMARK_SENDERS":"(\w+)"/)?.[1],
  );
  t.strictSame(senders.sort(), ["forwarders", "hosts"]);
  const [[, untagged] = []] = ofType("AWS::Lambda::Function", stackWith({ Tag: "" }));
  t.notMatch(JSON.stringify(untagged), /DIRTYMARK_TAG|EXTERNAL_ID/, "what is empty is not set");
});

test("the parameters have the defaults of their settings", async (t) => {
  const { queue, markRole, guardDuty } = dirtymarkSettings.settings;
  const defaults = [Parameters.QueueName, Parameters.MarkRole, Parameters.GuardDuty, Parameters.StateTable];
  t.strictSame(
    defaults.map((parameter) => parameter?.Default),
    [queue, markRole, guardDuty, runSettings.settings.stateTable].map((setting) => setting.default),
  );
});

test("the functions' role has the declared permissions, and no more", async (t) => {
  const [inline] = propertyOf<readonly { readonly PolicyDocument: Policy }[]>(stackWith().ConsumerRole, "Policies");
  const actionsOf = (sid: string) =>
    [inline?.PolicyDocument.Statement.find(({ Sid }) => Sid === sid)?.Action ?? []].flat();
  t.strictSame(actionsOf("Queues"), dirtymarkPermissions.commit);
  t.strictSame(actionsOf("DeadLetters"), [queueActions.observe.findUrl, ...dirtymarkBurialPermissions].sort());
  // Its time to live and its backups are on from the start: the store looks, and finds nothing to switch on.
  const { describeBackups, describeTimeToLive } = tableActions.make;
  t.strictSame(actionsOf("State"), [...Object.values(tableActions.use), describeBackups, describeTimeToLive].sort());
  t.strictSame(
    inline?.PolicyDocument.Statement.map(({ Sid }) => Sid),
    ["Queues", "DeadLetters", "AssumeMarkRoles", "State", "Log"],
  );
  t.match(JSON.stringify(inline), `"Resource":"arn:aws:iam::*:role/Skunky"`);
});

test("the table is the one that the store would make", async (t) => {
  const source = read("lib/state/dynamodb-table.ts") + read("lib/state/dynamodb-features.ts");
  const { Table } = stackWith();
  const keys = propertyOf<readonly Readonly<Record<string, string>>[]>(Table, "KeySchema");
  for (const { AttributeName, KeyType } of keys)
    t.match(source, `{ AttributeName: "${AttributeName}", KeyType: "${KeyType}" }`);
  const { AttributeName } = propertyOf<Readonly<Record<string, string>>>(Table, "TimeToLiveSpecification");
  t.match(source, `AttributeName: "${AttributeName}"`);
  t.match(source, `BillingMode: "${propertyOf(Table, "BillingMode")}"`);
});

interface Case extends PolicyRequest {
  readonly name: string;
  readonly policies: readonly Policy[];
  readonly want: Verdict;
}

const policyOf = (name: string, given?: Readonly<Record<string, string>>): Policy =>
  propertyOf(stackWith(given)[name], "PolicyDocument");

const everything: Policy = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
const host = (inAccount: string) => ["AWS", `arn:aws:iam::${inAccount}:role/web`] as const;
const tls = { "aws:SecureTransport": "true" };
const sendTo = (queue: string) => ({
  action: "sqs:SendMessage",
  resource: `arn:aws:sqs:${region}:${account}:${queue}`,
});
const report = sendTo("HostQueue");
const forward = { ...sendTo("ForwarderQueue"), principal: ["Service", "events.amazonaws.com"] as const };
const by = (rule: string, inAccount = account) => ({
  "aws:SourceArn": `arn:aws:events:${region}:${inAccount}:rule/${rule}`,
  "aws:SourceAccount": inAccount,
});
const own = [policyOf("HostQueuePolicy")];
const named = [policyOf("HostQueuePolicy", { HostAccounts: "444455556666,777788889999" })];
const organized = [policyOf("HostQueuePolicy", { OrganizationId: "o-abcdefghij", HostAccounts: "777788889999" })];
const rules = [policyOf("ForwarderQueuePolicy")];

const senders: readonly Case[] = [
  { ...report, name: "a host of the account", policies: own, principal: host(account), context: tls, want: "allowed" },
  {
    ...{ ...report, name: "a host of another", policies: own, principal: host("444455556666"), context: tls },
    want: "not allowed",
  },
  {
    ...{ ...report, name: "a host of a named account", policies: named, principal: host("777788889999"), context: tls },
    want: "allowed",
  },
  {
    ...{ ...report, name: "a host of an account that is not named", policies: named, principal: host("888899990000") },
    ...{ context: tls, want: "not allowed" },
  },
  {
    ...{ ...report, name: "a host without TLS", policies: [...own, everything], principal: host(account) },
    ...{ context: { "aws:SecureTransport": "false" }, want: "denied" },
  },
  {
    ...{ ...report, name: "a host of the organization", policies: organized, principal: host("444455556666") },
    ...{ context: { ...tls, "aws:PrincipalOrgID": "o-abcdefghij" }, want: "allowed" },
  },
  {
    ...{ ...report, name: "a host of another organization", policies: organized, principal: host("444455556666") },
    ...{ context: { ...tls, "aws:PrincipalOrgID": "o-aaaaaaaaaa" }, want: "not allowed" },
  },
  {
    ...{ ...report, name: "a host of no organization", policies: organized, principal: host("777788889999") },
    ...{ context: tls, want: "not allowed" },
  },
  {
    ...{ ...report, name: "a rule that speaks as a host", policies: organized, want: "not allowed" },
    ...{ principal: forward.principal, context: { ...tls, ...by("SessionRule") } },
  },
  {
    ...report,
    action: "sqs:ReceiveMessage",
    name: "a host that reads",
    policies: own,
    principal: host(account),
    context: tls,
    want: "not allowed",
  },
  ...["SessionRule", "ConnectRule", "CommandRule"].map(
    (rule) => ({ ...forward, name: rule, policies: rules, context: by(rule), want: "allowed" }) as const,
  ),
  { ...forward, name: "findings that were not asked for", policies: rules, context: by("FindingRule"), want: "denied" },
  {
    ...{ ...forward, name: "findings", policies: [policyOf("ForwarderQueuePolicy", { GuardDuty: "true" })] },
    ...{ context: by("FindingRule"), want: "allowed" },
  },
  { ...forward, name: "another rule", policies: rules, context: by("OtherRule"), want: "denied" },
  {
    ...{ ...forward, name: "a rule of that name in another account", policies: rules },
    ...{ context: by("SessionRule", "444455556666"), want: "denied" },
  },
  {
    ...{ ...forward, name: "an administrator of the account", policies: [...rules, everything] },
    ...{ principal: host(account), context: tls, want: "denied" },
  },
];

test("hosts and rules send where they should, and nobody else", async (t) => {
  for (const { name, policies, want, ...request } of senders) t.equal(evaluatePolicies(policies, request), want, name);
});

type Pattern = { readonly [key: string]: Pattern | readonly string[] };

/** Event patterns that name values alone (EventBridge User Guide, "Event patterns"). */
const fits = (pattern: Pattern, event: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(pattern).every(([key, wanted]) => {
    const value = event[key];
    if (Array.isArray(wanted)) return wanted.includes(value);
    return (
      typeof value === "object" && value !== null && fits(wanted as Pattern, value as Readonly<Record<string, unknown>>)
    );
  });

const samples = "test/data/host-events";
const forwardedBy: Readonly<Record<string, readonly string[]>> = {
  "start-session.json": ["SessionRule"],
  "resume-session.json": ["SessionRule"],
  "send-ssh-public-key.json": ["ConnectRule"],
  "send-serial-console-key.json": ["ConnectRule"],
  "open-tunnel.json": ["ConnectRule"],
  "command-invocation.json": ["CommandRule"],
  // The notifications of its invocations say the same.
  "command.json": [],
  "guardduty-finding.json": ["FindingRule"],
  "guardduty-sample.json": ["FindingRule"],
};

test("every event of AWS that is known is forwarded once, and every rule forwards to the queue", async (t) => {
  const stack = stackWith({ GuardDuty: "true" });
  const found = ofType("AWS::Events::Rule", stack);
  for (const [name, { Properties }] of found)
    t.strictSame(Properties.Targets, [{ Id: "dirtymark", Arn: arns["AWS::SQS::Queue"]?.("ForwarderQueue") }], name);
  const bridged = readdirSync(join(root, samples)).filter((name) => /"detail-type"/.test(read(`${samples}/${name}`)));
  t.strictSame(bridged.filter((name) => name !== "sns-notification.json").sort(), Object.keys(forwardedBy).sort());
  for (const [name, want] of Object.entries(forwardedBy)) {
    const body = read(`${samples}/${name}`);
    const matching = found.filter(([, one]) => fits(propertyOf(one, "EventPattern"), JSON.parse(body)));
    t.strictSame(
      matching.map(([rule]) => rule),
      want,
      name,
    );
    const reading = parseMessage(body, { sentAt: 0, maxBytes: 262_144, guardDuty: "on" });
    t.not(reading.is, "refused", name);
  }
  t.notOk("FindingRule" in stackWith(), "findings are not forwarded unless asked for");
});

test("accounts of the organization may forward, and nobody may where there is none", async (t) => {
  t.strictSame(ofType("AWS::Events::EventBusPolicy"), []);
  const [[, policy] = []] = ofType("AWS::Events::EventBusPolicy", stackWith({ OrganizationId: "o-abcdefghij" }));
  t.match(policy?.Properties, {
    Statement: { Action: "events:PutEvents", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } } },
  });
});

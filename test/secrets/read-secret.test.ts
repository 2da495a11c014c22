import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Test, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization, aParameter, aSecret } from "../../lib/demo/scenario/builders.ts";
import { readSecret, type SecretReading } from "../../lib/secrets/read-secret.ts";
import { formatSecretSource, type SecretSource } from "../../lib/settings/secret-settings.ts";
import { openOfflineSession } from "../support/offline-session.ts";
import { startDynalite } from "../support/start-dynalite.ts";

/** What no error may hold. */
const token = "xoxb-1234567890-Grüße";

const scenario = anOrganization({
  accounts: [
    anAccount({
      id: "111122223333",
      alias: "own",
      secrets: [
        aSecret({ name: "slack", value: token }),
        aSecret({ name: "json", value: JSON.stringify({ token, port: 25, "a#b": token, empty: "" }) }),
        aSecret({ name: "broken-json", value: `{"token":"${token}` }),
        aSecret({ name: "list", value: JSON.stringify([token]) }),
        aSecret({ name: "blank", value: " \n" }),
        aSecret({ name: "binary", value: token, isBinary: true }),
        aSecret({ name: "sealed", value: token, isDecryptable: false }),
      ],
      parameters: [
        aParameter({ name: "/prod/slack", value: token }),
        aParameter({ name: "/prod/sealed", value: token, isDecryptable: false }),
      ],
    }),
    anAccount({ id: "222233334444", alias: "vault" }),
  ],
});

async function startReading(t: Test, variables: Readonly<Record<string, string>> = {}) {
  const aws = await startOfflineAws({ scenario });
  t.teardown(() => aws.close());
  const reading: SecretReading = {
    environment: { SLACK_TOKEN: token, CRLF: `${token}\r\n`, EMPTY: "", LINES: "\n\n" },
    session: openOfflineSession(t, aws, variables),
    stop: new AbortController().signal,
  };
  return { aws, reading };
}

const inSecretsManager = (id: string, jsonKey?: string): SecretSource => ({ from: "secretsmanager", id, jsonKey });
const inCredstash = (name: string, table?: string): SecretSource => ({ from: "credstash", name, table });

const readable: readonly SecretSource[] = [
  { from: "env", name: "SLACK_TOKEN" },
  { from: "env", name: "CRLF" },
  inSecretsManager("slack"),
  inSecretsManager("json", "token"),
  inSecretsManager("json", "a#b"),
  { from: "ssm", name: "/prod/slack" },
  { from: "ssm", name: "arn:aws:ssm:us-east-1:111122223333:parameter/prod/slack" },
];

test("a secret is read from", async (t) => {
  const { reading } = await startReading(t);
  for (const source of readable) {
    const secret = await readSecret(source, reading);
    t.equal(secret.reveal(), token, formatSecretSource(source));
    t.equal(`${secret}${JSON.stringify(secret)}`, '[redacted]"[redacted]"');
  }
});

test("a file's last line ends before its line's end, and inner ones stay", async (t) => {
  const { reading } = await startReading(t);
  const files = { plain: token, line: `${token}\n`, dos: `${token}\r\n`, key: "BEGIN\nEND\n", spaced: " x \n" };
  const directory = t.testdir(files);
  const read = async (name: string) =>
    (await readSecret({ from: "file", path: `${directory}/${name}` }, reading)).reveal();
  for (const name of ["plain", "line", "dos"]) t.equal(await read(name), token, name);
  t.equal(await read("key"), "BEGIN\nEND");
  t.equal(await read("spaced"), " x ");
});

interface Refused {
  readonly source: SecretSource;
  readonly says: string | RegExp;
  readonly code?: string;
}

const refused: readonly Refused[] = [
  { source: { from: "env", name: "NONE" }, says: "no such environment variable", code: "missing" },
  { source: { from: "env", name: "EMPTY" }, says: "it is empty", code: "missing" },
  { source: { from: "env", name: "LINES" }, says: "it is empty" },
  { source: { from: "file", path: "/no/such/file" }, says: /ENOENT/ },
  { source: { from: "file", path: "/" }, says: /EISDIR/ },
  { source: inSecretsManager("nothing"), says: /^secretsmanager:GetSecretValue: .* can't find the specified secret/ },
  { source: inSecretsManager("sealed"), says: /can't decrypt/ },
  { source: inSecretsManager("binary"), says: /is binary, not a text/ },
  { source: inSecretsManager("blank"), says: "it is empty" },
  { source: inSecretsManager("json", "none"), says: 'its JSON has no member "none"', code: "missing" },
  { source: inSecretsManager("json", "toString"), says: 'its JSON has no member "toString"' },
  { source: inSecretsManager("json", "port"), says: 'member "port" of its JSON is not a text' },
  { source: inSecretsManager("json", "empty"), says: "it is empty" },
  { source: inSecretsManager("broken-json", "token"), says: "it is not a JSON object" },
  { source: inSecretsManager("slack", "token"), says: "it is not a JSON object" },
  { source: inSecretsManager("list", "0"), says: "it is not a JSON object" },
  { source: { from: "ssm", name: "/prod/none" }, says: "ssm:GetParameter: ParameterNotFound" },
  { source: { from: "ssm", name: "/prod/sealed" }, says: /KMS key/ },
];

async function failureOf(t: Test, source: SecretSource, reading: SecretReading) {
  try {
    await readSecret(source, reading);
  } catch (thrown) {
    return thrown as Error & { readonly code: string };
  }
  return t.fail(`${formatSecretSource(source)} was read`);
}

function refuses(t: Test, thrown: unknown, { source, says, code }: Refused): void {
  const start = `secret "${formatSecretSource(source)}": `;
  // What readSecret throws is an Error, which the first check shows.
  const { message, stack, cause, code: told } = thrown as Error & { readonly code: string };
  t.equal(message.slice(0, start.length), start);
  t.match(message.slice(start.length), says, start);
  if (code !== undefined) t.equal(told, code, start);
  t.notMatch(`${stack}`, token, start);
  t.equal(cause, undefined, "the SDK's error, which may hold the answer, is left behind");
}

test("a secret that can't be read is refused by its source's name, without the value:", async (t) => {
  const { reading } = await startReading(t);
  for (const one of refused) refuses(t, await failureOf(t, one.source, reading), one);
});

test("a denied read says who and what", async (t) => {
  const { aws, reading } = await startReading(t);
  aws.organization.denials.push({ action: "*" });
  const says = /is not authorized to perform: secretsmanager:GetSecretValue/;
  const source = inSecretsManager("slack");
  refuses(t, await failureOf(t, source, reading), { source, says, code: "denied" });
});

/** Answers that break off within the secret, as a proxy's would; the SDK's own error then quotes the place. */
test("an answer that can't be parsed is not quoted", async (t) => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    response.end(`{"SecretString":"x","Parameter":{"Value":"y"}, ${token}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  const { reading } = await startReading(t, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
  for (const source of [inSecretsManager("slack"), { from: "ssm", name: "/prod/slack" } as const])
    refuses(t, await failureOf(t, source, reading), { source, says: "the answer can't be read" });
});

test("a read ends with its stop", async (t) => {
  const { aws, reading } = await startReading(t);
  aws.organization.faults.push({ action: "*", kind: "hang" });
  const controller = new AbortController();
  const source = inSecretsManager("slack");
  const failed = failureOf(t, source, { ...reading, stop: controller.signal });
  setTimeout(() => controller.abort(new Error("SIGTERM")), 20);
  refuses(t, await failed, { source, says: "stopped by SIGTERM", code: "stopped" });
});

type Item = Record<string, AttributeValue>;

const records: readonly Record<string, { readonly S?: string; readonly B?: string }>[] = JSON.parse(
  readFileSync(new URL("../data/credstash/records.json", import.meta.url), "utf8"),
);

const fromBase64 = (text: string): Uint8Array => Buffer.from(text, "base64");

const recorded = records.map(
  (record): Item =>
    Object.fromEntries(
      Object.entries(record).map(([name, { S = "", B }]) => [name, B === undefined ? { S } : { B: fromBase64(B) }]),
    ),
);

const spoiled = (name: string, change: Item): Item => ({ ...recorded.at(-1), name: { S: name }, ...change });

const damaged: readonly Item[] = [
  spoiled("altered", { contents: { S: "AAAA" } }),
  spoiled("short-hmac", { hmac: { S: "00" } }),
  spoiled("foreign-key", { key: { S: Buffer.from("not KMS's").toString("base64") } }),
  { name: { S: "half" }, version: { S: "1" }, key: { S: "AAAA" } },
];

/** Tables as credstash's own setup makes them. */
async function startCredstash(t: Test) {
  const { environment } = await startDynalite(t);
  const started = await startReading(t, environment);
  const client = new DynamoDBClient({});
  t.teardown(() => client.destroy());
  for (const TableName of ["credential-store", "other"]) await client.send(new CreateTableCommand(tableOf(TableName)));
  for (const Item of [...recorded, ...damaged])
    await client.send(new PutItemCommand({ TableName: "credential-store", Item }));
  return started;
}

const tableOf = (TableName: string): CreateTableCommandInput => ({
  TableName,
  KeySchema: [
    { AttributeName: "name", KeyType: "HASH" },
    { AttributeName: "version", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "name", AttributeType: "S" },
    { AttributeName: "version", AttributeType: "S" },
  ],
  BillingMode: "PAY_PER_REQUEST",
});

const unsealed: readonly Refused[] = [
  { source: inCredstash("nothing"), says: 'table "credential-store" has no such secret', code: "missing" },
  { source: inCredstash("node", "other"), says: 'table "other" has no such secret', code: "missing" },
  { source: inCredstash("node", "no-table"), says: /^dynamodb:Query: / },
  { source: inCredstash("altered"), says: "its stored HMAC does not fit its contents" },
  { source: inCredstash("short-hmac"), says: "its stored HMAC does not fit its contents" },
  { source: inCredstash("foreign-key"), says: "kms:Decrypt: InvalidCiphertextException" },
  { source: inCredstash("half"), says: /lacks key, contents or hmac/ },
];

test("credstash's latest version is read, whoever wrote it", async (t) => {
  const { aws, reading } = await startCredstash(t);
  for (const name of ["python", "python-sha512", "node"])
    t.equal((await readSecret(inCredstash(name), reading)).reveal(), token, name);
  t.strictSame(aws.calls(), { "kms:Decrypt": 3 });
});

test("what credstash can't give is refused:", async (t) => {
  const { reading } = await startCredstash(t);
  for (const one of unsealed) refuses(t, await failureOf(t, one.source, reading), one);
});

test("credstash's own profile reads its table and its key", async (t) => {
  const { aws, reading } = await startCredstash(t);
  const directory = t.testdir({ config: aws.configFile() });
  const variables = { AWS_CONFIG_FILE: `${directory}/config`, AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const session = {
    ...openOfflineSession(t, aws, variables),
    credentials: () => Promise.reject(new Error("not asked")),
  };
  for (const name of Object.keys(aws.environment()).filter((name) => /KEY|TOKEN/.test(name))) delete process.env[name];
  const read = (profile: string) =>
    readSecret(inCredstash("python"), { ...reading, session, credstash: { profile, region: "eu-central-1" } });
  t.equal((await read("own")).reveal(), token);
  await t.rejects(read("vault"), { message: /^secret "credstash:python": kms:Decrypt: / });
});

test("credstash's region alone goes with the run's credentials", async (t) => {
  const { reading } = await startCredstash(t);
  const credstash = { profile: undefined, region: "eu-west-1" };
  t.equal((await readSecret(inCredstash("node"), { ...reading, credstash })).reveal(), token);
});

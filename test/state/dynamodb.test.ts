import { CreateTableCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { t as file, type Test, test } from "tap";
import { openStop } from "../../lib/runtime/stop.ts";
import { openDynamoDbStore } from "../../lib/state/dynamodb.ts";
import { testStore } from "../contract/store.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import { startDynalite } from "../support/start-dynalite.ts";
import { startTroubledDynamoDb } from "../support/troubled-dynamodb.ts";

const { url } = await startDynalite(file);
const client = makeDynamoDbClient(url);
const { signal: running } = openStop();

interface Opening {
  readonly client?: DynamoDBClient;
  readonly table?: string;
  readonly stop?: AbortSignal;
  readonly now?: () => number;
}

const unexpected: string[] = [];

const open = (opening: Opening, warnings = unexpected) => {
  const warn = (message: string) => warnings.push(message);
  return openDynamoDbStore({ client, table: "stalewatch", stop: running, warn, ...opening });
};

testStore("dynamodb", (_t, clock) => open({ ...clock }));

/** A store that is reached through a proxy which can be told to make trouble. */
async function openTroubled(t: Test) {
  const proxy = await startTroubledDynamoDb(t, url);
  const through = makeDynamoDbClient(proxy.url);
  t.teardown(() => through.destroy());
  return { proxy, store: await open({ client: through }) };
}

test("dynamodb: a write whose answer was lost is known again when it is repeated", async (t) => {
  const { proxy, store } = await openTroubled(t);
  proxy.loseAnswer("PutItem");
  t.equal(await store.create("lost", "a", { n: 1 }), "created");
  const created = await store.get("lost", "a");
  proxy.loseAnswer("PutItem");
  const replacement = { body: { n: 2 }, expectedVersion: created?.version ?? 0 };
  t.equal(await store.replace("lost", "a", replacement), "replaced");
  const replaced = await store.get("lost", "a");
  t.strictSame(replaced, { id: "a", version: replacement.expectedVersion + 1, body: { n: 2 } });
  proxy.loseAnswer("DeleteItem");
  t.equal(await store.remove("lost", "a", replaced?.version ?? 0), "removed");
  t.equal(await store.get("lost", "a"), undefined);
  t.equal(proxy.asked.filter((operation) => operation === "PutItem").length, 4, "each was repeated");
});

test("dynamodb: a repeated write does not take another's for its own", async (t) => {
  const [{ proxy, store }, other] = [await openTroubled(t), await open({})];
  await other.create("others", "a", { by: "other" });
  proxy.loseAnswer("PutItem");
  t.equal(await store.create("others", "a", { by: "us" }), "exists");
  const { version = 0 } = (await store.get("others", "a")) ?? {};
  await other.replace("others", "a", { body: { by: "other again" }, expectedVersion: version });
  proxy.loseAnswer("PutItem");
  t.equal(await store.replace("others", "a", { body: { by: "us" }, expectedVersion: version }), "conflict");
  proxy.loseAnswer("DeleteItem");
  t.equal(await store.remove("others", "a", version), "conflict");
  t.strictSame((await store.get("others", "a"))?.body, { by: "other again" });
});

test("dynamodb: a refused write is asked for once", async (t) => {
  const { proxy, store } = await openTroubled(t);
  await store.create("once", "a", {});
  const before = proxy.asked.length;
  t.equal(await store.create("once", "a", {}), "exists");
  t.strictSame(proxy.asked.slice(before), ["PutItem"]);
});

test("dynamodb: a table that is missing is made once by racing processes", async (t) => {
  const stores = await Promise.all(Array.from({ length: 5 }, () => open({ table: "raced" })));
  t.strictSame((await Promise.all(stores.map((store) => store.create("c", "a", {})))).sort(), [
    ...["created", "exists", "exists", "exists", "exists"],
  ]);
});

test("dynamodb: an item has what time to live needs, in seconds and never early", async (t) => {
  const store = await open({ now: () => 0 });
  await store.create("ttl", "a", { n: 1 }, { expiresAt: 1_772_366_400_001 });
  const key = { collection: { S: "ttl" }, id: { S: "a" } };
  const { Item } = await client.send(new GetItemCommand({ TableName: "stalewatch", Key: key }));
  t.match(Item, {
    ...key,
    body: { S: '{"n":1}' },
    expires_at: { N: "1772366401" },
    expires_at_ms: { N: "1772366400001" },
  });
});

test("dynamodb: an item that no store wrote is an error that names it", async (t) => {
  const store = await open({});
  await client.send(
    new PutItemCommand({ TableName: "stalewatch", Item: { collection: { S: "x" }, id: { S: "foreign" } } }),
  );
  await t.rejects(store.get("x", "foreign"), { name: "OpsError", message: '"foreign" in "x" is no record of a store' });
});

const denied = {
  status: 400,
  type: "com.amazonaws.dynamodb.v20120810#AccessDeniedException",
  message: "User: arn:aws:iam::123456789012:user/x is not authorized",
};

test("dynamodb: a table that may not be made is an error that names action and table", async (t) => {
  const proxy = await startTroubledDynamoDb(t, url);
  proxy.refuse("CreateTable", denied);
  await t.rejects(open({ client: makeDynamoDbClient(proxy.url), table: "forbidden" }), {
    ...{ name: "OpsError", code: "denied" },
    message: `dynamodb:CreateTable of table "forbidden", which is missing: ${denied.message}`,
  });
});

test("dynamodb: each call that is denied names action and table", async (t) => {
  const { proxy, store } = await openTroubled(t);
  for (const operation of ["GetItem", "PutItem", "DeleteItem", "Query"]) proxy.refuse(operation, denied);
  const calls: readonly { readonly action: string; readonly call: () => Promise<unknown> }[] = [
    { action: "GetItem", call: () => store.get("c", "a") },
    { action: "PutItem", call: () => store.create("c", "a", {}) },
    { action: "PutItem", call: () => store.replace("c", "a", { body: {}, expectedVersion: 1 }) },
    { action: "DeleteItem", call: () => store.remove("c", "a", 1) },
    { action: "Query", call: () => store.list("c")[Symbol.asyncIterator]().next() },
  ];
  for (const { action, call } of calls) {
    const message = `dynamodb:${action} on table "stalewatch": ${denied.message}`;
    await t.rejects(call(), { name: "OpsError", code: "denied", message });
  }
});

test("dynamodb: what a table can do without is told, and the table is used", async (t) => {
  const proxy = await startTroubledDynamoDb(t, url);
  proxy.refuse("DescribeTimeToLive", denied);
  proxy.refuse("DescribeContinuousBackups", denied);
  const warnings: string[] = [];
  const store = await open({ client: makeDynamoDbClient(proxy.url), table: "bare" }, warnings);
  t.strictSame(warnings, [
    `time to live of table "bare" is off: dynamodb:DescribeTimeToLive: ${denied.message}`,
    `point-in-time recovery of table "bare" is off: dynamodb:DescribeContinuousBackups: ${denied.message}`,
  ]);
  t.equal(await store.create("c", "a", {}), "created");
});

test("dynamodb: another program's table is refused", async (t) => {
  const create = new CreateTableCommand({
    TableName: "iam-access-key-alert",
    KeySchema: [{ AttributeName: "access_key", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "access_key", AttributeType: "S" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  await client.send(create);
  await t.rejects(open({ table: "iam-access-key-alert" }), {
    name: "OpsError",
    message:
      'state_table "iam-access-key-alert" is another program\'s: its keys are access_key HASH, not collection HASH, id RANGE',
  });
});

test("dynamodb: nothing is asked for once it is stopped", async (t) => {
  const stopping = new AbortController();
  const store = await open({ stop: stopping.signal });
  stopping.abort(new Error("SIGTERM"));
  await t.rejects(store.get("c", "a"), {
    code: "stopped",
    message: /^dynamodb:GetItem on table .*stopped by SIGTERM$/,
  });
  await t.rejects(open({ stop: stopping.signal, table: "never" }), { code: "stopped" });
});

test("dynamodb: dynalite, which knows neither, is no reason to warn", async (t) => t.strictSame(unexpected, []));

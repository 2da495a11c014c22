import { DescribeTableCommand, DescribeTimeToLiveCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { t as file, test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { openStop } from "../../lib/runtime/stop.ts";
import { openDynamoDbStore } from "../../lib/state/dynamodb.ts";
import { testStore } from "../contract/store.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import { skipWithout } from "./support/peers.ts";
import { startDynamoDbLocal } from "./support/start-dynamodb-local.ts";
import { waitUntil } from "./support/wait-until.ts";

const skip = skipWithout("DynamoDB Local");

if (skip) test("a store in DynamoDB Local", { skip }, async () => {});
else await testHere();

async function testHere(): Promise<void> {
  const url = await startDynamoDbLocal(file);
  const client = makeDynamoDbClient(url);
  const warnings: string[] = [];
  const { signal: stop } = openStop();
  const open = (clock = {}) =>
    openDynamoDbStore({
      ...{ client: makeDynamoDbClient(url), table: "stalewatch", ...clock },
      ...{ stop, warn: (message: string) => warnings.push(message) },
    });

  test("racing processes make one table, paid by request, that forgets what has expired", async (t) => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => open()));
    const answers = await Promise.all(stores.map((store) => store.create("raced", "a", {})));
    t.strictSame(
      answers.filter((answer) => answer === "created"),
      ["created"],
    );
    const { Table } = await client.send(new DescribeTableCommand({ TableName: "stalewatch" }));
    t.match(Table, { TableStatus: "ACTIVE", BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" } });
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: "stalewatch" }));
    t.match(TimeToLiveDescription, { AttributeName: "expires_at", TimeToLiveStatus: "ENABLED" });
    t.strictSame(warnings, []);
  });

  test("what has expired is deleted by the server, and nothing else", async (t) => {
    const store = await open();
    await store.create("expiring", "soon", {}, { expiresAt: Date.now() + seconds(2) });
    await store.create("expiring", "later", {}, { expiresAt: Date.now() + seconds(3600) });
    await store.create("expiring", "never", {});
    const find = async (id: string) => {
      const key = { collection: { S: "expiring" }, id: { S: id } };
      return (await client.send(new GetItemCommand({ TableName: "stalewatch", Key: key, ConsistentRead: true }))).Item;
    };
    t.ok(await find("soon"));
    await waitUntil("the item is deleted", async () => (await find("soon")) === undefined, seconds(60));
    for (const id of ["later", "never"]) t.ok(await find(id), id);
  });

  // Last: something of what it stores keeps DynamoDB Local from deleting anything afterwards.
  testStore("DynamoDB Local", (_t, clock) => open(clock));
}

import { setTimeout as pause } from "node:timers/promises";
import { CreateTableCommand, DescribeTableCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { call } from "../aws/call.ts";
import { OpsError } from "../core/errors.ts";
import { days, type Millis, seconds } from "../core/time.ts";
import { tableActions } from "./dynamodb-actions.ts";
import { switchOnFeatures } from "./dynamodb-features.ts";
import type { TableRequest } from "./dynamodb-request.ts";

/** Makes the table where there is none; any number of processes may at once. */
export async function prepareTable(request: TableRequest): Promise<void> {
  const { table: name, now = Date.now } = request;
  const found = await findTable(request);
  if (found === undefined) await createTable(request);
  const table = await untilUsable(request, found);
  refuseForeign(name, table);
  // Its maker may have ended before it had switched everything on.
  if (isNew(table, now())) await switchOnFeatures(request);
}

const findTable = ({ client, table, stop }: TableRequest): Promise<TableDescription | undefined> =>
  call(`${tableActions.use.describe} on table "${table}"`, stop, async () => {
    try {
      return (await client.send(new DescribeTableCommand({ TableName: table }), { abortSignal: stop })).Table;
    } catch (thrown) {
      if (isNamed(thrown, "ResourceNotFoundException")) return undefined;
      throw thrown;
    }
  });

const keySchema = [
  { AttributeName: "collection", KeyType: "HASH" },
  { AttributeName: "id", KeyType: "RANGE" },
] as const;

const createTable = ({ client, table, stop }: TableRequest): Promise<void> =>
  call(`${tableActions.make.create} of table "${table}", which is missing`, stop, async () => {
    const command = new CreateTableCommand({
      TableName: table,
      KeySchema: [...keySchema],
      AttributeDefinitions: keySchema.map(({ AttributeName }) => ({ AttributeName, AttributeType: "S" })),
      BillingMode: "PAY_PER_REQUEST",
    });
    try {
      await client.send(command, { abortSignal: stop });
    } catch (thrown) {
      // Somebody else was first.
      if (!isNamed(thrown, "ResourceInUseException")) throw thrown;
    }
  });

const isNamed = (thrown: unknown, name: string): boolean => thrown instanceof Error && thrown.name === name;

/** AWS makes a table within some ten seconds. */
const patience: Millis = seconds(60);
const longestPause: Millis = seconds(2);

/** A table just made may first be answered as missing, then as CREATING (DescribeTable, DynamoDB API reference). */
async function untilUsable(request: TableRequest, found: TableDescription | undefined): Promise<TableDescription> {
  let table = found;
  let waited = 0;
  for (let wait = seconds(0.1); waited < patience; wait = Math.min(wait * 2, longestPause)) {
    const status = table?.TableStatus ?? "CREATING";
    if (table !== undefined && (status === "ACTIVE" || status === "UPDATING")) return table;
    if (status !== "CREATING") throw new OpsError("other", `table "${request.table}" can't be used: it is ${status}`);
    // The next call tells why, where it was stopped.
    await pause(wait, undefined, { signal: request.stop }).catch(() => undefined);
    waited += wait;
    table = await findTable(request);
  }
  throw new OpsError("not_ready", `table "${request.table}" was not ready within ${patience / 1000} s`);
}

function refuseForeign(name: string, { KeySchema = [] }: TableDescription): void {
  const keys = KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(", ");
  const wanted = keySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(", ");
  if (keys !== wanted) {
    throw new OpsError("other", `state_table "${name}" is another program's: its keys are ${keys}, not ${wanted}`);
  }
}

const isNew = ({ CreationDateTime }: TableDescription, now: Millis): boolean =>
  CreationDateTime !== undefined && now - CreationDateTime.getTime() < days(1);

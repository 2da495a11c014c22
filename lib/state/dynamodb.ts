import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { call } from "../aws/call.ts";
import type { JsonObject } from "../core/json.ts";
import { tableActions } from "./dynamodb-actions.ts";
import { ifGone, ifVersion, queryOf } from "./dynamodb-expressions.ts";
import { expiryOf, formatItem, type Item, keyOf, type NewItem, parseItem } from "./dynamodb-item.ts";
import type { TableRequest } from "./dynamodb-request.ts";
import { prepareTable } from "./dynamodb-table.ts";
import { checkName, encodeBody, firstVersion, isExpired } from "./record.ts";
import type { Range, Store } from "./store.ts";

/** `doubtful`: refused, but only after an earlier attempt whose answer was lost, and which may have been the reason. */
type Answer = "done" | "refused" | "doubtful";

const actions = tableActions.use;

/** A table that is made where it is missing; used by gets, conditional puts and deletes, and queries alone. */
export async function openDynamoDbStore(request: TableRequest): Promise<Store> {
  const { client, table, stop, now = Date.now } = request;
  await prepareTable(request);

  const ask = <Output>(action: string, send: () => Promise<Output>): Promise<Output> =>
    call(`${action} on table "${table}"`, stop, send);

  const findItem = (collection: string, id: string): Promise<Item | undefined> =>
    ask(actions.get, async () => {
      const query = { TableName: table, Key: keyOf(collection, id), ConsistentRead: true };
      return (await client.send(new GetItemCommand(query), { abortSignal: stop })).Item;
    });
  const attempt = (action: string, send: () => Promise<unknown>): Promise<Answer> =>
    ask(action, async () => {
      try {
        await send();
        return "done";
      } catch (thrown) {
        if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown;
        return (thrown.$metadata.attempts ?? 1) > 1 ? "doubtful" : "refused";
      }
    });
  /** False where the condition does not hold. */
  const put = async (record: Omit<NewItem, "writer">, condition: Condition) => {
    const { collection, id } = record;
    const writer = randomUUID();
    const input = { TableName: table, Item: formatItem({ ...record, writer }), ...condition };
    const answer = await attempt(actions.put, () => client.send(new PutItemCommand(input), { abortSignal: stop }));
    return answer === "doubtful" ? (await findItem(collection, id))?.writer?.S === writer : answer === "done";
  };

  return {
    async get<Body extends JsonObject>(collection: string, id: string) {
      checkName(collection, id);
      const item = await findItem(collection, id);
      return item === undefined || isExpired(expiryOf(item), now()) ? undefined : parseItem<Body>(item);
    },
    async create(collection, id, body, { expiresAt } = {}) {
      checkName(collection, id);
      const json = encodeBody(collection, id, body);
      const record = { collection, id, version: firstVersion(), expiresAt, json };
      return (await put(record, ifGone(now()))) ? "created" : "exists";
    },
    async replace(collection, id, { body, expectedVersion, expiresAt }) {
      checkName(collection, id);
      const json = encodeBody(collection, id, body);
      const record = { collection, id, version: expectedVersion + 1, expiresAt, json };
      return (await put(record, ifVersion(expectedVersion, now()))) ? "replaced" : "conflict";
    },
    async remove(collection, id, expectedVersion) {
      checkName(collection, id);
      const input = { TableName: table, Key: keyOf(collection, id), ...ifVersion(expectedVersion, now()) };
      const answer = await attempt(actions.remove, () =>
        client.send(new DeleteItemCommand(input), { abortSignal: stop }),
      );
      const isGone = answer === "doubtful" ? (await findItem(collection, id)) === undefined : answer === "done";
      return isGone ? "removed" : "conflict";
    },
    async *list<Body extends JsonObject>(collection: string, range: Range = {}) {
      const query = queryOf(collection, range);
      if (query === undefined) return;
      let ExclusiveStartKey: Item | undefined;
      do {
        const input = { TableName: table, ConsistentRead: true, ...query.input, ExclusiveStartKey };
        const page = await ask(actions.query, () => client.send(new QueryCommand(input), { abortSignal: stop }));
        for (const item of page.Items ?? []) {
          const record = parseItem<Body>(item);
          if (query.isBeyond(record.id)) return;
          if (!isExpired(expiryOf(item), now())) yield record;
        }
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
    },
    // Its session's client may serve others.
    async close() {},
  };
}

type Condition = Pick<
  PutItemCommandInput,
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Millis } from "../core/time.ts";
import { number } from "./dynamodb-item.ts";
import { checkRange, compareIds } from "./record.ts";
import type { Range } from "./store.ts";

/** What expressions call attributes: some of their names are words reserved by DynamoDB. */
const names = { "#collection": "collection", "#id": "id", "#version": "version", "#expiry": "expires_at_ms" } as const;

/** DynamoDB refuses a name that its expression does not use. */
const namesIn = (expression: string): Record<string, string> =>
  Object.fromEntries(Object.entries(names).filter(([name]) => expression.includes(name)));

const condition = (expression: string, values: Record<string, AttributeValue>) => ({
  ConditionExpression: expression,
  ExpressionAttributeNames: namesIn(expression),
  ExpressionAttributeValues: values,
});

/** Time to live deletes late: what has expired is as good as gone. */
export const ifGone = (now: Millis) =>
  condition("attribute_not_exists(#id) OR #expiry <= :now", { ":now": number(now) });

export const ifVersion = (version: number, now: Millis) =>
  condition("#version = :version AND (attribute_not_exists(#expiry) OR #expiry > :now)", {
    ":version": number(version),
    ":now": number(now),
  });

/** Undefined where no id can lie in the range: a query takes one condition on ids, so `isBeyond` judges the end of some. */
export function queryOf(collection: string, { prefix = "", from = "" }: Range) {
  checkRange(collection, [prefix, from]);
  const isFromFirst = compareIds(from, prefix) > 0;
  if (isFromFirst && !from.startsWith(prefix)) return undefined;
  const begin = isFromFirst ? from : prefix;
  const onIds = isFromFirst ? "#id >= :begin" : "begins_with(#id, :begin)";
  const expression = begin === "" ? "#collection = :collection" : `#collection = :collection AND ${onIds}`;
  return {
    isBeyond: (id: string) => !id.startsWith(prefix),
    input: {
      KeyConditionExpression: expression,
      ExpressionAttributeNames: namesIn(expression),
      ExpressionAttributeValues: {
        ":collection": { S: collection },
        ...(begin === "" ? {} : { ":begin": { S: begin } }),
      },
    },
  };
}

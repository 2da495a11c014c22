import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { type Calling, call } from "../call.ts";
import { allPages } from "./pages.ts";

export const dynamoDbReadActions = { scanTable: "dynamodb:Scan" } as const;

/** An item's attributes that are texts or numbers, by name; others are left out. */
export type TextItem = ReadonlyMap<string, string>;

/** All items of a table, page by page, in no order; for tables whose keys are texts. */
export const scanTable = (
  { client, stop }: Calling<DynamoDBClient>,
  table: string,
): AsyncGenerator<readonly TextItem[]> => {
  const action = dynamoDbReadActions.scanTable;
  return allPages(action, async (marker) => {
    const from: Record<string, AttributeValue> | undefined = marker === undefined ? undefined : JSON.parse(marker);
    const page = await call(action, stop, () =>
      client.send(new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: from }), {
        abortSignal: stop,
      }),
    );
    const { Items: items = [], LastEvaluatedKey: last } = page;
    return { items: items.map(textsOf), next: last === undefined ? undefined : JSON.stringify(last) };
  });
};

const textsOf = (item: Readonly<Record<string, AttributeValue>>): TextItem =>
  new Map(
    Object.entries(item).flatMap(([name, { S, N: text = S }]) => (text === undefined ? [] : [[name, text] as const])),
  );

import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { StoreClock } from "./record.ts";

export interface TableRequest extends StoreClock {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Ends every call, also those of an action under way. */
  readonly stop: AbortSignal;
  /** Told of what the table can do without. */
  readonly warn: (message: string) => void;
}

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { onePerSession } from "./one-per-session.ts";

export const dynamoDbClient = onePerSession((configuration) => new DynamoDBClient(configuration));

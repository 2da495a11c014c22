import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientConfiguration } from "../../lib/aws/session.ts";
import { noCalls } from "../../lib/core/call-counts.ts";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** A client as the product configures it, for a server that takes any credentials. */
export function makeDynamoDbClient(endpoint: string): DynamoDBClient {
  const credentials = async () => ({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "any" });
  const session = { profile: undefined, region: "us-east-1", credentials, counts: noCalls() };
  return new DynamoDBClient({ ...clientConfiguration(session), endpoint });
}

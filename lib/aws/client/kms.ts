import { KMSClient } from "@aws-sdk/client-kms";
import { onePerSession } from "./one-per-session.ts";

export const kmsClient = onePerSession((configuration) => new KMSClient(configuration));

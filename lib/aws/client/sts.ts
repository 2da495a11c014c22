import { STSClient } from "@aws-sdk/client-sts";
import { onePerSession } from "./one-per-session.ts";

export const stsClient = onePerSession((configuration) => new STSClient(configuration));

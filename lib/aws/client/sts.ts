import { STSClient } from "@aws-sdk/client-sts";
import { onePerSession } from "./one-per-session.ts";

/** Every scope begins with STS: what can't be reached at all is told within seconds, before a deadline hides the cause. */
export const stsClient = onePerSession((configuration) => new STSClient({ ...configuration, maxAttempts: 5 }));

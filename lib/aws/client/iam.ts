import { IAMClient } from "@aws-sdk/client-iam";
import { onePerSession } from "./one-per-session.ts";

export const iamClient = onePerSession((configuration) => new IAMClient(configuration));

/** Tries each call once: for credential reports, whose own limit answers by a name that the SDK takes for throttling. */
export const iamReportClient = onePerSession((configuration) => new IAMClient({ ...configuration, maxAttempts: 1 }));

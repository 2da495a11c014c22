import { IAMClient } from "@aws-sdk/client-iam";
import { retryRefused } from "../retry-refused.ts";
import { onePerSession } from "./one-per-session.ts";

export const iamClient = onePerSession((configuration) => new IAMClient(configuration));

/** Tries each call once: for credential reports, whose own limit answers by a name that the SDK takes for throttling. */
export const iamReportClient = onePerSession((configuration) => new IAMClient({ ...configuration, maxAttempts: 1 }));

/** Never repeats a call that may have been carried out; whoever writes looks what became of it. */
export const iamWriteClient = onePerSession(
  (configuration) => new IAMClient({ ...configuration, retryStrategy: retryRefused(4) }),
);

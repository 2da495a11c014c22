import { IAMClient } from "@aws-sdk/client-iam";
import { retryRefused } from "../retry-refused.ts";
import { onePerSession } from "./one-per-session.ts";

export const iamClient = onePerSession((configuration) => new IAMClient(configuration));

/** Never repeats a call that may have been carried out; whoever writes looks what became of it. */
export const iamWriteClient = onePerSession(
  (configuration) => new IAMClient({ ...configuration, retryStrategy: retryRefused(4) }),
);

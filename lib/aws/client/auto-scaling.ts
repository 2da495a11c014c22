import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { refuseEmptyLists } from "../refuse-empty-lists.ts";
import { retryRefused } from "../retry-refused.ts";
import { onePerSession } from "./one-per-session.ts";

/** Of the session's own region. As EC2's, it takes a request without names for all. */
export const autoScalingClient = onePerSession((configuration) =>
  refuseEmptyLists(new AutoScalingClient(configuration)),
);

/** Never repeats a call that may have been carried out; whoever writes looks what became of it. */
export const autoScalingWriteClient = onePerSession((configuration) =>
  refuseEmptyLists(new AutoScalingClient({ ...configuration, retryStrategy: retryRefused(4) })),
);

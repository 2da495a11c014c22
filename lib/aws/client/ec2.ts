import { EC2Client } from "@aws-sdk/client-ec2";
import { refuseEmptyLists } from "../refuse-empty-lists.ts";
import { retryRefused } from "../retry-refused.ts";
import { onePerSession } from "./one-per-session.ts";

/** Of the session's own region: `regionalSession` leads to the others. */
export const ec2Client = onePerSession((configuration) => refuseEmptyLists(new EC2Client(configuration)));

/** Never repeats a call that may have been carried out; whoever writes looks what became of it. */
export const ec2WriteClient = onePerSession((configuration) =>
  refuseEmptyLists(new EC2Client({ ...configuration, retryStrategy: retryRefused(4) })),
);

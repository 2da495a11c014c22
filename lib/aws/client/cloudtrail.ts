import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { onePerSession } from "./one-per-session.ts";

export const cloudTrailClient = onePerSession((configuration) => new CloudTrailClient(configuration));

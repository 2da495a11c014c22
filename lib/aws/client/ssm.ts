import { SSMClient } from "@aws-sdk/client-ssm";
import { onePerSession } from "./one-per-session.ts";

export const ssmClient = onePerSession((configuration) => new SSMClient(configuration));

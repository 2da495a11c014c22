import { SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { onePerSession } from "./one-per-session.ts";

export const ssoAdminClient = onePerSession((configuration) => new SSOAdminClient(configuration));

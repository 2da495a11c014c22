import { IdentitystoreClient } from "@aws-sdk/client-identitystore";
import { onePerSession } from "./one-per-session.ts";

export const identitystoreClient = onePerSession((configuration) => new IdentitystoreClient(configuration));

import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { onePerSession } from "./one-per-session.ts";

export const secretsManagerClient = onePerSession((configuration) => new SecretsManagerClient(configuration));

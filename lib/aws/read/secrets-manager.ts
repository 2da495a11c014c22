import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";

export const secretsManagerReadActions = { getSecretText: "secretsmanager:GetSecretValue" } as const;

/** The current text of a secret, by name or ARN. */
export async function getSecretText(
  { client, stop }: Calling<SecretsManagerClient>,
  secretId: string,
): Promise<string> {
  const action = secretsManagerReadActions.getSecretText;
  const { SecretString: text } = await call(action, stop, () =>
    client.send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal: stop }),
  );
  if (text === undefined) throw new OpsError("other", `${action}: the secret is binary, not a text`);
  return text;
}

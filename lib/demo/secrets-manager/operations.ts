import { AwsError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readText, requireText } from "../parameters.ts";
import { type Account, demoRegion, type StoredSecret } from "../state.ts";

/** A secret is asked for by name, by ARN, or by its ARN without the six characters that AWS appends to the name. */
const getSecretValue: Operation = {
  action: "GetSecretValue",
  resource: ({ parameters }) => readText(parameters, "SecretId") ?? "",
  answer(call) {
    const secret = findSecret(call);
    const stage = readText(call.parameters, "VersionStage") ?? "AWSCURRENT";
    if (stage !== "AWSCURRENT")
      throw missing(`Secrets Manager can't find the specified secret value for staging label: ${stage}`);
    return describeSecret(call, secret);
  },
};

function findSecret({ caller: { account }, parameters }: Call): StoredSecret {
  const id = requireText(parameters, "SecretId");
  const secret = account.secrets.list().find((one) => {
    const arn = secretArn(account, one);
    return [one.name, arn, arn.slice(0, -7)].includes(id);
  });
  if (secret === undefined) throw missing("Secrets Manager can't find the specified secret.");
  if (secret.isDeleted)
    throw new AwsError(
      "InvalidRequestException",
      400,
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  if (!secret.isDecryptable)
    throw new AwsError(
      "DecryptionFailure",
      400,
      "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
    );
  return secret;
}

const missing = (message: string): AwsError => new AwsError("ResourceNotFoundException", 400, message);

const describeSecret = ({ caller: { account } }: Call, secret: StoredSecret): Answer => ({
  ARN: secretArn(account, secret),
  Name: secret.name,
  VersionId: secret.versionId,
  ...(secret.isBinary
    ? { SecretBinary: Buffer.from(secret.value).toString("base64") }
    : { SecretString: secret.value }),
  VersionStages: ["AWSCURRENT"],
  CreatedDate: new Date(secret.createdAt),
});

/** AWS appends six characters of its own, so that a secret made anew has another ARN. */
const secretArn = (account: Account, { name, versionId }: StoredSecret): string =>
  `arn:${account.partition}:secretsmanager:${demoRegion}:${account.id}:secret:${name}-${versionId.slice(0, 6)}`;

export const secretsManagerOperations: readonly Operation[] = [getSecretValue];

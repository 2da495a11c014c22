import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { test } from "tap";
import { days, parseInstant } from "../../lib/core/time.ts";
import { anAccount, anOrganization, aParameter, aSecret } from "../../lib/demo/scenario/builders.ts";
import { declaredError, startOffline } from "./offline-clients.ts";

const now = parseInstant("2026-03-01T12:00:00Z") ?? 0;

const offline = () => ({
  now: () => now,
  scenario: anOrganization({
    accounts: [
      anAccount({
        secrets: [
          aSecret({ name: "prod/slack", value: '{"token":"t"}' }),
          aSecret({ name: "blob", value: "bytes", isBinary: true }),
          aSecret({ name: "sealed", value: "x", isDecryptable: false }),
          aSecret({ name: "going", value: "x", isDeleted: true }),
        ],
        parameters: [
          aParameter({ name: "/prod/slack", value: "t" }),
          aParameter({ name: "plain", value: "p", type: "String" }),
          aParameter({ name: "/sealed", value: "x", isDecryptable: false }),
        ],
      }),
      anAccount({ id: "222233334444" }),
    ],
  }),
});

test("a secret is told by its name and ARNs", async (t) => {
  const { as } = await startOffline(t, offline());
  const client = new SecretsManagerClient(as("111122223333"));
  const read = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));
  const secret = await read("prod/slack");
  t.match(secret, {
    ARN: /^arn:aws:secretsmanager:us-east-1:111122223333:secret:prod\/slack-\w{6}$/,
    Name: "prod/slack",
    SecretString: '{"token":"t"}',
    VersionStages: ["AWSCURRENT"],
    CreatedDate: new Date(now - days(100)),
  });
  t.equal((await read(secret.ARN ?? "")).Name, "prod/slack");
  t.equal((await read((secret.ARN ?? "").slice(0, -7))).Name, "prod/slack");
  const blob = await read("blob");
  t.equal(blob.SecretString, undefined);
  t.equal(new TextDecoder().decode(blob.SecretBinary), "bytes");
});

const refusedSecrets = [
  { name: "none of that name", id: "prod", code: "ResourceNotFoundException" },
  { name: "under a key that does not open it", id: "sealed", code: "DecryptionFailure" },
  { name: "marked for deletion", id: "going", code: "InvalidRequestException" },
  { name: "an older version", id: "prod/slack", stage: "AWSPREVIOUS", code: "ResourceNotFoundException" },
];

test("a secret is not told:", async (t) => {
  const { aws, as } = await startOffline(t, offline());
  const client = new SecretsManagerClient(as("111122223333"));
  for (const { name, id, stage, code } of refusedSecrets) {
    const command = new GetSecretValueCommand({ SecretId: id, VersionStage: stage });
    t.match(await declaredError(client.send(command)), { name: code, status: 400 }, name);
  }
  aws.organization.denials.push({ action: "secretsmanager:*" });
  t.match(await declaredError(client.send(new GetSecretValueCommand({ SecretId: "prod/slack" }))), {
    name: "AccessDeniedException",
    message: /is not authorized to perform: secretsmanager:GetSecretValue on resource: prod\/slack/,
  });
});

test("a parameter is told decrypted where that is asked for", async (t) => {
  const { as } = await startOffline(t, offline());
  const client = new SSMClient(as("111122223333"));
  const read = async (Name: string, WithDecryption = true) =>
    (await client.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;
  t.match(await read("/prod/slack"), {
    Name: "/prod/slack",
    Type: "SecureString",
    Value: "t",
    Version: 1,
    ARN: "arn:aws:ssm:us-east-1:111122223333:parameter/prod/slack",
    LastModifiedDate: new Date(now - days(100)),
  });
  t.equal((await read("arn:aws:ssm:us-east-1:111122223333:parameter/prod/slack"))?.Value, "t");
  t.not((await read("/prod/slack", false))?.Value, "t");
  t.equal((await read("plain", false))?.Value, "p");
  t.match(await declaredError(read("/prod")), { name: "ParameterNotFound", status: 400, message: "UnknownError" });
  t.match(await declaredError(read("/sealed")), { name: "InvalidKeyId", status: 400 });
});

test("a data key is decrypted in its account, under its context", async (t) => {
  const { as } = await startOffline(t, offline());
  const kms = new KMSClient(as("111122223333"));
  const made = await kms.send(
    new GenerateDataKeyCommand({ KeyId: "alias/x", NumberOfBytes: 64, EncryptionContext: { a: "1", b: "2" } }),
  );
  t.equal(made.Plaintext?.length, 64);
  const decrypt = (client: KMSClient, EncryptionContext?: Record<string, string>) =>
    client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext }));
  t.strictSame((await decrypt(kms, { b: "2", a: "1" })).Plaintext, made.Plaintext);
  t.match(await declaredError(decrypt(kms)), { name: "InvalidCiphertextException", status: 400 });
  const other = new KMSClient(as("222233334444"));
  t.match(await declaredError(decrypt(other, { a: "1", b: "2" })), { name: "InvalidCiphertextException" });
  const garbage = new DecryptCommand({ CiphertextBlob: Buffer.from("garbage") });
  t.match(await declaredError(kms.send(garbage)), { name: "InvalidCiphertextException" });
});

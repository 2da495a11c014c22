import { TagUserCommand } from "@aws-sdk/client-iam";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { type Test, test } from "tap";
import { iamClient, iamWriteClient } from "../../lib/aws/client/iam.ts";
import { secretsManagerClient } from "../../lib/aws/client/secrets-manager.ts";
import { ssmClient } from "../../lib/aws/client/ssm.ts";
import { getAccessKeyLastUsed, listAccessKeys, listUserDetails, listUserTags } from "../../lib/aws/read/iam.ts";
import type { Session } from "../../lib/aws/session.ts";
import { updateAccessKey } from "../../lib/aws/write/iam.ts";
import { failureCodeOf } from "../../lib/core/errors.ts";
import { aKey, anAccount, anOrganization, aParameter, aSecret, aUser } from "../../lib/demo/scenario/builders.ts";
import { openStop } from "../../lib/runtime/stop.ts";
import { readSecret } from "../../lib/secrets/read-secret.ts";
import type { SecretSource } from "../../lib/settings/secret-settings.ts";
import { anIntent } from "../support/an-intent.ts";
import { openOfflineSession } from "../support/offline-session.ts";
import { skipWithout } from "./support/peers.ts";
import { prodId, startAws } from "./support/scenario.ts";
import { startMoto } from "./support/start-moto.ts";

/** moto and the offline AWS must say the same of secrets and of keys that are disabled, errors included. */
const skip = skipWithout("moto");

const stop = openStop().signal;
const adasKey = "AKIAADA2222222222222";
const secrets = { "prod/slack": "xoxb-1", json: '{"token":"xoxb-2"}' };
const parameters = { "/prod/slack": "xoxb-3", plain: "xoxb-4" };

const account = anAccount({
  id: prodId,
  users: [
    aUser({
      name: "ada",
      path: "/people/",
      tags: { slack: "U1", empty: "" },
      keys: [aKey({ id: adasKey, usedDaysAgo: 3 })],
    }),
    aUser({ name: "bob", keys: [aKey({ id: "AKIABOB2222222222222" })] }),
  ],
  secrets: Object.entries(secrets).map(([name, value]) => aSecret({ name, value })),
  parameters: Object.entries(parameters).map(([name, value]) =>
    aParameter({ name, value, type: name === "plain" ? "String" : "SecureString" }),
  ),
});

/** What can't be seeded as state is put in by AWS's own calls. */
async function fillMoto(session: Session): Promise<void> {
  const [manager, store, iam] = [secretsManagerClient(session), ssmClient(session), iamClient(session)];
  for (const [Name, SecretString] of Object.entries(secrets))
    await manager.send(new CreateSecretCommand({ Name, SecretString }));
  for (const [Name, Value] of Object.entries(parameters))
    await store.send(new PutParameterCommand({ Name, Value, Type: Name === "plain" ? "String" : "SecureString" }));
  const Tags = [
    { Key: "slack", Value: "U1" },
    { Key: "empty", Value: "" },
  ];
  await iam.send(new TagUserCommand({ UserName: "ada", Tags }));
}

const sources: readonly SecretSource[] = [
  { from: "secretsmanager", id: "prod/slack", jsonKey: undefined },
  { from: "secretsmanager", id: "json", jsonKey: "token" },
  { from: "secretsmanager", id: "nothing", jsonKey: undefined },
  { from: "ssm", name: "/prod/slack" },
  { from: "ssm", name: "plain" },
  { from: "ssm", name: "/prod/nothing" },
];

async function readAll(session: Session): Promise<readonly string[]> {
  const reading = { environment: {}, session, stop };
  const read = sources.map((source) =>
    readSecret(source, reading).then(
      (secret) => secret.reveal(),
      // The services' own words differ; the action and its code do not.
      (thrown: Error) => thrown.message.split(": ").slice(0, 2).join(": "),
    ),
  );
  return Promise.all(read);
}

const updates = [
  { userName: "ada", keyId: adasKey, active: false },
  { userName: "ada", keyId: adasKey, active: false },
  { userName: "bob", keyId: adasKey, active: false },
  { userName: "eve", keyId: adasKey, active: false },
  { userName: "ada", keyId: adasKey, active: true },
];

async function updateAll(session: Session) {
  const iam = { client: iamClient(session), stop };
  const said = [];
  for (const update of updates) {
    const ended = await updateAccessKey(await anIntent(), { client: iamWriteClient(session), stop }, update).then(
      () => "done",
      failureCodeOf,
    );
    const [key] = await listAccessKeys(iam, "ada");
    said.push({ ended, active: key?.active });
  }
  return said;
}

async function readUsers(session: Session) {
  const iam = { client: iamClient(session), stop };
  const details = [];
  for await (const page of listUserDetails(iam)) details.push(...page);
  return {
    details: details.sort((a, b) => (a.name < b.name ? -1 : 1)),
    tags: await listUserTags(iam, "ada"),
    noUser: await listUserTags(iam, "eve").catch(failureCodeOf),
    isUsed: (await getAccessKeyLastUsed(iam, adasKey)).at !== undefined,
    isUnused: (await getAccessKeyLastUsed(iam, "AKIABOB2222222222222")).at === undefined,
  };
}

async function observe(session: Session) {
  return { secrets: await readAll(session), updates: await updateAll(session), users: await readUsers(session) };
}

async function observeMoto(t: Test) {
  const moto = await startMoto(t);
  const aws = await startAws(t, { scenario: anOrganization({ accounts: [account] }) });
  for (const copied of aws.organization.accounts) await moto.copyAccount(copied);
  const session = openOfflineSession(t, moto);
  await fillMoto(session);
  return observe(session);
}

async function observeOurs(t: Test) {
  const aws = await startAws(t, { scenario: anOrganization({ accounts: [account] }) });
  return observe(openOfflineSession(t, aws));
}

test("moto and the offline AWS say the same", { skip }, async (t) => {
  const theirs = await observeMoto(t);
  const ours = await observeOurs(t);
  t.strictSame(theirs, ours);
  t.strictSame(ours.secrets, [
    "xoxb-1",
    "xoxb-2",
    'secret "secretsmanager:nothing": secretsmanager:GetSecretValue',
    "xoxb-3",
    "xoxb-4",
    'secret "ssm:/prod/nothing": ssm:GetParameter',
  ]);
  t.strictSame(ours.updates, [
    { ended: "done", active: false },
    { ended: "done", active: false },
    { ended: "missing", active: false },
    { ended: "missing", active: false },
    { ended: "done", active: true },
  ]);
});

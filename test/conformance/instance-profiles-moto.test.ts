import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import file, { test } from "tap";
import { listProfileRoles, type ProfileRole } from "../../lib/aws/read/instance-profiles.ts";
import { minutes } from "../../lib/core/time.ts";
import { anAccount, anInstanceProfile, anInstanceRole, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { trustsEc2Only } from "../../lib/dirtymark/trust-policy.ts";
import { clientConfig } from "../demo/offline-clients.ts";
import { skipWithout } from "./support/peers.ts";
import { startAws } from "./support/scenario.ts";
import { startMoto } from "./support/start-moto.ts";

/**
 * Instance profiles with their roles and trust policies, in moto and in the offline AWS. What moto can't do: pages of
 * instance profiles. Ids are its own.
 */
const skip = skipWithout("moto");

file.setTimeout(minutes(2));

const allow = (principal: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  });

const policies: Readonly<Record<string, string>> = {
  proper: allow({ Service: "ec2.amazonaws.com" }),
  lax: allow({ Service: "ec2.amazonaws.com", AWS: "arn:aws:iam::123456789012:root" }),
  service: allow({ Service: ["lambda.amazonaws.com"] }),
};

const account = anAccount({
  id: "123456789012",
  roles: Object.entries(policies).map(([name, trustPolicy]) => anInstanceRole({ name, trustPolicy })),
  instanceProfiles: [
    ...Object.keys(policies).map((name) => anInstanceProfile({ name })),
    anInstanceProfile({ name: "bare", roleName: undefined }),
  ],
});

async function create(client: IAMClient): Promise<void> {
  for (const [name, policy] of Object.entries(policies)) {
    await client.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy }));
    await client.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
    await client.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
  }
  await client.send(new CreateInstanceProfileCommand({ InstanceProfileName: "bare" }));
}

async function listAll(client: IAMClient): Promise<readonly ProfileRole[]> {
  const roles: ProfileRole[] = [];
  for await (const page of listProfileRoles({ client, stop: new AbortController().signal })) roles.push(...page);
  return roles;
}

const trusted = (roles: readonly ProfileRole[]) =>
  roles.map(({ trustPolicy = "" }) => [JSON.parse(trustPolicy), trustsEc2Only(trustPolicy)]).sort(byText);

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

test("moto and the offline AWS give the same roles and trust policies", { skip }, async (t) => {
  const aws = await startAws(t, { scenario: anOrganization({ accounts: [account] }) });
  const moto = await startMoto(t);
  const theirs = new IAMClient(clientConfig(moto.environment()));
  await create(theirs);
  const [ours, peers] = [await listAll(new IAMClient(clientConfig(aws.environment()))), await listAll(theirs)];
  t.strictSame(trusted(ours), trusted(peers));
  t.equal(ours.filter(({ trustPolicy }) => trustsEc2Only(trustPolicy)).length, 1);
  for (const { id } of [...ours, ...peers]) t.match(id, /^AROA[A-Z0-9]{12,}$/);
});

import { join } from "node:path";
import type { Test } from "tap";
import { type OfflineAws, type OfflineAwsOptions, startOfflineAws } from "../../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aServiceCredential, aUser } from "../../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../../lib/demo/scenario/large-account.ts";
import type { OrganizationSpec } from "../../../lib/demo/scenario/specs.ts";
import { makeDirectory } from "./make-directory.ts";

export const prodId = "123456789012";

/**
 * Two accounts whose profiles are called prod and dev, with a key of every state. Ages end in half a day, so that no
 * scan of the same minute sees another day.
 */
export const twoAccounts = anOrganization({
  accounts: [
    anAccount({
      id: prodId,
      alias: "prod",
      users: [
        aUser({ name: "ada", keys: [aKey({ ageDays: 10.5, usedDaysAgo: 0.5 })] }),
        aUser({
          name: "job=backup,stage=prod",
          path: "/service/",
          keys: [aKey({ ageDays: 170.5, usedDaysAgo: 60.5 })],
        }),
        aUser({ name: "svc+mail@acme.example", keys: [aKey({ ageDays: 400.5 }), aKey({ ageDays: 20.5 })] }),
        aUser({ name: "retired", keys: [aKey({ ageDays: 300.5, status: "Inactive" })] }),
        aUser({ name: "leaked", keys: [aKey({ ageDays: 50.5 })], policies: ["AWSCompromisedKeyQuarantineV3"] }),
        aUser({
          name: "twins",
          keys: [
            aKey({ id: "AKIAYOUNGYOUNG23X7QZ", ageDays: 20.5 }),
            aKey({ id: "AKIAOLDOLDOLD223X7QZ", ageDays: 190.5 }),
          ],
        }),
        aUser({ name: "keyless", serviceCredentials: [aServiceCredential()] }),
      ],
    }),
    anAccount({
      id: "210987654321",
      alias: "dev",
      users: [aUser({ name: "grace", keys: [aKey({ ageDays: 179.5 })] })],
    }),
  ],
});

/** Profiles prod and dev again, prod with enough users that a scan at some latency takes a while. */
export const largeAccount = (users: number): OrganizationSpec =>
  anOrganization({
    accounts: [
      { ...aLargeAccount({ users, keysPerUser: 1 }), alias: "prod" },
      anAccount({ id: "210987654321", alias: "dev" }),
    ],
  });

/** An offline AWS that ends with its test. */
export async function startAws(t: Test, options: OfflineAwsOptions): Promise<OfflineAws> {
  const aws = await startOfflineAws(options);
  t.teardown(() => aws.close());
  return aws;
}

/** For a child that names its credentials by profile: the endpoint, and a config file with a profile per account. */
export function profileEnvironment(t: Test, aws: OfflineAws): Record<string, string> {
  const { AWS_ENDPOINT_URL = "", AWS_EC2_METADATA_DISABLED = "", AWS_SHARED_CREDENTIALS_FILE = "" } = aws.environment();
  const AWS_CONFIG_FILE = join(makeDirectory(t, { config: aws.configFile() }), "config");
  // Tests have accounts of the same ids.
  const XDG_STATE_HOME = makeDirectory(t);
  return { AWS_ENDPOINT_URL, AWS_EC2_METADATA_DISABLED, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, XDG_STATE_HOME };
}

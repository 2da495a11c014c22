import { EC2Client } from "@aws-sdk/client-ec2";
import type { Test } from "tap";
import type { OfflineAwsOptions } from "../../lib/demo/offline-aws.ts";
import type { Region } from "../../lib/demo/region.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import type { RegionSpec } from "../../lib/demo/scenario/region-specs.ts";
import type { OrganizationSpec } from "../../lib/demo/scenario/specs.ts";
import { type ClientConfig, type Offline, startOffline } from "./offline-clients.ts";

export interface OfflineRegions extends Offline {
  /** Of the first region. */
  readonly ec2: EC2Client;
  readonly region: Region;
  configFor(region: string): ClientConfig;
}

type Said = Partial<OfflineAwsOptions> & Pick<Partial<OrganizationSpec>, "denials" | "faults">;

/** One account with these regions. */
export async function startRegions(
  t: Test,
  regions: readonly [RegionSpec, ...RegionSpec[]],
  { denials = [], faults = [], ...options }: Said = {},
): Promise<OfflineRegions> {
  const accounts = [anAccount({ regions }), anAccount({ id: "222233334444" })];
  const offline = await startOffline(t, { scenario: anOrganization({ accounts, denials, faults }), ...options });
  const [{ name }] = regions;
  const region = offline.aws.organization.accounts[0]?.regions.find(name);
  if (region === undefined) throw new Error(`no region "${name}" was built`);
  const configFor = (region: string): ClientConfig => offline.as("111122223333", { region });
  return { ...offline, region, configFor, ec2: new EC2Client(configFor(name)) };
}

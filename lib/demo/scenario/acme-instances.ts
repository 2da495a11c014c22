import { aCanary, anAutoScalingGroup, anInstance, aRegion, usualRegions } from "./region-builders.ts";
import type { InstanceSpec, RegionSpec } from "./region-specs.ts";

/** Production's two regions: a canary each, what is tagged as it should be, and what is not, a kind of each. */
export const acmeRegions = (): readonly RegionSpec[] =>
  usualRegions([
    aRegion({
      name: "eu-central-1",
      instances: [aCanary("eu-central-1"), ...shop, ...violators],
      autoScalingGroups: [anAutoScalingGroup({ name: "shop-web", ageDays: 300, tags: { project: "shop" } })],
    }),
    aRegion({ name: "us-east-1", instances: [aCanary("us-east-1"), ...warehouse] }),
  ]);

const tags = (created_by: string, project: string, department: string): Readonly<Record<string, string>> => ({
  Name: `${project}-${department}`,
  created_by: `${created_by}@acme.example`,
  project,
  department,
});

const shop: readonly InstanceSpec[] = [
  anInstance({
    type: "m6i.xlarge",
    ageDays: 120,
    tags: tags("nadia.costa", "shop", "payments"),
    publicAddress: "elastic",
    isTerminationProtected: true,
    launchedBy: "nadia.costa",
  }),
  ...["a", "b"].map((zone) =>
    anInstance({
      zone,
      type: "c6i.large",
      ageDays: 3,
      reservation: "shop-web",
      tags: tags("terraform", "shop", "payments"),
      autoScalingGroup: "shop-web",
      launchedBy: "AWSServiceRoleForAutoScaling/AutoScaling",
    }),
  ),
];

const violators: readonly InstanceSpec[] = [
  // No tags at all, launched weeks ago by somebody CloudTrail knows.
  anInstance({ zone: "b", type: "m5.2xlarge", ageDays: 45, launchedBy: "tomas.novak", publicAddress: "assigned" }),
  // A near miss: the owner stands under another key.
  anInstance({
    type: "t3.large",
    ageDays: 20,
    tags: { Name: "reports", "Created-By": "leila.khan@acme.example", project: "reports", department: "finance" },
  }),
  // Stopped, and one value empty.
  anInstance({
    state: "stopped",
    ageDays: 200,
    tags: { ...tags("omar.haddad", "migration", "platform"), department: "" },
  }),
];

const warehouse: readonly InstanceSpec[] = [
  anInstance({
    type: "r6i.2xlarge",
    ageDays: 60,
    tags: tags("uma.patel", "warehouse", "data"),
    launchedBy: "uma.patel",
  }),
  anInstance({
    zone: "b",
    type: "r6i.large",
    ageDays: 14,
    tags: { Name: "notebook", project: "warehouse", department: "data" },
    spotRequest: "one-time",
    launchedBy: "AWSReservedSSO_Data/mateo.lopez@acme.example",
  }),
  // Launched this hour: nobody has tagged it yet.
  anInstance({ zone: "b", type: "t3.micro", ageDays: 0.02, launchedBy: "mateo.lopez" }),
  anInstance({
    zone: "c",
    type: "m6i.large",
    ageDays: 9,
    tags: { "eks:cluster-name": "analytics" },
    operator: { principal: "eks.amazonaws.com", isHidden: true },
  }),
];

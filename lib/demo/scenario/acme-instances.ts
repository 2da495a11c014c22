import { deriveId } from "../identifiers.ts";
import { aMessage, aQueue } from "./queue-builders.ts";
import { aCanary, anAutoScalingGroup, anInstance, aRegion, usualRegions } from "./region-builders.ts";
import type { InstanceSpec, MessageSpec, QueueSpec, RegionSpec } from "./region-specs.ts";

/** Production's two regions: a canary each, what is tagged as it should be, and what is not, a kind of each. */
export const acmeRegions = (accountId: string): readonly RegionSpec[] =>
  usualRegions([
    aRegion({
      name: "eu-central-1",
      instances: [aCanary("eu-central-1"), ...shop, ...violators],
      autoScalingGroups: [anAutoScalingGroup({ name: "shop-web", ageDays: 300, tags: { project: "shop" } })],
    }),
    aRegion({ name: "us-east-1", instances: [aCanary("us-east-1"), ...warehouse], queues: hostQueues(accountId) }),
  ]);

/** Where hosts tell of logins, and where what is refused ends. */
const hostQueues = (accountId: string): readonly QueueSpec[] => [
  aQueue({
    name: "skunky",
    redrive: { maxReceives: 100, deadLetterQueue: "skunky-refused" },
    messages: [
      ...["uma.patel", "mateo.lopez"].map((user) => aLogin({ accountId, user, host: touched, sender: touched })),
      // One host that speaks for another.
      aLogin({ accountId, user: "mallory", host: touched, sender: "i-0badbadbadbadbad0" }),
    ],
  }),
  aQueue({ name: "skunky-refused" }),
];

/** The warehouse, which two people have logged in to. */
const touched = "i-0da7aba5e00000001";

/** The role of all instances, as IAM numbers it. */
export const hostRole = "acme-host";

interface Login {
  readonly accountId: string;
  readonly user: string;
  readonly host: string;
  readonly sender: string;
}

function aLogin({ accountId, user, host, sender }: Login): MessageSpec {
  const identity = { accountId, region: "us-east-1", instanceId: host };
  const body = JSON.stringify({ event: "ssh", user, source_address: "10.20.0.7", identity });
  return aMessage({ body, senderId: `${deriveId("AROA", `${accountId} ${hostRole}`)}:${sender}`, ageDays: 0.01 });
}

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
    id: touched,
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

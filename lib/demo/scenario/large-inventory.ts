import { hashText } from "../random.ts";
import { anAccount } from "./builders.ts";
import { aCanary, anInstance, aRegion } from "./region-builders.ts";
import type { InstanceSpec, RegionSpec } from "./region-specs.ts";
import type { AccountSpec } from "./specs.ts";

export interface LargeInventorySize {
  /** In all regions together, a canary in each among them. */
  readonly instances: number;
  readonly regions: readonly string[];
  /** Of a hundred, how many lack a tag; 1 if absent. */
  readonly violatorPercent?: number;
}

/** An account to measure with: its instances are made when they are asked for, the same each time. */
export function aLargeInventory({ instances, regions, violatorPercent = 1 }: LargeInventorySize): AccountSpec {
  const share = Math.floor(instances / regions.length);
  const rest = instances - share * regions.length;
  return anAccount({
    alias: `large-inventory-${instances}`,
    regions: regions.map((name, place) =>
      aLargeRegion(name, { count: share + (place < rest ? 1 : 0), violatorPercent }),
    ),
  });
}

interface RegionSize {
  readonly count: number;
  readonly violatorPercent: number;
}

const aLargeRegion = (name: string, { count, violatorPercent }: RegionSize): RegionSpec =>
  aRegion({
    name,
    instances: [aCanary(name)],
    fleet: {
      count: count - 1,
      instance: (index) => anOrdinaryInstance(index, hashText(`${name} ${index}`), violatorPercent),
    },
  });

const teams = ["platform", "payments", "growth", "data", "support"];
const types = ["m5.large", "m6i.xlarge", "c6i.2xlarge", "r6i.large", "t3.medium", "m7g.large"];

/** What it lacks and where it runs follow from the hash alone. */
function anOrdinaryInstance(index: number, hash: number, violatorPercent: number): InstanceSpec {
  const team = teams[hash % teams.length] ?? "platform";
  const isViolator = hash % 100 < violatorPercent;
  return anInstance({
    zone: "abc".charAt(index % 3),
    type: types[hash % types.length] ?? "m5.large",
    state: hash % 10 === 0 ? "stopped" : "running",
    ageDays: 1 + ((hash >>> 8) % 700),
    reservation: `launch ${index >>> 2}`,
    tags: {
      Name: `${team}-${String(index).padStart(6, "0")}`,
      ...(!isViolator && { created_by: `user-${hash % 40}@acme.example` }),
      project: `project-${hash % 60}`,
      department: team,
      environment: hash % 4 === 0 ? "production" : "development",
      "cost-center": String(1000 + (hash % 500)),
    },
    launchedBy: `user-${hash % 40}`,
  });
}

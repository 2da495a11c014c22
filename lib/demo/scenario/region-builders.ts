import type { AutoScalingGroupSpec, InstanceSpec, RegionSpec, TrailEventSpec } from "./region-specs.ts";

/** A region with what a test does not care about filled in. */
export const aRegion = (said: Partial<RegionSpec> & Pick<RegionSpec, "name">): RegionSpec => ({
  optInStatus: "opt-in-not-required",
  instances: [],
  fleet: undefined,
  autoScalingGroups: [],
  events: [],
  queues: [],
  transitionMs: 0,
  ...said,
});

export const anInstance = (said: Partial<InstanceSpec> = {}): InstanceSpec => ({
  id: undefined,
  reservation: undefined,
  zone: "a",
  type: "m5.large",
  state: "running",
  ageDays: 10,
  tags: {},
  vpcId: undefined,
  spotRequest: undefined,
  rootDeviceType: "ebs",
  operator: undefined,
  publicAddress: "none",
  isTerminationProtected: false,
  isStopProtected: false,
  launchedBy: undefined,
  autoScalingGroup: undefined,
  conversion: undefined,
  ...said,
});

/** The stopped instance that proves a region was read, tagged as tagaudit looks for it unless said otherwise. */
export const aCanary = (region: string, { tags, ...said }: Partial<InstanceSpec> = {}): InstanceSpec =>
  anInstance({
    state: "stopped",
    type: "t3.nano",
    ageDays: 200,
    ...said,
    tags: {
      Name: `api-canary-${region}`,
      created_by: "canary@acme.example",
      project: "API canary",
      department: "platform",
      ...tags,
    },
  });

export const anAutoScalingGroup = (
  said: Partial<AutoScalingGroupSpec> & Pick<AutoScalingGroupSpec, "name">,
): AutoScalingGroupSpec => ({ ageDays: 100, tags: {}, launchMs: 0, ...said });

export const aTrailEvent = (said: Partial<TrailEventSpec> & Pick<TrailEventSpec, "name">): TrailEventSpec => ({
  source: "ec2.amazonaws.com",
  ageDays: 1,
  by: "ada",
  resources: [],
  ...said,
});

/** Enabled in every account of the commercial partition; what is younger must be opted in to. */
const usualNames = (
  "us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 " +
  "ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 sa-east-1"
).split(" ");

const optionalNames =
  "af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ca-west-1 eu-central-2 eu-south-1 il-central-1 me-central-1 me-south-1".split(
    " ",
  );

const namesByPartition: Readonly<Record<string, readonly string[]>> = {
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
  "aws-us-gov": ["us-gov-east-1", "us-gov-west-1"],
};

/** The regions of an ordinary account, those given in the place of the empty ones of their names. */
export function usualRegions(given: readonly RegionSpec[] = [], partition = "aws"): readonly RegionSpec[] {
  const others = namesByPartition[partition];
  const usual = (others ?? usualNames).map((name) => aRegion({ name }));
  const optional = (others ? [] : optionalNames).map((name) => aRegion({ name, optInStatus: "not-opted-in" }));
  const byName = new Map([...usual, ...optional, ...given].map((region) => [region.name, region]));
  return [...byName.values()];
}

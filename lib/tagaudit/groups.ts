import type { Instance } from "../core/ec2.ts";

/** What launched an instance, keeps it alive or works on it: who acts on one of its members fights it. */
export interface InstanceGroup {
  readonly kind: GroupKind;
  readonly name: string;
}

export const groupKinds = [
  "auto_scaling",
  "fleet",
  "spot_fleet",
  "emr",
  "eks",
  "beanstalk",
  "mgn",
  "cloudformation",
  "operator",
  "conversion",
] as const;

export type GroupKind = (typeof groupKinds)[number];

interface GroupSign {
  readonly kind: GroupKind;
  /** The tag's key; one that ends in `/` begins keys. */
  readonly key: string;
  /** The tag that names the group; absent: the sign itself. */
  readonly named?: string;
}

/** What an outer group has launched also carries the signs of the inner ones, so the outermost comes first. */
const signs: readonly GroupSign[] = [
  // https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.tagging.html
  { kind: "beanstalk", key: "elasticbeanstalk:environment-name" },
  { kind: "beanstalk", key: "elasticbeanstalk:environment-id" },
  // https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-tags.html
  { kind: "emr", key: "aws:elasticmapreduce:job-flow-id" },
  // https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html and managed-node-groups.html
  { kind: "eks", key: "aws:eks:cluster-name" },
  { kind: "eks", key: "eks:cluster-name" },
  { kind: "eks", key: "eks:nodegroup-name" },
  { kind: "eks", key: "kubernetes.io/cluster/" },
  // https://karpenter.sh/docs/concepts/nodeclasses/#spectags
  { kind: "eks", key: "karpenter.sh/" },
  // https://docs.aws.amazon.com/mgn/latest/ug/security-iam-awsmanpol-AWSApplicationMigrationServiceRolePolicy.html
  {
    kind: "mgn",
    key: "AWSApplicationMigrationServiceManaged",
    named: "AWSApplicationMigrationServiceSourceServerID",
  },
  // https://docs.aws.amazon.com/drs/latest/userguide/security-iam-awsmanpol-AWSElasticDisasterRecoveryServiceRolePolicy.html
  { kind: "mgn", key: "AWSElasticDisasterRecoveryManaged", named: "AWSElasticDisasterRecoverySourceServerID" },
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
  { kind: "auto_scaling", key: "aws:autoscaling:groupName" },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-configuration-strategies.html
  { kind: "spot_fleet", key: "aws:ec2spot:fleet-request-id" },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-ec2-fleet.html
  { kind: "fleet", key: "aws:ec2:fleet-id" },
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
  { kind: "cloudformation", key: "aws:cloudformation:stack-name" },
  { kind: "cloudformation", key: "aws:cloudformation:stack-id" },
];

const nobody: ReadonlySet<string> = new Set();

/** The group that an instance belongs to, told by attributes and by tags that only AWS or the group's own tools set. */
export function groupOf(
  instance: Pick<Instance, "id" | "operator" | "tags">,
  converting: ReadonlySet<string> = nobody,
): InstanceGroup | undefined {
  if (converting.has(instance.id)) return { kind: "conversion", name: instance.id };
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-ec2-managed-instances.html
  if (instance.operator !== undefined) return { kind: "operator", name: instance.operator };
  for (const sign of signs) {
    const name = findSign(sign, instance.tags);
    if (name !== undefined) return { kind: sign.kind, name };
  }
  return undefined;
}

function findSign({ key, named = key }: GroupSign, tags: Instance["tags"]): string | undefined {
  if (key.endsWith("/")) return findPrefixed(key, tags);
  const value = tags.get(key);
  return value === undefined ? undefined : (tags.get(named) ?? value);
}

/** `kubernetes.io/cluster/blue` names the cluster in its key, `karpenter.sh/nodepool` the pool in its value. */
function findPrefixed(prefix: string, tags: Instance["tags"]): string | undefined {
  for (const [key, value] of tags)
    if (key.startsWith(prefix)) return prefix.endsWith("cluster/") ? key.slice(prefix.length) : value;
  return undefined;
}

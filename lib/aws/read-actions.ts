/** The permissions that reads about instances need: apart from the reads, so that a policy is made without their clients. */
export const ec2ReadActions = {
  describeRegions: "ec2:DescribeRegions",
  describeInstances: "ec2:DescribeInstances",
  listConversionTasks: "ec2:DescribeConversionTasks",
  listExportTasks: "ec2:DescribeExportTasks",
  describeInstanceTypes: "ec2:DescribeInstanceTypes",
} as const;

/** What is read only just before an instance is stopped or terminated. */
export const ec2ActActions = {
  listTags: "ec2:DescribeTags",
  describeProtection: "ec2:DescribeInstanceAttribute",
} as const;

/** What says which instance a tunnel of EC2 Instance Connect leads to. */
export const ec2TunnelActions = { findEndpointVpc: "ec2:DescribeInstanceConnectEndpoints" } as const;

/** What only a rule about users of IAM Identity Center needs, in the account that it is managed from. */
export const identityCenterReadActions = {
  listUsers: "identitystore:ListUsers",
  listInstances: "sso:ListInstances",
} as const;

/** What only the search for an owner needs. */
export const cloudTrailReadActions = { findLauncher: "cloudtrail:LookupEvents" } as const;

/** What is read of an Auto Scaling group just before one of its instances is terminated. */
export const autoScalingReadActions = {
  describeGroups: "autoscaling:DescribeAutoScalingGroups",
  describeMembers: "autoscaling:DescribeAutoScalingInstances",
  listRefreshes: "autoscaling:DescribeInstanceRefreshes",
  listActivities: "autoscaling:DescribeScalingActivities",
} as const;

/** What proves that a sender is the instance whose id it bears. */
export const instanceProfileActions = { listProfileRoles: "iam:ListInstanceProfiles" } as const;

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

/** What only the search for an owner needs. */
export const cloudTrailReadActions = { findLauncher: "cloudtrail:LookupEvents" } as const;

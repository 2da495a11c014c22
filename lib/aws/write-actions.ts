/** The permission each write to IAM needs: least-privilege policies, which write nothing, are made from this table. */
export const iamWriteActions = {
  updateAccessKey: "iam:UpdateAccessKey",
} as const;

/** Each write to EC2; a dry run of one, which changes nothing, needs the same. */
export const ec2WriteActions = {
  createTags: "ec2:CreateTags",
  deleteTags: "ec2:DeleteTags",
  startInstances: "ec2:StartInstances",
  stopInstances: "ec2:StopInstances",
  terminateInstances: "ec2:TerminateInstances",
  modifyInstanceAttribute: "ec2:ModifyInstanceAttribute",
} as const;

export const autoScalingWriteActions = {
  terminateMember: "autoscaling:TerminateInstanceInAutoScalingGroup",
} as const;

/** The permission each write to IAM needs: least-privilege policies, which write nothing, are made from this table. */
export const iamWriteActions = {
  updateAccessKey: "iam:UpdateAccessKey",
} as const;

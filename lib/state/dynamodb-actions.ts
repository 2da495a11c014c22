/** The permissions that the store's table needs; least-privilege policies are made from this. */
export const tableActions = {
  /** Wherever the store is used. */
  use: {
    describe: "dynamodb:DescribeTable",
    get: "dynamodb:GetItem",
    put: "dynamodb:PutItem",
    remove: "dynamodb:DeleteItem",
    query: "dynamodb:Query",
  },
  /** Where the store makes its table itself. */
  make: {
    create: "dynamodb:CreateTable",
    describeTimeToLive: "dynamodb:DescribeTimeToLive",
    updateTimeToLive: "dynamodb:UpdateTimeToLive",
    describeBackups: "dynamodb:DescribeContinuousBackups",
    updateBackups: "dynamodb:UpdateContinuousBackups",
  },
} as const;

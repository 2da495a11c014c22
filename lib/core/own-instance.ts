/**
 * The instance that a process runs on, as its caller's ARN tells: credentials of an instance profile have the instance's id
 * for their session's name (IAM roles for Amazon EC2, EC2 user guide). Undefined where it has others.
 */
export const ownInstance = (callerArn: string): string | undefined =>
  /^arn:[^:]+:sts::\d{12}:assumed-role\/.+\/(i-[0-9a-f]{8,17})$/.exec(callerArn)?.[1];

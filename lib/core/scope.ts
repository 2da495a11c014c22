/** One account as one program sees it: the unit of work and of failure. IAM is global, so its scopes name no region. */
export interface Scope {
  /** `aws`, `aws-cn`, `aws-us-gov`, ...: the second part of every ARN, taken from STS's answer. */
  readonly partition: string;
  readonly accountId: string;
  /** How the user named it: a profile, a role ARN or an account id; `default` for the ambient credentials. */
  readonly name: string;
  readonly profile: string | undefined;
  /** Who the credentials are, as STS answers. */
  readonly callerArn: string;
}

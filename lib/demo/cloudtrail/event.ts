import type { Millis } from "../../core/time.ts";

/** One recorded call. */
export interface TrailEvent {
  readonly id: string;
  readonly at: Millis;
  /** Such as `RunInstances`. */
  readonly name: string;
  /** Such as `ec2.amazonaws.com`. */
  readonly source: string;
  readonly isReadOnly: boolean;
  /** An IAM user's name, or `role/session`. */
  readonly by: string;
  readonly resources: readonly TrailResource[];
}

export interface TrailResource {
  /** Such as `AWS::EC2::Instance`. */
  readonly type: string;
  readonly name: string;
}

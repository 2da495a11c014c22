/** Instances of one account and region whose tag is still to be put. */
export interface TagsDue {
  readonly accountId: string;
  readonly region: string;
  readonly instanceIds: readonly string[];
}

/** A durable promise to put tags; several may name the same instance. */
export interface Promised extends TagsDue {
  readonly id: string;
  readonly version: number;
}

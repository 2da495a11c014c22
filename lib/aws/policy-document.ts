/** Actions that are allowed together, on the same resources. */
export interface Grant {
  /** Letters and digits only. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: "*" | readonly string[];
}

/** A policy that allows just these actions. IAM's account-wide reads take no narrower resource than `*`. */
export const policyDocument = (actions: readonly string[]) =>
  policyOf([{ sid: "Stalewatch", actions, resources: "*" }]);

/** A policy with a statement for each grant, so that each can be given to whom it is for. */
export const policyOf = (grants: readonly Grant[]) => ({
  Version: "2012-10-17",
  Statement: grants.map(({ sid, actions, resources }) => ({
    ...{ Sid: sid, Effect: "Allow", Action: actions, Resource: resources },
  })),
});

/** By operator, then by key: what a request must be like (IAM User Guide, "IAM JSON policy elements: Condition"). */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Actions that are allowed, or denied, together. */
interface Ruling {
  /** Letters and digits only. */
  readonly sid: string;
  readonly actions: readonly string[];
  /** Absent: allowed. */
  readonly effect?: "Deny";
  readonly conditions?: Conditions;
}

/** On the same resources, to whoever has the policy. */
export interface Grant extends Ruling {
  readonly resources: "*" | readonly string[];
}

/** To whom it names: what a role says of those who may assume it. */
export interface Trust extends Ruling {
  readonly principals: readonly string[];
}

/** A policy that allows just these actions. IAM's account-wide reads take no narrower resource than `*`. */
export const policyDocument = (actions: readonly string[]) =>
  policyOf([{ sid: "Stalewatch", actions, resources: "*" }]);

/** A policy with a statement for each grant, so that each can be given to whom it is for. */
export const policyOf = (rulings: readonly (Grant | Trust)[]) => ({
  Version: "2012-10-17",
  Statement: rulings.map(({ sid, effect = "Allow", actions, conditions, ...on }) => ({
    ...{ Sid: sid, Effect: effect },
    ...("principals" in on && { Principal: { AWS: on.principals } }),
    Action: actions,
    ...("resources" in on && { Resource: on.resources }),
    ...(conditions !== undefined && { Condition: conditions }),
  })),
});

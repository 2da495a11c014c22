/** A policy that allows just these actions. IAM's account-wide reads take no narrower resource than `*`. */
export const policyDocument = (actions: readonly string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Sid: "Stalewatch", Effect: "Allow", Action: actions, Resource: "*" }],
});

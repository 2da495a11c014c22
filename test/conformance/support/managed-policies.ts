import { GetPolicyVersionCommand, type IAMClient, paginateListPolicies } from "@aws-sdk/client-iam";
import pLimit from "p-limit";

export interface ManagedPolicy {
  readonly name: string;
  /** The default version's, as it came over the wire. */
  readonly text: string;
}

/** All of AWS's own policies, or the first so many; moto takes one request at a time, and the waiting overlaps. */
export async function readManagedPolicies(client: IAMClient, most = Number.POSITIVE_INFINITY) {
  const listed: { readonly PolicyArn: string; readonly VersionId: string; readonly name: string }[] = [];
  for await (const { Policies = [] } of paginateListPolicies({ client }, { Scope: "AWS", MaxItems: 1000 }))
    for (const { Arn = "", DefaultVersionId = "", PolicyName = "" } of Policies)
      listed.push({ PolicyArn: Arn, VersionId: DefaultVersionId, name: PolicyName });
  const atOnce = pLimit(4);
  return Promise.all(
    listed.slice(0, most).map(({ name, ...asked }) =>
      atOnce(async (): Promise<ManagedPolicy> => {
        const { PolicyVersion } = await client.send(new GetPolicyVersionCommand(asked));
        return { name, text: decodeURIComponent(PolicyVersion?.Document ?? "") };
      }),
    ),
  );
}

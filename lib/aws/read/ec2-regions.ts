import { DescribeRegionsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { type Calling, call } from "../call.ts";
import { errorNameOf } from "../error-name.ts";
import { ec2ReadActions } from "../read-actions.ts";
import { present } from "./present.ts";

export interface Region {
  readonly name: string;
  /** `opt-in-not-required`, `opted-in` or `not-opted-in`. */
  readonly optIn: string;
  readonly isEnabled: boolean;
}

/** All regions of the partition, also those that the account has not enabled, whose endpoints refuse it. */
export async function describeRegions({ client, stop }: Calling<EC2Client>): Promise<readonly Region[]> {
  const action = ec2ReadActions.describeRegions;
  const { Regions: regions } = await call(action, stop, () =>
    client.send(new DescribeRegionsCommand({ AllRegions: true }), { abortSignal: stop }),
  );
  return present(action, "regionInfo", regions).map(({ RegionName, OptInStatus }) => {
    const name = present(action, "regionName", RegionName);
    const optIn = present(action, `optInStatus of "${name}"`, OptInStatus);
    return { name, optIn, isEnabled: optIn !== "not-opted-in" };
  });
}

/** Whether this is how EC2 answers in a region that the account has not enabled, given that its credentials are good. */
export const isRegionRefused = (thrown: unknown): boolean => {
  const name = errorNameOf(thrown);
  return name === "AuthFailure" || name === "OptInRequired";
};

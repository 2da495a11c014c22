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

interface RegionsRead {
  describeRegions(): Promise<readonly Region[]>;
}

/**
 * Whether a read of a region failed because the account has not enabled it. An enabled one refuses credentials in the
 * same words: only the account's own list tells.
 */
export async function isRegionShut(
  region: string,
  thrown: unknown,
  { describeRegions }: RegionsRead,
): Promise<boolean> {
  if (!refusals.includes(errorNameOf(thrown) ?? "")) return false;
  try {
    return (await describeRegions()).some(({ name, isEnabled }) => name === region && !isEnabled);
  } catch {
    return false;
  }
}

/** How EC2 answers in a region that the account has not enabled, given that its credentials are good. */
const refusals: readonly string[] = ["AuthFailure", "OptInRequired"];

import type { Call } from "./operation.ts";
import type { Region } from "./region.ts";

/** The region a call to a regional service is for, which the dispatcher has seen to be there and enabled. */
export function regionOf({ caller: { account }, region }: Pick<Call, "caller" | "region">): Region {
  const found = account.regions.find(region);
  if (found === undefined) throw new Error(`account ${account.id} has no region "${region}"`);
  return found;
}

import { AwsError } from "../aws-error.ts";
import type { Operation } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import { costOfListing } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { anything } from "./resources.ts";

/** Each VPC that holds instances has an endpoint of EC2 Instance Connect, whose id is its own under another prefix. */
export const endpointIn = (vpcId: string): string => vpcId.replace(/^vpc-/, "eice-");

export const describeInstanceConnectEndpoints: Operation = {
  action: "DescribeInstanceConnectEndpoints",
  resource: anything,
  costs: costOfListing,
  answer: withDryRun((call) => {
    const { instances } = regionOf(call);
    const vpcs = [...new Set(instances.ids().flatMap((id) => instances.find(id)?.vpcId ?? []))];
    const asked = readTexts(call.parameters, "InstanceConnectEndpointId");
    const unknown = asked.find((id) => !vpcs.some((vpcId) => endpointIn(vpcId) === id));
    if (unknown !== undefined)
      throw new AwsError(
        "InvalidInstanceConnectEndpointId.NotFound",
        400,
        `The instance connect endpoint ID '${unknown}' does not exist`,
      );
    return {
      instanceConnectEndpointSet: vpcs
        .filter((vpcId) => asked.length === 0 || asked.includes(endpointIn(vpcId)))
        .map((vpcId) => ({ instanceConnectEndpointId: endpointIn(vpcId), vpcId, state: "create-complete" })),
    };
  }),
};

import { DescribeInstanceConnectEndpointsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { type Calling, call } from "../call.ts";
import { ec2TunnelActions } from "../read-actions.ts";

/**
 * The VPC that an endpoint of EC2 Instance Connect leads into; undefined where AWS says of it none. An endpoint that is not
 * there throws `missing`.
 */
export async function findEndpointVpc(
  { client, stop }: Calling<EC2Client>,
  endpointId: string,
): Promise<string | undefined> {
  const { InstanceConnectEndpoints: endpoints = [] } = await call(ec2TunnelActions.findEndpointVpc, stop, () =>
    client.send(new DescribeInstanceConnectEndpointsCommand({ InstanceConnectEndpointIds: [endpointId] }), {
      abortSignal: stop,
    }),
  );
  return endpoints.find(({ InstanceConnectEndpointId: id }) => id === endpointId)?.VpcId;
}

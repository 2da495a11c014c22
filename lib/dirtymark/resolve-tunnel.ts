import { ec2Client } from "../aws/client/ec2.ts";
import { describeInstancesByAddress } from "../aws/read/ec2.ts";
import { findEndpointVpc } from "../aws/read/ec2-tunnels.ts";
import { regionalSession } from "../aws/regional-session.ts";
import { failureCodeOf } from "../core/errors.ts";
import type { HostEvent, Tunnel } from "../host-events/event.ts";
import type { AccountSessions } from "./account-sessions.ts";

export type Resolved =
  | { readonly is: "instance"; readonly event: HostEvent }
  /** Nobody will ever be able to say. */
  | { readonly is: "unresolved"; readonly says: string };

/**
 * Which instance a tunnel leads to: the one that has its address in its endpoint's VPC. It throws where that can't be asked
 * now. Addresses are given anew to other instances, so a tunnel that is long over may lead to none, but what has the address
 * now and was launched later than the tunnel is not taken for its end.
 */
export async function resolveTunnel(tunnel: Tunnel, sessions: AccountSessions, stop: AbortSignal): Promise<Resolved> {
  const { endpointId, privateAddress, ...said } = tunnel;
  const { accountId, region } = said;
  const { session } = await sessions.open(accountId, stop);
  const calling = { client: ec2Client(regionalSession(session, region)), stop };
  const unresolved = (says: string): Resolved => ({ is: "unresolved", says });
  try {
    const vpcId = await findEndpointVpc(calling, endpointId);
    if (vpcId === undefined) return unresolved(`endpoint "${endpointId}" has no VPC`);
    const found: string[] = [];
    for await (const page of describeInstancesByAddress(calling, { region, vpcId, address: privateAddress }))
      found.push(...page.flatMap(({ id, launchedAt }) => (launchedAt > said.at ? [] : [id])));
    const [instanceId, ...others] = found;
    if (instanceId === undefined) return unresolved(`no instance of ${vpcId} has the address ${privateAddress}`);
    if (others.length > 0)
      return unresolved(`${found.length} instances of ${vpcId} have the address ${privateAddress}`);
    return { is: "instance", event: { ...said, instanceId } };
  } catch (thrown) {
    if (failureCodeOf(thrown) === "missing") return unresolved(`endpoint "${endpointId}" is not there`);
    throw thrown;
  }
}

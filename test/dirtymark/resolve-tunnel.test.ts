import { type Test, test } from "tap";
import { hours } from "../../lib/core/time.ts";
import { addressesOf } from "../../lib/demo/ec2/addresses.ts";
import { endpointIn } from "../../lib/demo/ec2/connect-endpoints.ts";
import type { Instance } from "../../lib/demo/ec2/instance.ts";
import type { AccountSessions } from "../../lib/dirtymark/account-sessions.ts";
import { resolveTunnel } from "../../lib/dirtymark/resolve-tunnel.ts";
import type { Tunnel } from "../../lib/host-events/event.ts";
import { home, instanceName, openAccount, startMarkingWorld } from "../support/marking-world.ts";
import { openOfflineSession } from "../support/offline-session.ts";

const never = new AbortController().signal;

async function open(t: Test) {
  const aws = await startMarkingWorld();
  t.teardown(() => aws.close());
  const instances = aws.organization.accounts.find(({ id }) => id === openAccount)?.regions.find(home)?.instances;
  const instance = instances?.find(instanceName(1));
  if (instances === undefined || instance === undefined) throw new Error("no instance");
  const session = openOfflineSession(t, { environment: () => aws.environment(openAccount) });
  const scope = { partition: "aws", accountId: openAccount, name: "x", profile: undefined, callerArn: "x" };
  const sessions: AccountSessions = { open: async () => ({ scope, session }) };
  const resolve = (said: Partial<Tunnel> = {}) => resolveTunnel({ ...tunnelTo(instance), ...said }, sessions, never);
  return { aws, instance, resolve };
}

const tunnelTo = (instance: Instance): Tunnel => ({
  ...{ accountId: openAccount, region: home, name: "open_tunnel", source: "cloudtrail", id: "e1", at: Date.now() },
  ...{ principal: "ada", address: "192.0.2.7", endpointId: endpointIn(instance.vpcId) },
  privateAddress: addressesOf(instance, home)?.privateAddress ?? "",
});

test("a tunnel leads to the instance that has its address in its endpoint's VPC", async (t) => {
  const { resolve, instance } = await open(t);
  const { endpointId: _endpoint, privateAddress: _address, ...said } = tunnelTo(instance);
  const resolved = await resolve({ at: said.at });
  t.strictSame(resolved, { is: "instance", event: { ...said, at: said.at, instanceId: instance.id } });
});

test("one that leads nowhere, now or ever", async (t) => {
  const { resolve, instance } = await open(t);
  t.match(await resolve({ privateAddress: "10.255.255.254" }), { is: "unresolved", says: /no instance .*10\.255/ });
  t.match(await resolve({ endpointId: "eice-0" }), { is: "unresolved", says: /endpoint "eice-0" is not there/ });
  const before = instance.launchedAt - hours(1);
  t.match(await resolve({ at: before }), { is: "unresolved", says: /no instance/ }, "launched later than the tunnel");
});

test("what can't be asked now is thrown", async (t) => {
  const { aws, resolve } = await open(t);
  aws.organization.denials.push({ action: "ec2:DescribeInstances" });
  await t.rejects(resolve(), { code: "denied", message: /ec2:DescribeInstances/ });
});

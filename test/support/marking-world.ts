import { deriveId } from "../../lib/demo/identifiers.ts";
import { type OfflineAws, type OfflineAwsOptions, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import {
  anAccount,
  anInstanceProfile,
  anInstanceRole,
  anOrganization,
  aRole,
} from "../../lib/demo/scenario/builders.ts";
import { aMessage, aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { MessageSpec, QueueSpec } from "../../lib/demo/scenario/region-specs.ts";
import type { AccountSpec } from "../../lib/demo/scenario/specs.ts";

/** Where the queue is. */
export const hub = "100000000001";
/** Its instances may be tagged. */
export const openAccount = "200000000001";
/** Has no role for marking. */
export const closedAccount = "200000000002";

export const home = "eu-west-1";

export const instanceName = (index: number): string => `i-${index.toString(16).padStart(17, "0")}`;

export interface Host {
  readonly accountId: string;
  readonly instanceId: string;
  readonly region?: string;
}

/** A login as a host tells of it: by itself, unless another is said to have sent it. */
export function aLogin(host: Host, said: { readonly senderId?: string; readonly event?: string } = {}): MessageSpec {
  const { accountId, instanceId, region = home } = host;
  return aMessage({
    body: JSON.stringify({
      ...{ instance_id: instanceId, instance_account_id: accountId, instance_region: region },
      ...{ event: said.event ?? "ssh", user: "ada", bastion_user_ip: "192.0.2.7" },
    }),
    senderId: said.senderId ?? hostSender(accountId, instanceId),
  });
}

/** As SQS names an instance by its role `web`. */
export const hostSender = (accountId: string, instanceId: string): string =>
  `${deriveId("AROA", `${accountId} web`)}:${instanceId}`;

interface MarkingWorldOptions extends Omit<OfflineAwsOptions, "scenario"> {
  readonly messages?: readonly MessageSpec[];
  readonly queue?: Partial<QueueSpec>;
  readonly queues?: readonly QueueSpec[];
  /** In each of the two accounts with instances. */
  readonly instances?: number;
  readonly accounts?: readonly AccountSpec[];
}

const hosts = (instances: number): AccountSpec["regions"] => [
  aRegion({
    name: home,
    instances: Array.from({ length: instances }, (_, index) => anInstance({ id: instanceName(index), tags: {} })),
  }),
];

/** A queue in one account, and two accounts with instances `i-...0`, `i-...1` and so on, all of the role `web`. */
export function startMarkingWorld(options: MarkingWorldOptions = {}): Promise<OfflineAws> {
  const { messages = [], queue, queues = [], instances = 3, accounts = [], ...aws } = options;
  const withHosts = (id: string, roles: AccountSpec["roles"]) =>
    anAccount({
      ...{ id, regions: hosts(instances), instanceProfiles: [anInstanceProfile({ name: "web" })] },
      roles: [...roles, anInstanceRole({ name: "web" })],
    });
  return startOfflineAws({
    ...aws,
    scenario: anOrganization({
      accounts: [
        anAccount({
          id: hub,
          regions: [aRegion({ name: home, queues: [aQueue({ name: "skunky", messages, ...queue }), ...queues] })],
        }),
        withHosts(openAccount, [aRole({ name: "Skunky" })]),
        withHosts(closedAccount, []),
        ...accounts,
      ],
    }),
  });
}

/** Bodies of the messages that a queue still holds, hidden ones included. */
export const leftIn = ({ organization }: OfflineAws, queue = "skunky"): readonly string[] =>
  accountOf(organization, hub)
    .regions.find(home)
    ?.queues.find(queue)
    ?.mailbox.list()
    .map(({ body }) => body) ?? [];

/** The tag `dirty` of an instance; undefined: it has none. */
export const dirtyTag = ({ organization }: OfflineAws, { accountId, instanceId, region = home }: Host) =>
  accountOf(organization, accountId).regions.find(region)?.instances.find(instanceId)?.tags.get("dirty");

function accountOf(organization: OfflineAws["organization"], id: string) {
  const account = organization.accounts.find((one) => one.id === id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return account;
}

/** Gives an account the role for marking. */
export function trust({ organization }: OfflineAws, accountId: string): void {
  const role = accountOf(organization, openAccount)
    .roles.list()
    .find(({ name }) => name === "Skunky");
  if (role === undefined) throw new Error("no role to copy");
  accountOf(organization, accountId).roles.add({ ...role, id: deriveId("AROA", `${accountId} Skunky`) });
}

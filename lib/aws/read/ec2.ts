import type { DescribeInstancesCommandInput, EC2Client } from "@aws-sdk/client-ec2";
import type { Instance, InstanceState } from "../../core/ec2.ts";
import type { Calling } from "../call.ts";
import { errorNameOf } from "../error-name.ts";
import { ec2ReadActions } from "../read-actions.ts";
import { groupIds, type SomeIds } from "../some-ids.ts";
import type { InstanceFieldsPage } from "./gather-instances.ts";
import { asInstance } from "./instance-fields.ts";
import { allPages } from "./pages.ts";
import { readInstancePage } from "./read-instance-page.ts";

/** EC2's largest page. It excludes InstanceIds, so ids go into a filter (DescribeInstances, EC2 API reference). */
const pageSize = 1000;

const action = ec2ReadActions.describeInstances;

export interface InstancesRequest {
  /** The client's. */
  readonly region: string;
  readonly states: readonly [InstanceState, ...InstanceState[]];
}

/** All instances of a region in these states, with those that a service of AWS manages and hides. */
export const describeInstances = (
  calling: Calling<EC2Client>,
  { region, states }: InstancesRequest,
): AsyncGenerator<readonly Instance[]> => listFiltered(calling, region, ["instance-state-name", states]);

export interface InstancesByIdRequest {
  /** The client's. */
  readonly region: string;
  readonly ids: SomeIds;
}

/** These instances, in whatever state. One that EC2 does not know, or knows no longer, is left out. */
export async function* describeInstancesById(
  calling: Calling<EC2Client>,
  { region, ids }: InstancesByIdRequest,
): AsyncGenerator<readonly Instance[]> {
  for (const group of groupIds(ids)) yield* listFiltered(calling, region, ["instance-id", group]);
}

export interface InstancesByTagRequest {
  /** The client's. */
  readonly region: string;
  readonly key: string;
  readonly value: string;
}

/** Those with a tag of just this value, in whatever state. */
export const describeInstancesByTag = (
  calling: Calling<EC2Client>,
  { region, key, value }: InstancesByTagRequest,
): AsyncGenerator<readonly Instance[]> => listFiltered(calling, region, [`tag:${key}`, [escapeWildcards(value)]]);

export interface InstancesByAddressRequest {
  /** The client's. */
  readonly region: string;
  readonly vpcId: string;
  /** A private one, IPv4 or IPv6. */
  readonly address: string;
}

/** Those that have this address in that VPC now. */
export const describeInstancesByAddress = (
  calling: Calling<EC2Client>,
  { region, vpcId, address }: InstancesByAddressRequest,
): AsyncGenerator<readonly Instance[]> =>
  listFiltered(calling, region, ["vpc-id", [vpcId]], [addressFilter(address), [escapeWildcards(address)]]);

const addressFilter = (address: string): string =>
  address.includes(":")
    ? "network-interface.ipv6-addresses.ipv6-address"
    : "network-interface.addresses.private-ip-address";

/** In a filter's value `*` and `?` stand for other text (Filter your resources, EC2 user guide). */
const escapeWildcards = (value: string): string => value.replace(/[*?\\]/g, "\\$&");

type InstanceFilter = readonly [name: string, values: readonly string[]];

const listFiltered = (calling: Calling<EC2Client>, region: string, ...filters: readonly InstanceFilter[]) =>
  allPages(action, async (marker) => {
    const { instances, nextToken } = await readPage(calling, {
      Filters: filters.map(([name, values]) => ({ Name: name, Values: [...values] })),
      MaxResults: pageSize,
      NextToken: marker,
    });
    return {
      items: instances.map((fields) => asInstance(fields, { action, region })),
      next: nextToken === "" ? undefined : nextToken,
    };
  });

type PageRequest = Pick<DescribeInstancesCommandInput, "Filters" | "MaxResults" | "NextToken">;

/** Clients whose EC2 has no IncludeManagedResources yet: of another partition, or another's API. */
const withoutManaged = new WeakSet<EC2Client>();

async function readPage(calling: Calling<EC2Client>, request: PageRequest): Promise<InstanceFieldsPage> {
  if (withoutManaged.has(calling.client)) return readInstancePage(calling, request);
  try {
    return await readInstancePage(calling, { ...request, IncludeManagedResources: true });
  } catch (thrown) {
    if (errorNameOf(thrown) !== "UnknownParameter") throw thrown;
    withoutManaged.add(calling.client);
    return readInstancePage(calling, request);
  }
}

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

type InstanceFilter = readonly [name: string, values: readonly string[]];

const listFiltered = (calling: Calling<EC2Client>, region: string, [name, values]: InstanceFilter) =>
  allPages(action, async (marker) => {
    const { instances, nextToken } = await readPage(calling, {
      Filters: [{ Name: name, Values: [...values] }],
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

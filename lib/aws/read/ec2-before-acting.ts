import {
  DescribeInstanceAttributeCommand,
  DescribeTagsCommand,
  type EC2Client,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { failureCodeOf, OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";
import { errorNameOf } from "../error-name.ts";
import { ec2ActActions } from "../read-actions.ts";
import { groupIds, type SomeIds } from "../some-ids.ts";
import { ec2WriteActions } from "../write-actions.ts";
import { allPages } from "./pages.ts";
import { present } from "./present.ts";

/** Its largest page (DescribeTags, EC2 API reference). */
const pageSize = 1000;

/** Tags by instance id, for each of these ids, by another call than the one that lists instances. */
export async function listTags(
  calling: Calling<EC2Client>,
  ids: SomeIds,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const tagsOf = new Map(ids.map((id) => [id, new Map<string, string>()]));
  for (const group of groupIds(ids)) {
    for await (const page of listGroup(calling, group))
      for (const { id, key, value } of page) tagsOf.get(id)?.set(key, value);
  }
  return tagsOf;
}

const listGroup = ({ client, stop }: Calling<EC2Client>, ids: string[]) => {
  const action = ec2ActActions.listTags;
  return allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(
        new DescribeTagsCommand({
          Filters: [{ Name: "resource-id", Values: ids }],
          MaxResults: pageSize,
          NextToken: marker,
        }),
        { abortSignal: stop },
      ),
    );
    return {
      items: (page.Tags ?? []).map(({ ResourceId, Key, Value = "" }) => ({
        id: present(action, "resourceId", ResourceId),
        key: present(action, "key", Key),
        value: Value,
      })),
      next: page.NextToken || undefined,
    };
  });
};

export interface Protection {
  /** DisableApiTermination. */
  readonly fromTermination: boolean;
  /** DisableApiStop. */
  readonly fromStop: boolean;
}

export async function describeProtection(calling: Calling<EC2Client>, instanceId: string): Promise<Protection> {
  const fromTermination = await describeFlag(calling, { instanceId, attribute: "disableApiTermination" });
  const fromStop = await describeFlag(calling, { instanceId, attribute: "disableApiStop" });
  return { fromTermination, fromStop };
}

interface FlagRequest {
  readonly instanceId: string;
  readonly attribute: "disableApiTermination" | "disableApiStop";
}

async function describeFlag({ client, stop }: Calling<EC2Client>, { instanceId, attribute }: FlagRequest) {
  const action = ec2ActActions.describeProtection;
  const answer = await call(action, stop, () =>
    client.send(new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: attribute }), {
      abortSignal: stop,
    }),
  );
  const flag = attribute === "disableApiStop" ? answer.DisableApiStop : answer.DisableApiTermination;
  return present(action, `${attribute} of "${instanceId}"`, flag?.Value);
}

/** Whether permissions allow to stop all of these instances: a dry run, which changes nothing. */
export const mayStop = ({ client, stop }: Calling<EC2Client>, ids: SomeIds): Promise<boolean> =>
  isDryRunAllowed(ec2WriteActions.stopInstances, stop, () =>
    client.send(new StopInstancesCommand({ InstanceIds: [...ids], DryRun: true }), { abortSignal: stop }),
  );

/** Whether permissions allow to terminate all of these instances: a dry run, which changes nothing. */
export const mayTerminate = ({ client, stop }: Calling<EC2Client>, ids: SomeIds): Promise<boolean> =>
  isDryRunAllowed(ec2WriteActions.terminateInstances, stop, () =>
    client.send(new TerminateInstancesCommand({ InstanceIds: [...ids], DryRun: true }), { abortSignal: stop }),
  );

/** A dry run always ends with an error, whose name is its answer. */
async function isDryRunAllowed(action: string, stop: AbortSignal, send: () => Promise<unknown>): Promise<boolean> {
  try {
    await call(`${action} as a dry run`, stop, send);
  } catch (thrown) {
    if (errorNameOf(thrown) === "DryRunOperation") return true;
    if (failureCodeOf(thrown) === "denied") return false;
    throw thrown;
  }
  throw new OpsError("other", `${action} as a dry run: it was answered as if it were none`);
}

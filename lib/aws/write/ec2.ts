import {
  CreateTagsCommand,
  DeleteTagsCommand,
  type EC2Client,
  ModifyInstanceAttributeCommand,
  type InstanceStateChange as SdkStateChange,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { Intent } from "../../act/journal.ts";
import { type Calling, call } from "../call.ts";
import { ec2WriteActions } from "../write-actions.ts";

/** An instance with the intent to change it: a call for several has one for each. */
export interface InstanceIntent {
  readonly intent: Intent;
  readonly instanceId: string;
}

export type InstanceIntents = readonly [InstanceIntent, ...InstanceIntent[]];

export interface StateChange {
  /** Such as `running`. */
  readonly from: string | undefined;
  /** Such as `stopping`. */
  readonly to: string | undefined;
}

/** By instance id, as AWS answered; it says nothing of an instance that is not there. */
export type StateChanges = ReadonlyMap<string, StateChange>;

export async function startInstances(intents: InstanceIntents, calling: Calling<EC2Client>): Promise<StateChanges> {
  const { client, stop } = calling;
  const { StartingInstances: changes } = await call(ec2WriteActions.startInstances, stop, () =>
    client.send(new StartInstancesCommand({ InstanceIds: idsOf(intents) }), { abortSignal: stop }),
  );
  return changesOf(changes);
}

/** All or none: one that is protected or can't be stopped fails the call for all. */
export async function stopInstances(intents: InstanceIntents, calling: Calling<EC2Client>): Promise<StateChanges> {
  const { client, stop } = calling;
  const { StoppingInstances: changes } = await call(ec2WriteActions.stopInstances, stop, () =>
    client.send(new StopInstancesCommand({ InstanceIds: idsOf(intents) }), { abortSignal: stop }),
  );
  return changesOf(changes);
}

/**
 * For instances of one availability zone. One that is protected fails the call for all of its zone, while those of other
 * zones are terminated all the same (TerminateInstances, EC2 API reference): an error would then say neither.
 */
export async function terminateInstances(intents: InstanceIntents, calling: Calling<EC2Client>): Promise<StateChanges> {
  const { client, stop } = calling;
  const { TerminatingInstances: changes } = await call(ec2WriteActions.terminateInstances, stop, () =>
    client.send(new TerminateInstancesCommand({ InstanceIds: idsOf(intents) }), { abortSignal: stop }),
  );
  return changesOf(changes);
}

/** Sets these tags, whatever their values were, and leaves others alone. */
export async function createTags(
  intents: InstanceIntents,
  { client, stop }: Calling<EC2Client>,
  tags: ReadonlyMap<string, string>,
): Promise<void> {
  const pairs = [...tags].map(([Key, Value]) => ({ Key, Value }));
  await call(ec2WriteActions.createTags, stop, () =>
    client.send(new CreateTagsCommand({ Resources: idsOf(intents), Tags: pairs }), { abortSignal: stop }),
  );
}

/** At least one: EC2 takes a request that names no tags as one for all that the instance has. */
export type SomeTags = readonly [readonly [key: string, value: string], ...(readonly [key: string, value: string])[]];

/** Takes these tags off where they have these values; with another value a tag stays (DeleteTags, EC2 API reference). */
export async function deleteTags(
  intents: InstanceIntents,
  { client, stop }: Calling<EC2Client>,
  tags: SomeTags,
): Promise<void> {
  const pairs = tags.map(([Key, Value]) => ({ Key, Value }));
  await call(ec2WriteActions.deleteTags, stop, () =>
    client.send(new DeleteTagsCommand({ Resources: idsOf(intents), Tags: pairs }), { abortSignal: stop }),
  );
}

export const setTerminationProtection = (
  target: InstanceIntent,
  calling: Calling<EC2Client>,
  isProtected: boolean,
): Promise<void> => modify(target, calling, { DisableApiTermination: { Value: isProtected } });

export const setStopProtection = (
  target: InstanceIntent,
  calling: Calling<EC2Client>,
  isProtected: boolean,
): Promise<void> => modify(target, calling, { DisableApiStop: { Value: isProtected } });

type Attribute = { readonly DisableApiTermination: Flag } | { readonly DisableApiStop: Flag };
type Flag = { readonly Value: boolean };

async function modify({ instanceId }: InstanceIntent, { client, stop }: Calling<EC2Client>, attribute: Attribute) {
  await call(ec2WriteActions.modifyInstanceAttribute, stop, () =>
    client.send(new ModifyInstanceAttributeCommand({ InstanceId: instanceId, ...attribute }), { abortSignal: stop }),
  );
}

const idsOf = (intents: InstanceIntents): string[] => intents.map(({ instanceId }) => instanceId);

const changesOf = (changes: readonly SdkStateChange[] = []): StateChanges =>
  new Map(
    changes.flatMap(({ InstanceId, PreviousState, CurrentState }) =>
      InstanceId === undefined ? [] : [[InstanceId, { from: PreviousState?.Name, to: CurrentState?.Name }] as const],
    ),
  );

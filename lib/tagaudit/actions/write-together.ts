import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Attempt, Begun } from "../../act/kind.ts";
import type { Calling } from "../../aws/call.ts";
import type { InstanceIntent, InstanceIntents, StateChanges } from "../../aws/write/ec2.ts";
import { type FailureCode, failureCodeOf } from "../../core/errors.ts";
import { detailOf, type InstanceActing } from "./acting.ts";

/** By the docs fewer than 1,000 should go into one call; this many are journaled within a lease, and waited for together. */
export const batchSize = 50;

/** What may be due to one of several, and fails the call for all: AWS has then changed none of them. */
const ofOne: readonly FailureCode[] = ["denied", "missing", "other"];

/** Changes instances of one region in one call; where one of them fails it for all, each by itself, so that each ends as it deserves. */
export async function writeTogether(
  begun: readonly Begun[],
  { writing, overdue }: Pick<InstanceActing, "writing"> & { readonly overdue: AbortSignal },
  change: (intents: InstanceIntents, calling: Calling<EC2Client>) => Promise<StateChanges>,
): Promise<readonly Attempt[]> {
  const targets = begun.map(({ intent }) => ({ intent, instanceId: detailOf(intent.action).instanceId }));
  const [first, ...others] = targets;
  if (first === undefined) return [];
  const calling = until(overdue, writing(detailOf(first.intent.action).region));
  const send = (intents: InstanceIntents) => change(intents, calling);
  try {
    const changes = await send([first, ...others]);
    return targets.map((target) => answerOf(target, changes));
  } catch (thrown) {
    if (others.length === 0 || !ofOne.includes(failureCodeOf(thrown))) return targets.map(() => ({ thrown }));
  }
  const attempts: Attempt[] = [];
  for (const target of targets) attempts.push(await writeAlone(target, send));
  return attempts;
}

/** The same calls, ended also where the whole write is given up. */
export const until = <Client>(overdue: AbortSignal, { client, stop }: Calling<Client>): Calling<Client> => ({
  client,
  stop: AbortSignal.any([stop, overdue]),
});

async function writeAlone(
  target: InstanceIntent,
  send: (intents: InstanceIntents) => Promise<StateChanges>,
): Promise<Attempt> {
  try {
    return answerOf(target, await send([target]));
  } catch (thrown) {
    return { thrown };
  }
}

/** An answer that says nothing of an instance leaves it to a look. */
function answerOf({ instanceId }: InstanceIntent, changes: StateChanges): Attempt {
  const change = changes.get(instanceId);
  return change === undefined ? {} : { written: { from: change.from, to: change.to } };
}

import { DescribeInstancesCommand, type DescribeInstancesCommandInput, type EC2Client } from "@aws-sdk/client-ec2";
import { OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";
import { ec2ReadActions } from "../read-actions.ts";
import { gatherInstances, type InstanceFieldsPage } from "./gather-instances.ts";
import { fieldsOf } from "./instance-fields.ts";
import { present } from "./present.ts";
import { streamXml } from "./stream-xml.ts";
import { UnreadableXml } from "./unreadable-xml.ts";

const action = ec2ReadActions.describeInstances;

/** As a stream, and what can't be read so, once more by the SDK. */
export async function readInstancePage(
  calling: Calling<EC2Client>,
  input: DescribeInstancesCommandInput,
): Promise<InstanceFieldsPage> {
  try {
    return await readStreamed(calling, input);
  } catch (thrown) {
    if (!(thrown instanceof OpsError && thrown.cause instanceof UnreadableXml)) throw thrown;
    return readPageBySdk(calling, input);
  }
}

async function readStreamed({ client, stop }: Calling<EC2Client>, input: DescribeInstancesCommandInput) {
  const command = new DescribeInstancesCommand(input);
  const gathered = streamXml(command, gatherInstances);
  await call(action, stop, () => client.send(command, { abortSignal: stop }));
  return present(action, "reservationSet", gathered()?.page());
}

/** By the SDK's own deserializer, which takes some ten times as long. */
export async function readPageBySdk(
  { client, stop }: Calling<EC2Client>,
  input: DescribeInstancesCommandInput,
): Promise<InstanceFieldsPage> {
  const page = await call(action, stop, () => client.send(new DescribeInstancesCommand(input), { abortSignal: stop }));
  const reservations = present(action, "reservationSet", page.Reservations);
  return {
    instances: reservations.flatMap(({ Instances = [] }) => Instances.map(fieldsOf)),
    nextToken: page.NextToken,
  };
}

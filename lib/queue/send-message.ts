import { randomUUID } from "node:crypto";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { call } from "../aws/call.ts";
import { OpsError } from "../core/errors.ts";
import { seconds } from "../core/time.ts";
import { placeQueue } from "./queue-place.ts";

export interface Sending {
  /** Its name or URL. A name costs a call more, and the permission sqs:GetQueueUrl. */
  readonly queue: string;
  /** Whose queue of this name; undefined: the sender's account's. */
  readonly owner: string | undefined;
  /** Undefined: its URL's. */
  readonly region: string | undefined;
  /** Where nothing says a region. */
  readonly homeRegion: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  readonly body: string;
  /** Of a FIFO queue alone: messages of one group keep their order. */
  readonly group: string;
  readonly stop: AbortSignal;
}

/**
 * Sends one message and answers the id that SQS gave it. A connection that breaks, or a refusal that will pass, is met by
 * three more attempts, so the message may arrive twice; silence lasts until the stop signal.
 *
 * @throws OpsError, classified
 */
export async function sendMessage(sending: Sending): Promise<string> {
  const { queue, body, group, stop } = sending;
  const { name, url } = placeQueue(queue);
  const client = openClient(sending);
  try {
    const QueueUrl = url ?? (await findUrl(client, sending));
    const ordered = name.endsWith(".fifo")
      ? { MessageGroupId: group, MessageDeduplicationId: randomUUID() }
      : undefined;
    const command = new SendMessageCommand({ QueueUrl, MessageBody: body, ...ordered });
    const asked = `sqs:SendMessage on queue "${name}"`;
    const { MessageId } = await call(asked, stop, () => client.send(command, { abortSignal: stop }));
    if (MessageId === undefined) throw new OpsError("other", `${asked}: the answer lacks MessageId`);
    return MessageId;
  } finally {
    client.destroy();
  }
}

/** Of its own: a session's clients repeat for as long as a scan may take, this one for a few seconds. */
function openClient({ queue, region, homeRegion, credentials }: Sending): SQSClient {
  const place = placeQueue(queue);
  return new SQSClient({
    region: region ?? place.region ?? homeRegion,
    credentials,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: seconds(2) },
    ...(place.url === undefined ? {} : { endpoint: new URL(place.url).origin }),
    // A queue that was found by its name is asked where its name was: some regions answer URLs of old hosts.
    useQueueUrlAsEndpoint: false,
  });
}

async function findUrl(client: SQSClient, { queue, owner, stop }: Sending): Promise<string> {
  const command = new GetQueueUrlCommand({ QueueName: queue, QueueOwnerAWSAccountId: owner });
  const asked = `sqs:GetQueueUrl on queue "${queue}"`;
  const { QueueUrl } = await call(asked, stop, () => client.send(command, { abortSignal: stop }));
  if (QueueUrl === undefined) throw new OpsError("other", `${asked}: the answer lacks QueueUrl`);
  return QueueUrl;
}

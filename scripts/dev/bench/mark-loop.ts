import { setTimeout as pause } from "node:timers/promises";
import { CreateTagsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DeleteMessageBatchCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

// The original's loop: ten messages, for each of them a row and a tag, and a second's sleep before the next ten. Rows take
// the latency of a call each. It prints the milliseconds of the loop alone.
const latencyMs = Number(process.argv[2]);
const [sqs, ec2] = [new SQSClient(), new EC2Client()];
const started = performance.now();
const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "skunky" }));
for (;;) {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  );
  if (messages.length === 0) break;
  for (const { Body } of messages) {
    const { instance_id: id }: { readonly instance_id: string } = JSON.parse(Body ?? "");
    await pause(latencyMs);
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "dirty", Value: "skunked" }] }));
  }
  const Entries = messages.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  await pause(1000);
}
process.stdout.write(String(performance.now() - started));

import { AwsError } from "../aws-error.ts";
import type { Call } from "../operation.ts";
import { readText, requireText } from "../parameters.ts";
import { type Account, findAccount } from "../state.ts";
import type { Queue } from "./queue.ts";

export interface OwnedQueue {
  readonly account: Account;
  readonly queue: Queue;
}

export const noQueue = (): AwsError =>
  new AwsError("QueueDoesNotExist", 400, "The specified queue does not exist or you do not have access to it.");

interface QueueName {
  readonly accountId: string;
  readonly name: string;
}

/** Only the path of a queue's URL counts, as with AWS; the region is the signature's. */
function readQueueUrl({ parameters }: Call): QueueName {
  const url = requireText(parameters, "QueueUrl");
  const [, accountId, name] = /^(?:https?:\/\/[^/]+)?\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/.exec(url) ?? [];
  if (accountId === undefined || name === undefined)
    throw new AwsError("InvalidAddress", 404, `The address ${url} is not valid for this endpoint.`);
  return { accountId, name };
}

/** The queue of a request that names it by its URL. */
export const requestedQueue = (call: Call): OwnedQueue => lookUp(call, readQueueUrl(call));

/** The queue of a request that names it by itself, and perhaps its owner. */
export function namedQueue(call: Call): OwnedQueue {
  const { parameters, caller } = call;
  const accountId = readText(parameters, "QueueOwnerAWSAccountId") ?? caller.account.id;
  return lookUp(call, { accountId, name: requireText(parameters, "QueueName") });
}

function lookUp(call: Call, { accountId, name }: QueueName): OwnedQueue {
  const account = findAccount(call.organization, accountId);
  const queue = account?.regions.find(call.region)?.queues.find(name);
  if (account === undefined || queue === undefined) throw noQueue();
  refuseStranger(call, { account, queue });
  return { account, queue };
}

/** AWS names no queue to who may not know of it. */
function refuseStranger({ caller, action, region }: Call, { account, queue }: OwnedQueue): void {
  const { id } = caller.account;
  if (id === account.id || queue.sharedWith.includes(id) || queue.sharedWith.includes("*")) return;
  if (action === "sqs:GetQueueUrl") throw noQueue();
  throw new AwsError("AccessDenied", 403, `Access to the resource https://sqs.${region}.amazonaws.com/ is denied.`);
}

export const queueArn = ({ partition, id }: Account, region: string, name: string): string =>
  `arn:${partition}:sqs:${region}:${id}:${name}`;

/** What a denial names; `*` where the request names no queue. */
export function requestedArn(call: Call): string {
  const url = readText(call.parameters, "QueueUrl") ?? "";
  const [accountId, name] = url.split("/").slice(-2);
  const named = readText(call.parameters, "QueueName");
  const { partition, id } = call.caller.account;
  return `arn:${partition}:sqs:${call.region}:${named === undefined ? accountId : id}:${named ?? name}`;
}

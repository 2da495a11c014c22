import { AwsError } from "../aws-error.ts";
import type { Answer, Call } from "../operation.ts";
import { type RequestParameters, readText } from "../parameters.ts";

interface Batch {
  /** The call that does for one what the batch does for many: faults of it hit single entries. */
  readonly single: string;
  /** What faults may name beside the entry's own members. */
  readonly about: (entry: RequestParameters) => RequestParameters;
  readonly answer: (entry: RequestParameters) => Answer;
}

/** Each entry stands for itself: it is answered among those that are done, or among those that failed. */
export function answerBatch(call: Call, { single, about, answer }: Batch): Answer {
  const done: Answer[] = [];
  const failed: Answer[] = [];
  for (const entry of readEntries(call)) {
    const id = readText(entry, "Id") ?? "";
    try {
      const fault = call.findFault({ action: single, parameters: { ...entry, ...about(entry) } });
      if (fault?.kind === "error") throw new AwsError(fault.code, fault.status, fault.message);
      done.push({ Id: id, ...answer(entry) });
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      failed.push({ Id: id, Code: thrown.code, Message: thrown.message, SenderFault: thrown.status < 500 });
    }
  }
  return { Successful: done, Failed: failed.length === 0 ? undefined : failed };
}

const mostEntries = 10;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html: its errors. */
function readEntries({ action, parameters }: Call): readonly RequestParameters[] {
  const { Entries: given } = parameters;
  // JSON's list of entries is a list of records.
  const entries = Array.isArray(given) ? (given as readonly RequestParameters[]) : [];
  const kind = action.replace(/^sqs:/, "");
  if (entries.length === 0)
    throw refused("EmptyBatchRequest", `There should be at least one ${kind}RequestEntry in the request.`);
  if (entries.length > mostEntries)
    throw refused(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`,
    );
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = readText(entry, "Id") ?? "";
    if (!/^[\w-]{1,80}$/.test(id))
      throw refused(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    if (ids.has(id)) throw refused("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

const refused = (code: string, message: string): AwsError => new AwsError(code, 400, message);

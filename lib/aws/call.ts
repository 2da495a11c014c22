import { messageOf, OpsError } from "../core/errors.ts";
import { classifyError } from "./classify-error.ts";

/** A service's client together with the round it may work in. */
export interface Calling<Client> {
  readonly client: Client;
  /** Aborted at the deadline or on SIGTERM; its reason says which. */
  readonly stop: AbortSignal;
}

/**
 * One AWS call, named by its IAM action. It ends at the stop signal even while the SDK waits for credentials, such as a
 * process of the user's, which its own abort signal does not interrupt.
 *
 * @throws OpsError, classified
 */
export async function call<Output>(action: string, stop: AbortSignal, send: () => Promise<Output>): Promise<Output> {
  try {
    return await untilStopped(stop, send);
  } catch (thrown) {
    if (stop.aborted)
      throw new OpsError("stopped", `${action}: stopped by ${messageOf(stop.reason)}`, { cause: thrown });
    throw new OpsError(classifyError(thrown), `${action}: ${reasonOf(thrown)}`, { cause: thrown });
  }
}

async function untilStopped<Output>(stop: AbortSignal, send: () => Promise<Output>): Promise<Output> {
  stop.throwIfAborted();
  let abandon: (() => void) | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    abandon = () => reject(stop.reason);
    stop.addEventListener("abort", abandon, { once: true });
  });
  try {
    return await Promise.race([send(), stopped]);
  } finally {
    if (abandon !== undefined) stop.removeEventListener("abort", abandon);
  }
}

/** Socket errors of several addresses come as an AggregateError without a message of its own. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return messageOf(thrown.errors[0]);
  const message = messageOf(thrown);
  if (wordless.includes(message) && thrown instanceof Error) return thrown.name;
  if (isSignatureRefused(thrown)) return `the secret access key does not fit its id (${thrown.name})`;
  if (message.startsWith("Command failed")) return "the profile's credential_process failed";
  return hintToProgrammers.test(message)
    ? `${describeAnswer(thrown)} is no answer of AWS: ${message.replace(hintToProgrammers, "")}`
    : message;
}

/** The second is the SDK's for an error of AWS that has a name and no words, as Parameter Store's and KMS's have. */
const wordless: readonly string[] = ["", "UnknownError"];

/** AWS then quotes the whole request that it would have signed, with its session token. */
const isSignatureRefused = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && /^(SignatureDoesNotMatch|InvalidSignature)/.test(thrown.name);

/** What the SDK adds where it can't parse an answer, which it leaves on the error (its schemaDeserializationMiddleware). */
const hintToProgrammers = / ?Deserialization error: to see the raw response.*$/;

interface UnreadAnswer {
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/** A proxy's page, mostly: its status and type tell whose. */
function describeAnswer(thrown: unknown): string {
  const { $response: answer }: UnreadAnswer = Object(thrown);
  return `HTTP ${answer?.statusCode} of type "${answer?.headers?.["content-type"]}"`;
}

import { getSystemErrorMap } from "node:util";
import { messageOf, OpsError } from "../core/errors.ts";

/** Nobody reads what the sink writes: `keycheck | head` is no failure of keycheck's. */
export class ReaderGone extends OpsError {
  constructor(target: string, cause: unknown) {
    super("unreachable", `can't write ${target}: its reader is gone`, { cause });
    this.name = "ReaderGone";
  }
}

/** Every error of a sink names its target, and the system's reason in words. */
export async function nameFailure<Result>(target: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (thrown) {
    throw sinkFailure(target, thrown);
  }
}

function sinkFailure(target: string, cause: unknown): OpsError {
  const { code, errno } = systemError(cause);
  if (code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED")
    return new ReaderGone(target, cause);
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  const reason = known === undefined ? messageOf(cause) : `${known[1]} (${known[0]})`;
  return new OpsError("other", `can't write ${target}: ${reason}`, { cause });
}

function systemError(cause: unknown): Partial<NodeJS.ErrnoException> {
  // Node's system errors carry these two beside the message; anything else lacks them.
  return cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
}

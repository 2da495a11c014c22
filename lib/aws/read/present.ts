import { OpsError } from "../../core/errors.ts";

/** A member that AWS always sends; an answer without one is not an answer to judge by. */
export function present<Value>(action: string, member: string, value: Value | undefined): Value {
  if (value === undefined) throw new OpsError("other", `${action}: the answer lacks ${member}`);
  return value;
}

import type { Millis } from "../core/time.ts";
import type { Call } from "./operation.ts";
import type { RequestParameters } from "./parameters.ts";

/** One change that was carried out. */
export interface Write {
  /** Such as `iam:UpdateAccessKey`. */
  readonly action: string;
  readonly at: Millis;
  readonly accountId: string;
  /** As the request gave them, `Action` and `Version` of a query excepted. */
  readonly parameters: RequestParameters;
}

export interface WriteLog {
  add(call: Pick<Call, "action" | "now" | "caller" | "parameters">): void;
  list(): readonly Write[];
}

export function createWriteLog(): WriteLog {
  const writes: Write[] = [];
  return {
    add({ action, now, caller, parameters: { Action: _action, Version: _version, ...parameters } }) {
      writes.push({ action, at: now, accountId: caller.account.id, parameters });
    },
    list: () => [...writes],
  };
}

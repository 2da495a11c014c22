import { notPermitted } from "./errors.ts";
import type { Instance } from "./instance.ts";

/** What a service operates only that service may change. EC2 documents the refusal, not its words. */
export function refuseOperated({ id, operator }: Instance, deed: string): void {
  if (operator === undefined) return;
  throw notPermitted(`The instance '${id}' is managed by ${operator.principal} and may not be ${deed}.`);
}

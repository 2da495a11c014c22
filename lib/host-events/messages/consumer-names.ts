import type { Millis } from "../../core/time.ts";
import type { Reading } from "../event.ts";
import { type ForeignRecord, memberOf, textOf } from "../foreign-json.ts";
import { readHost } from "../host-reading.ts";

/** Clients that were written for the original call the person by any of these. */
const userNames = ["user", "username", "user_name", "bastion_user"] as const;

/** The names that the original's consumer was given by bastions. Undefined for another shape. */
export function parseConsumerNames(record: ForeignRecord, sentAt: Millis): Reading | undefined {
  const instanceId = memberOf(record, "instance_id");
  if (instanceId === undefined) return undefined;
  const words = {
    instanceId,
    accountId: memberOf(record, "instance_account_id"),
    region: memberOf(record, "instance_region"),
    event: memberOf(record, "event"),
    user: userNames.map((name) => textOf(record, name)).find((text) => text !== undefined),
    address: textOf(record, "bastion_user_ip") ?? textOf(record, "source_address"),
  };
  return readHost(words, sentAt);
}

import type { Millis } from "../../core/time.ts";
import type { Reading } from "../event.ts";
import { type ForeignRecord, memberOf, textOf } from "../foreign-json.ts";
import { readHost } from "../host-reading.ts";

/**
 * An instance identity document as it is, which is all that the original's sample client sends
 * (Netflix-Skunkworks/skunky, client/main.go); other clients of it add `event`, which its filter reads. Undefined for
 * another shape.
 */
export function parseIdentityDocument(record: ForeignRecord, sentAt: Millis): Reading | undefined {
  const instanceId = memberOf(record, "instanceId");
  if (instanceId === undefined) return undefined;
  const words = {
    instanceId,
    accountId: memberOf(record, "accountId"),
    region: memberOf(record, "region"),
    event: memberOf(record, "event"),
    user: textOf(record, "user"),
    address: textOf(record, "source_address"),
  };
  return readHost(words, sentAt);
}

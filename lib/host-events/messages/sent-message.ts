import type { Millis } from "../../core/time.ts";
import type { Reading } from "../event.ts";
import { type ForeignRecord, memberOf, recordOf, tameText, textOf } from "../foreign-json.ts";
import { longestAddress, longestPrincipal, readHost } from "../host-reading.ts";

/** What `dirtymark send` tells of a login. */
export interface SentMessage {
  readonly event: string;
  readonly user: string | undefined;
  readonly sourceAddress: string | undefined;
  /** The instance identity document, as the metadata service answers it. */
  readonly identity: ForeignRecord;
}

/** The body of the message that `dirtymark send` sends; whatever PAM said, it is cut to what will be kept of it. */
export function formatSentMessage({ event, user, sourceAddress, identity }: SentMessage): string {
  const said = { user: tameText(user, longestPrincipal), source_address: tameText(sourceAddress, longestAddress) };
  return JSON.stringify({ event, ...said, identity });
}

/** Undefined for another shape. */
export function parseSentMessage(record: ForeignRecord, sentAt: Millis): Reading | undefined {
  const identity = recordOf(record, "identity");
  if (identity === undefined) return undefined;
  const words = {
    instanceId: memberOf(identity, "instanceId"),
    accountId: memberOf(identity, "accountId"),
    region: memberOf(identity, "region"),
    event: memberOf(record, "event"),
    user: textOf(record, "user"),
    address: textOf(record, "source_address"),
  };
  return readHost(words, sentAt);
}

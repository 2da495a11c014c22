import type { Millis } from "../core/time.ts";
import type { Reading } from "./event.ts";
import { quoteForeign, tameText } from "./foreign-json.ts";
import { isInstanceId, parsePlace } from "./place.ts";

/** What every shape of a host's own message says, under whatever names. */
export interface HostWords {
  readonly instanceId: unknown;
  readonly accountId: unknown;
  readonly region: unknown;
  readonly event: unknown;
  readonly user: string | undefined;
  readonly address: string | undefined;
}

/** Event names are counted in a mark and matched by filters. */
const eventName = /^[A-Za-z0-9][\w.:-]{0,63}$/;

/** What the original called an event without a name, which its levels hold for grave. */
const unnamed = "unknown";

/** Clients write an empty name, or null, where they have none. */
const isBlank = (event: unknown): boolean =>
  event === undefined || event === null || (typeof event === "string" && event.trim() === "");

export const longestPrincipal = 256;
export const longestAddress = 128;

export function readHost(words: HostWords, sentAt: Millis): Reading {
  const malformed = (says: string): Reading => ({ is: "refused", reason: "malformed", says });
  const { instanceId } = words;
  const event = isBlank(words.event) ? unnamed : words.event;
  const parsed = parsePlace(words.accountId, words.region);
  if (!parsed.ok) return malformed(parsed.says);
  if (!isInstanceId(instanceId)) return malformed(`instance ${quoteForeign(instanceId)} is no instance id`);
  if (typeof event !== "string" || !eventName.test(event))
    return malformed(`event ${quoteForeign(event)} is no name of up to 64 letters, digits or _.:-`);
  const said = {
    principal: tameText(words.user, longestPrincipal),
    address: tameText(words.address, longestAddress),
  };
  return {
    is: "events",
    events: [{ ...parsed.place, instanceId, name: event, source: "host", id: undefined, at: sentAt, ...said }],
    origin: { by: "host", envelope: undefined },
  };
}

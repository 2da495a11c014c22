import type { InstanceName } from "./event.ts";
import { quoteForeign } from "./foreign-json.ts";

/** Of 8 hexadecimal digits until 2016, of 17 since (EC2 User Guide, resource ids). */
const instanceId = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
const accountId = /^\d{12}$/;
const region = /^[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/;

export const isInstanceId = (text: unknown): text is string => typeof text === "string" && instanceId.test(text);
export const isAccountId = (text: unknown): text is string => typeof text === "string" && accountId.test(text);
export const isRegion = (text: unknown): text is string => typeof text === "string" && region.test(text);

export type Place = Pick<InstanceName, "accountId" | "region">;

export type ParsedPlace = { readonly ok: true; readonly place: Place } | { readonly ok: false; readonly says: string };

/** An account and a region, as far as their form tells. */
export function parsePlace(account: unknown, inRegion: unknown): ParsedPlace {
  if (!isAccountId(account)) return { ok: false, says: `account ${quoteForeign(account)} is no account id` };
  if (!isRegion(inRegion)) return { ok: false, says: `region ${quoteForeign(inRegion)} is no region` };
  return { ok: true, place: { accountId: account, region: inRegion } };
}

import { type Millis, parseInstant } from "../core/time.ts";
import { type InstanceName, type Level, levels } from "../host-events/event.ts";
import { isAccountId, isInstanceId, isRegion } from "../host-events/place.ts";
import type { MarkedEvent } from "../marks/mark.ts";

/** A row of the original's table that becomes nothing here, and why. */
export interface UnmappedRow {
  readonly what: string;
  readonly because: string;
}

export interface MappedRows {
  readonly events: readonly MarkedEvent[];
  readonly unmapped: readonly UnmappedRow[];
}

/**
 * The table has a row for each login: `hash` (account::region::instance::milliseconds), `instance_id`, `account_id`,
 * `region`, `skunk_level`, `marked_dirty` and `identity`, the message as JSON (Netflix-Skunkworks/skunky). Nobody looked
 * who had sent it, so none of them is believed.
 */
export function mapRows(rows: Iterable<ReadonlyMap<string, string>>, now: Millis): MappedRows {
  const events: MarkedEvent[] = [];
  const unmapped: UnmappedRow[] = [];
  for (const row of rows) {
    const mapped = mapRow(row, now);
    if ("because" in mapped) unmapped.push(mapped);
    else events.push(mapped);
  }
  return { events, unmapped };
}

type Row = ReadonlyMap<string, string>;

function mapRow(row: Row, now: Millis): MarkedEvent | UnmappedRow {
  const [accountId, region, instanceId, marked] = hashOf(row);
  const what = `row "${(row.get("hash") ?? "").slice(0, longestShown)}"`;
  const name = nameOf(row, { accountId, region, instanceId });
  if (typeof name === "string") return { what, because: name };
  const at = readTime(row.get("marked_dirty") ?? marked);
  if (at === undefined) return { what, because: "neither marked_dirty nor its hash has the time" };
  if (at > now) return { what, because: "its time is yet to come" };
  const { event, principal, address } = readIdentity(row.get("identity"));
  return {
    event: { ...name, name: event, source: "host", id: undefined, at, principal, address },
    // Short enough for a mark to keep it whole: of longer names it keeps the ends.
    ...{ level: levelOf(row.get("skunk_level"), event), isVerified: false, messageId: `s-${at}` },
  };
}

const longestShown = 80;

const hashOf = (row: Row): readonly (string | undefined)[] => (row.get("hash") ?? "").split("::");

function nameOf(row: Row, hash: { readonly [Part in keyof InstanceName]: string | undefined }): InstanceName | string {
  const accountId = row.get("account_id") ?? hash.accountId ?? "";
  const region = row.get("region") ?? hash.region ?? "";
  const instanceId = row.get("instance_id") ?? hash.instanceId ?? "";
  if (!isAccountId(accountId)) return "it names no account";
  if (!isRegion(region)) return "it names no region";
  if (!isInstanceId(instanceId)) return "it names no instance";
  return { accountId, region, instanceId };
}

/** As SQS says it, in milliseconds; also as an instant. */
function readTime(text = ""): Millis | undefined {
  const at = /^\d{12,14}$/.test(text) ? Number(text) : parseInstant(text);
  return at !== undefined && at > 0 ? at : undefined;
}

/** Its levels are free words; what it wrote by itself is `high` and `critical`. */
const levelOf = (word: string | undefined, event: string): Level =>
  levels.find((level) => level === word?.toLowerCase()) ?? (event === "ssh" ? "high" : "critical");

interface Identity {
  readonly event: string;
  readonly principal: string | undefined;
  readonly address: string | undefined;
}

/** What any sender may have put there. */
function readIdentity(json: string | undefined): Identity {
  const identity = Object(parseJson(json));
  const textIn = (...names: readonly string[]): string | undefined =>
    names
      .map((name): unknown => (Object.hasOwn(identity, name) ? identity[name] : undefined))
      .find((one): one is string => typeof one === "string" && /^[^\p{Cc}]{1,256}$/u.test(one));
  return {
    event: textIn("event")?.slice(0, longestName) ?? "ssh",
    principal: textIn("user", "username"),
    address: textIn("bastion_user_ip", "source_address"),
  };
}

const longestName = 64;

function parseJson(json = ""): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

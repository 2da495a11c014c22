import type { Reading } from "../event.ts";
import { type ForeignRecord, memberOf, quoteForeign, recordOf, textOf } from "../foreign-json.ts";
import { parsePlace } from "../place.ts";
import { type BridgedEvent, type BridgeOptions, happenedAt, idOf, refuse } from "./bridged.ts";
import { parseCloudTrailCall } from "./cloudtrail-call.ts";
import { parseCommandStatus } from "./command-status.ts";
import { parseFinding } from "./guardduty-finding.ts";

type Parse = (event: BridgedEvent, options: BridgeOptions) => Reading;

const parsers: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ["AWS API Call via CloudTrail", parseCloudTrailCall],
  ["EC2 Command Invocation Status-change Notification", parseCommandStatus],
  ["EC2 Command Status-change Notification", parseCommandStatus],
  ["GuardDuty Finding", parseFinding],
]);

/** Undefined for another shape. */
export function parseBridged(record: ForeignRecord, options: BridgeOptions): Reading | undefined {
  const [type, detail] = [textOf(record, "detail-type"), recordOf(record, "detail")];
  if (type === undefined || detail === undefined) return undefined;
  const [parse, source] = [parsers.get(type), textOf(record, "source")];
  if (parse === undefined) return { is: "ignored", says: `no event of type ${quoteForeign(type)} marks` };
  if (source === undefined) return refuse("malformed", "the event has no source");
  const parsed = parsePlace(textOf(record, "account"), textOf(record, "region"));
  if (!parsed.ok) return refuse("malformed", parsed.says);
  const origin = { by: "eventbridge", source, envelope: undefined } as const;
  const at = happenedAt(textOf(record, "time"), options.sentAt);
  const id = idOf(textOf(record, "id"));
  return parse(
    { id, type, place: parsed.place, at, resources: memberOf(record, "resources"), detail, origin },
    options,
  );
}

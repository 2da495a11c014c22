import type { HostEvent, Reading } from "../event.ts";
import { memberOf, quoteForeign, textOf } from "../foreign-json.ts";
import { isInstanceId } from "../place.ts";
import { type BridgedEvent, idOf } from "./bridged.ts";

/** Nothing of the command has run there, or not yet (Systems Manager User Guide, command statuses). */
const idle: ReadonlySet<string> = new Set([
  ...["Pending", "Delayed", "Undeliverable", "Terminated", "InvalidPlatform", "AccessDenied"],
  ...["RateExceeded", "NoInstancesInTag"],
]);

/**
 * A command of Run Command on its way: the notification of an invocation names one node, that of the command its
 * resources. Each comes once a status; the command's id makes them one. Whether a command that timed out or was
 * cancelled had begun is not said, so it marks.
 */
export function parseCommandStatus({ detail, place, at, id, resources, origin }: BridgedEvent): Reading {
  const status = textOf(detail, "status");
  if (status === undefined || idle.has(status))
    return { is: "ignored", says: `a command of status ${quoteForeign(status)} has touched nothing` };
  const said = memberOf(detail, "instance-id");
  const ids = said === undefined ? instancesAmong(resources, place) : [said].filter(isInstanceId);
  const command = idOf(textOf(detail, "command-id")) ?? id;
  // Who sent the command is not said.
  const event = { ...place, name: "ssm_command", source: "ssm", id: command, at } as const;
  const nobody = { principal: undefined, address: undefined };
  const [first, ...others] = ids.map((instanceId): HostEvent => ({ ...event, ...nobody, instanceId }));
  if (first === undefined) return { is: "ignored", says: "the command names no EC2 instance" };
  return { is: "events", events: [first, ...others], origin };
}

/** By their ARNs; one of another account or region is none of the event's. */
function instancesAmong(resources: unknown, { accountId, region }: BridgedEvent["place"]): readonly string[] {
  if (!Array.isArray(resources)) return [];
  const ids = resources.flatMap((arn: unknown) => {
    const [, , service, inRegion, account, resource = ""] = typeof arn === "string" ? arn.split(":", 6) : [];
    const isOurs = service === "ec2" && inRegion === region && account === accountId;
    return isOurs && resource.startsWith("instance/") ? [resource.slice("instance/".length)] : [];
  });
  return [...new Set(ids.filter(isInstanceId))];
}

import type { HostEvent, Reading } from "../event.ts";
import { memberOf, quoteForeign, textOf } from "../foreign-json.ts";
import { isInstanceId } from "../place.ts";
import { type BridgedEvent, idOf } from "./bridged.ts";

/** Nothing of the command has run anywhere, or not yet (Systems Manager User Guide, "Understanding command statuses"). */
const idle: readonly string[] = ["Pending", "Delayed", "AccessDenied", "RateExceeded", "NoInstancesInTag"];

/** Of one node nor then; of many it says that some have not run it. */
const idleOfOne: readonly string[] = [
  ...idle,
  ...["Undeliverable", "DeliveryTimedOut", "Terminated", "InvalidPlatform"],
];

/**
 * A command of Run Command on its way: the notification of an invocation names one node, that of the command its
 * resources. Each comes once a status; the command's id makes them one. Whether a command that was cancelled, or
 * timed out in other words, had begun is not said, so it marks.
 */
export function parseCommandStatus({ detail, place, at, id, resources, origin }: BridgedEvent): Reading {
  const status = textOf(detail, "status");
  const said = memberOf(detail, "instance-id");
  if (status === undefined || (said === undefined ? idle : idleOfOne).includes(status))
    return { is: "ignored", says: `a command of status ${quoteForeign(status)} has touched nothing` };
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

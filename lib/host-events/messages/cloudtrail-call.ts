import type { Reading } from "../event.ts";
import { type ForeignRecord, memberOf, quoteForeign, recordOf, tameText, textOf } from "../foreign-json.ts";
import { longestAddress, longestPrincipal } from "../host-reading.ts";
import { isInstanceId } from "../place.ts";
import { type BridgedEvent, type BridgeOptions, happenedAt, idOf, refuse } from "./bridged.ts";

/** A call by which a person reaches an instance, and the name that its event has here. */
interface TouchingCall {
  readonly name: string;
  /** Which of the request's members names the instance. */
  readonly target: string;
}

/**
 * ResumeSession asks for a session and names no node (ResumeSession, Systems Manager API reference): the session's start
 * has marked it. Should CloudTrail ever say the target, it counts.
 */
const calls: ReadonlyMap<string, TouchingCall> = new Map([
  ["ssm.amazonaws.com StartSession", { name: "ssm_start_session", target: "target" }],
  ["ssm.amazonaws.com ResumeSession", { name: "ssm_resume_session", target: "target" }],
  ["ec2-instance-connect.amazonaws.com SendSSHPublicKey", { name: "instance_connect_ssh", target: "instanceId" }],
  [
    "ec2-instance-connect.amazonaws.com SendSerialConsoleSSHPublicKey",
    { name: "instance_connect_serial_console", target: "instanceId" },
  ],
]);

const openTunnel = "ec2-instance-connect.amazonaws.com OpenTunnel";

/** A call that CloudTrail has recorded (CloudTrail User Guide, record contents). */
export function parseCloudTrailCall(event: BridgedEvent, options: BridgeOptions): Reading {
  const { detail, place } = event;
  const called = `${textOf(detail, "eventSource")} ${textOf(detail, "eventName")}`;
  const call = calls.get(called);
  if (call === undefined && called !== openTunnel)
    return { is: "ignored", says: `the call ${quoteForeign(called)} touches no instance` };
  const error = memberOf(detail, "errorCode");
  if (error !== undefined && error !== null) return { is: "ignored", says: `the call failed: ${quoteForeign(error)}` };
  const recipient = memberOf(detail, "recipientAccountId");
  if (recipient !== undefined && recipient !== place.accountId)
    return refuse("malformed", `the event is of account ${place.accountId}, its call of ${quoteForeign(recipient)}`);
  return call === undefined ? parseTunnel(event, options) : parseTouch(event, options, call);
}

function parseTouch(event: BridgedEvent, options: BridgeOptions, { name, target }: TouchingCall): Reading {
  const instanceId = memberOf(recordOf(event.detail, "requestParameters"), target);
  if (!isInstanceId(instanceId))
    return { is: "ignored", says: `the target ${quoteForeign(instanceId)} is no EC2 instance` };
  return { is: "events", events: [{ ...whoAndWhen(event, options), instanceId, name }], origin: event.origin };
}

/** Endpoints are called `eice-` and 17 digits; AWS's own example says `eici-0123456789EXAMPLE`. */
const endpoint = /^eic[ei]-[0-9A-Za-z]{8,32}$/;

/** IPv4 or IPv6 in its usual spelling: it becomes a filter's value. */
const ipAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]{2,39})$/;

function parseTunnel(event: BridgedEvent, options: BridgeOptions): Reading {
  const asked = recordOf(event.detail, "requestParameters");
  const [endpointId, privateAddress] = [
    textOf(asked, "instanceConnectEndpointId") ?? "",
    textOf(asked, "privateIpAddress") ?? "",
  ];
  if (!endpoint.test(endpointId) || !ipAddress.test(privateAddress))
    return { is: "ignored", says: `a tunnel through ${quoteForeign(endpointId)} to ${quoteForeign(privateAddress)}` };
  const tunnel = {
    ...{ ...whoAndWhen(event, options), name: "instance_connect_tunnel", endpointId, privateAddress },
  };
  return { is: "tunnel", tunnel, origin: event.origin };
}

const whoAndWhen = ({ detail, place, id }: BridgedEvent, { sentAt }: BridgeOptions) => ({
  ...place,
  source: "cloudtrail" as const,
  id: idOf(textOf(detail, "eventID")) ?? id,
  at: happenedAt(textOf(detail, "eventTime"), sentAt),
  principal: principalOf(recordOf(detail, "userIdentity")),
  address: tameText(textOf(detail, "sourceIPAddress"), longestAddress),
});

/** Who is called by an ARN mostly; a service of AWS by its name alone. */
const principalOf = (identity: ForeignRecord | undefined): string | undefined =>
  tameText(
    textOf(identity, "arn") ?? textOf(identity, "invokedBy") ?? textOf(identity, "principalId"),
    longestPrincipal,
  );

import { formatInstant, type Millis } from "../../core/time.ts";
import type { Call } from "../operation.ts";
import { escapeXml } from "../xml.ts";
import { addressesOf } from "./addresses.ts";
import type { Instance } from "./instance.ts";
import { stateCodes } from "./instance-state.ts";
import { networkXml } from "./network-xml.ts";

/**
 * An instance as EC2 prints it: all members of an ordinary one, in EC2's order and indentation. Written out because a page
 * has a thousand of them: built from objects it would cost the server more than it costs the client to read.
 */
export function instanceXml(instance: Instance, call: Call): string {
  const { id, state } = instance;
  const addresses = addressesOf(instance, call.region);
  const launchTime = new Date(instance.launchedAt).toISOString();
  return `
                <item>
                    <instanceId>${id}</instanceId>
                    <imageId>ami-${instance.vpcId.slice(4)}</imageId>
                    <instanceState>
                        <code>${stateCodes[state]}</code>
                        <name>${state}</name>
                    </instanceState>
                    ${textElement("privateDnsName", addresses?.privateName)}
                    ${textElement("dnsName", addresses?.publicName)}
                    ${textElement("reason", haltReason(instance))}
                    <keyName>operations</keyName>
                    <amiLaunchIndex>0</amiLaunchIndex>
                    <productCodes/>
                    <instanceType>${instance.type}</instanceType>
                    <launchTime>${launchTime}</launchTime>
                    <placement>
                        <availabilityZone>${instance.zone}</availabilityZone>
                        <groupName/>
                        <tenancy>default</tenancy>
                    </placement>
                    <monitoring>
                        <state>disabled</state>
                    </monitoring>${addresses === undefined ? "" : networkXml(instance, call, { ...addresses, launchTime })}${haltXml(instance)}
                    <architecture>${/^[a-z]+\d+g/.test(instance.type) ? "arm64" : "x86_64"}</architecture>
                    <rootDeviceType>${instance.rootDeviceType}</rootDeviceType>
                    <rootDeviceName>/dev/xvda</rootDeviceName>
                    ${volumesXml(instance, launchTime)}${spotXml(instance)}
                    <virtualizationType>hvm</virtualizationType>
                    <clientToken>${id.slice(2)}</clientToken>${tagsXml(instance)}
                    <hypervisor>xen</hypervisor>${usualOptions}
                    <usageOperationUpdateTime>${launchTime}</usageOperationUpdateTime>
                    ${operatorXml(instance)}
                </item>`;
}

/** Alike for most instances of a fleet. */
const usualOptions = `
                    <ebsOptimized>true</ebsOptimized>
                    <enaSupport>true</enaSupport>
                    <cpuOptions>
                        <coreCount>1</coreCount>
                        <threadsPerCore>2</threadsPerCore>
                    </cpuOptions>
                    <capacityReservationSpecification>
                        <capacityReservationPreference>open</capacityReservationPreference>
                    </capacityReservationSpecification>
                    <hibernationOptions>
                        <configured>false</configured>
                    </hibernationOptions>
                    <metadataOptions>
                        <state>applied</state>
                        <httpTokens>required</httpTokens>
                        <httpPutResponseHopLimit>2</httpPutResponseHopLimit>
                        <httpEndpoint>enabled</httpEndpoint>
                        <httpProtocolIpv6>disabled</httpProtocolIpv6>
                        <instanceMetadataTags>disabled</instanceMetadataTags>
                    </metadataOptions>
                    <enclaveOptions>
                        <enabled>false</enabled>
                    </enclaveOptions>
                    <bootMode>uefi-preferred</bootMode>
                    <currentInstanceBootMode>uefi</currentInstanceBootMode>
                    <platformDetails>Linux/UNIX</platformDetails>
                    <usageOperation>RunInstances</usageOperation>
                    <maintenanceOptions>
                        <autoRecovery>default</autoRecovery>
                        <rebootMigration>default</rebootMigration>
                    </maintenanceOptions>`;

const textElement = (name: string, text: string | undefined): string =>
  text ? `<${name}>${text}</${name}>` : `<${name}/>`;

const isHalted = ({ state }: Instance): boolean => state !== "running" && state !== "pending";

const haltReason = (instance: Instance): string | undefined =>
  instance.haltedAt !== undefined && isHalted(instance)
    ? `User initiated (${formatGmt(instance.haltedAt)})`
    : undefined;

const formatGmt = (at: Millis): string => formatInstant(at).replace("T", " ").replace("Z", " GMT");

const haltXml = (instance: Instance): string =>
  isHalted(instance)
    ? `
                    <stateReason>
                        <code>Client.UserInitiatedShutdown</code>
                        <message>Client.UserInitiatedShutdown: User initiated shutdown</message>
                    </stateReason>`
    : "";

function volumesXml({ id, state, rootDeviceType }: Instance, launchTime: string): string {
  if (state === "terminated" || rootDeviceType !== "ebs") return "<blockDeviceMapping/>";
  return `<blockDeviceMapping>
                        <item>
                            <deviceName>/dev/xvda</deviceName>
                            <ebs>
                                <volumeId>vol-${id.slice(2)}</volumeId>
                                <status>attached</status>
                                <attachTime>${launchTime}</attachTime>
                                <deleteOnTermination>true</deleteOnTermination>
                            </ebs>
                        </item>
                    </blockDeviceMapping>`;
}

const spotXml = ({ id, spotRequest }: Instance): string =>
  spotRequest === undefined
    ? ""
    : `
                    <instanceLifecycle>spot</instanceLifecycle>
                    <spotInstanceRequestId>sir-${id.slice(-8)}</spotInstanceRequestId>`;

/** Without tags EC2 leaves the set out. */
function tagsXml({ tags }: Instance): string {
  if (tags.size === 0) return "";
  let items = "";
  for (const [key, value] of tags)
    items += `
                        <item>
                            <key>${escapeXml(key)}</key>
                            ${textElement("value", escapeXml(value))}
                        </item>`;
  return `
                    <tagSet>${items}
                    </tagSet>`;
}

function operatorXml({ operator }: Instance): string {
  if (operator === undefined)
    return `<operator>
                        <managed>false</managed>
                    </operator>`;
  return `<operator>
                        <managed>true</managed>
                        <principal>${escapeXml(operator.principal)}</principal>
                        <hiddenByDefault>${operator.isHidden}</hiddenByDefault>
                    </operator>`;
}

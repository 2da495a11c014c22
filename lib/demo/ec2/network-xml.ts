import type { Call } from "../operation.ts";
import type { Addresses } from "./addresses.ts";
import type { Instance } from "./instance.ts";

interface Attachment extends Addresses {
  readonly launchTime: string;
}

/** What an instance has until it is terminated. */
export function networkXml(instance: Instance, call: Call, at: Attachment): string {
  const { vpcId } = instance;
  const suffix = instance.id.slice(2);
  const association = associationXml(instance, call, at);
  return `
                    <subnetId>${at.subnetId}</subnetId>
                    <vpcId>${vpcId}</vpcId>
                    <privateIpAddress>${at.privateAddress}</privateIpAddress>${
                      at.publicAddress === undefined
                        ? ""
                        : `
                    <ipAddress>${at.publicAddress}</ipAddress>`
                    }
                    <sourceDestCheck>true</sourceDestCheck>
                    <groupSet>
                        <item>
                            <groupId>${at.groupId}</groupId>
                            <groupName>default</groupName>
                        </item>
                    </groupSet>
                    <networkInterfaceSet>
                        <item>
                            <networkInterfaceId>eni-${suffix}</networkInterfaceId>
                            <subnetId>${at.subnetId}</subnetId>
                            <vpcId>${vpcId}</vpcId>
                            <description/>
                            <ownerId>${call.caller.account.id}</ownerId>
                            <status>in-use</status>
                            <macAddress>0a:${suffix.slice(-10).replace(/..\B/g, "$&:")}</macAddress>
                            <privateIpAddress>${at.privateAddress}</privateIpAddress>
                            <privateDnsName>${at.privateName}</privateDnsName>
                            <sourceDestCheck>true</sourceDestCheck>
                            <groupSet>
                                <item>
                                    <groupId>${at.groupId}</groupId>
                                    <groupName>default</groupName>
                                </item>
                            </groupSet>
                            <attachment>
                                <attachmentId>eni-attach-${suffix}</attachmentId>
                                <deviceIndex>0</deviceIndex>
                                <status>attached</status>
                                <attachTime>${at.launchTime}</attachTime>
                                <deleteOnTermination>true</deleteOnTermination>
                                <networkCardIndex>0</networkCardIndex>
                            </attachment>${association}
                            <privateIpAddressesSet>
                                <item>
                                    <privateIpAddress>${at.privateAddress}</privateIpAddress>
                                    <privateDnsName>${at.privateName}</privateDnsName>
                                    <primary>true</primary>${association.replaceAll("\n", "\n        ")}
                                </item>
                            </privateIpAddressesSet>
                            <ipv6AddressesSet/>
                            <interfaceType>interface</interfaceType>
                            <operator>
                                <managed>false</managed>
                            </operator>
                        </item>
                    </networkInterfaceSet>
                    <privateDnsNameOptions>
                        <hostnameType>ip-name</hostnameType>
                        <enableResourceNameDnsARecord>false</enableResourceNameDnsARecord>
                        <enableResourceNameDnsAAAARecord>false</enableResourceNameDnsAAAARecord>
                    </privateDnsNameOptions>`;
}

/** An Elastic IP is the account's own, an assigned address Amazon's. */
function associationXml({ publicAddress }: Instance, call: Call, at: Attachment): string {
  if (at.publicAddress === undefined) return "";
  return `
                            <association>
                                <publicIp>${at.publicAddress}</publicIp>
                                <publicDnsName>${at.publicName}</publicDnsName>
                                <ipOwnerId>${publicAddress === "elastic" ? call.caller.account.id : "amazon"}</ipOwnerId>
                            </association>`;
}

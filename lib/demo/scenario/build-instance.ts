import { createHash } from "node:crypto";
import type { Millis } from "../../core/time.ts";
import type { Instance } from "../ec2/instance.ts";
import { ago } from "./ages.ts";
import type { InstanceSpec } from "./region-specs.ts";

/** Where and when instances are made. */
export interface Site {
  readonly region: string;
  readonly vpcId: string;
  readonly now: Millis;
}

export function buildInstance(
  spec: InstanceSpec,
  { id: derivedId, region, vpcId, now }: Site & { readonly id: string },
): Instance {
  const { autoScalingGroup, reservation, id = derivedId } = spec;
  const isHalted = spec.state !== "running" && spec.state !== "pending";
  return {
    id,
    reservationId: reservation === undefined ? `r-${id.slice(2)}` : `r-0${hex(`${region} ${reservation}`)}`,
    zone: `${region}${spec.zone}`,
    type: spec.type,
    vpcId: spec.vpcId ?? vpcId,
    state: spec.state,
    arrival: undefined,
    createdAt: ago(now, spec.ageDays),
    launchedAt: ago(now, spec.ageDays),
    haltedAt: isHalted ? now : undefined,
    tags: new Map(
      Object.entries(autoScalingGroup === undefined ? spec.tags : { ...spec.tags, ...memberTags(autoScalingGroup) }),
    ),
    spotRequest: spec.spotRequest,
    rootDeviceType: spec.rootDeviceType,
    operator: spec.operator,
    publicAddress: spec.publicAddress,
    isTerminationProtected: spec.isTerminationProtected,
    isStopProtected: spec.isStopProtected,
    launchedBy: spec.launchedBy,
  };
}

const memberTags = (group: string): Readonly<Record<string, string>> => ({ "aws:autoscaling:groupName": group });

/** 16 digits: after a 0, those of an id of EC2. */
export const hex = (origin: string): string => createHash("sha256").update(origin).digest("hex").slice(0, 16);

import * as z from "zod/mini";
import type { Instance } from "../core/ec2.ts";
import { parseInstant } from "../core/time.ts";
import { structured } from "../settings/kinds.ts";
import { parseValue, type Wrong } from "../settings/parse-value.ts";

export type ParsedInventory =
  | { readonly ok: true; readonly instances: readonly Instance[] }
  | { readonly ok: false; readonly wrong: readonly Wrong[] };

const text = z.exactOptional(z.nullable(z.string()));
const tag = z.object({ Key: z.string(), Value: z.string() });
const states = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"] as const;
const instant = z.pipe(
  z.string(),
  z.transform((written: string, context) => {
    const at = parseInstant(written);
    if (at !== undefined) return at;
    context.issues.push({ code: "custom", message: "a time such as 2026-03-01T12:00:00+00:00", input: written });
    return z.NEVER;
  }),
);

const instance = z.object({
  InstanceId: z.string(),
  InstanceType: z.string(),
  LaunchTime: instant,
  Placement: z.object({ AvailabilityZone: z.string() }),
  State: z.object({ Name: z.enum(states) }),
  Tags: z.exactOptional(z.nullable(z.array(tag))),
  Operator: z.exactOptional(z.nullable(z.object({ Managed: z.exactOptional(z.boolean()), Principal: text }))),
  ...{ VpcId: text, InstanceLifecycle: text, SpotInstanceRequestId: text, PublicIpAddress: text, RootDeviceType: text },
});

const reservations = z.array(z.object({ Instances: z.array(instance) }), { error: "a list of reservations" });

const inventory = structured(
  () => z.object({ Reservations: reservations }, { error: "what aws ec2 describe-instances prints" }),
  "what aws ec2 describe-instances prints",
);

/** Instances as `aws ec2 describe-instances` prints them, whatever else it says of them. */
export function parseInventory(value: unknown): ParsedInventory {
  const parsed = parseValue(inventory, value);
  if (!parsed.ok) return parsed;
  const listed = parsed.value.Reservations.flatMap(({ Instances }) => Instances);
  return { ok: true, instances: listed.map(readInstance) };
}

const readInstance = (listed: z.output<typeof instance>): Instance => ({
  id: listed.InstanceId,
  region: regionOf(listed.Placement.AvailabilityZone),
  zone: listed.Placement.AvailabilityZone,
  state: listed.State.Name,
  type: listed.InstanceType,
  launchedAt: listed.LaunchTime,
  tags: new Map((listed.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  vpcId: listed.VpcId ?? undefined,
  lifecycle: listed.InstanceLifecycle ?? undefined,
  spotRequestId: listed.SpotInstanceRequestId ?? undefined,
  rootDeviceType: listed.RootDeviceType === "instance-store" ? "instance-store" : "ebs",
  operator: listed.Operator?.Principal ?? undefined,
  publicAddress: listed.PublicIpAddress ?? undefined,
});

/** Zones are named after their region, local ones too: `eu-west-1a`, `us-west-2-lax-1a`. */
const regionOf = (zone: string): string => /^[a-z]+(-[a-z]+)+-\d+/.exec(zone)?.[0] ?? zone;

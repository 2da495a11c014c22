import type { Instance } from "../core/ec2.ts";
import { matchesGlob } from "../core/glob.ts";
import { type GroupKind, groupKinds, type InstanceGroup } from "./groups.ts";

/** Which instances a rule is for; undefined asks nothing, and all that is asked must hold. */
export interface Selector {
  /** Globs, here and below; one that matches is enough. */
  readonly regions: readonly string[] | undefined;
  readonly vpcs: readonly string[] | undefined;
  readonly launchers: readonly Launcher[] | undefined;
}

/** The kind of group that launched an instance; `alone` where none did. */
export type Launcher = GroupKind | "alone";

export const launchers = ["alone", ...groupKinds] as const satisfies readonly Launcher[];

export function isSelected(
  { region, vpcId }: Pick<Instance, "region" | "vpcId">,
  group: InstanceGroup | undefined,
  selector: Selector | undefined,
): boolean {
  if (selector === undefined) return true;
  return (
    matchesAny(selector.regions, region) &&
    matchesAny(selector.vpcs, vpcId) &&
    (selector.launchers?.includes(group?.kind ?? "alone") ?? true)
  );
}

const matchesAny = (globs: readonly string[] | undefined, name: string | undefined): boolean =>
  globs === undefined || (name !== undefined && globs.some((glob) => matchesGlob(glob, name)));

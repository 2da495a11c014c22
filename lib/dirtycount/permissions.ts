import { autoScalingReadActions, ec2ActActions, ec2ReadActions } from "../aws/read-actions.ts";
import { autoScalingWriteActions, ec2WriteActions } from "../aws/write-actions.ts";
import type { DirtycountSettings } from "./settings.ts";

const observe: readonly string[] = [ec2ReadActions.describeInstances, ec2ReadActions.describeRegions];

const tagging = [ec2WriteActions.createTags, ec2WriteActions.deleteTags] as const;

/** The IAM actions that dirtycount calls, by mode: the least-privilege policy is this list. */
export const dirtycountPermissions = {
  observe: observe.toSorted(),
  notify: observe.toSorted(),
  commit: [...observe, ...tagging].toSorted(),
} as const;

/** Called only in mode commit, with the setting `recycle`. */
export const dirtycountRecyclePermissions: readonly string[] = [
  ...Object.values(autoScalingReadActions),
  ec2ActActions.describeProtection,
  ...Object.values(autoScalingWriteActions),
].toSorted();

type Mode = keyof typeof dirtycountPermissions;

/** What a run calls in each account, and what a person needs there who clears a mark. */
export const dirtycountActionsOf = (
  mode: Mode,
  { retag, recycle }: Pick<DirtycountSettings, "retag" | "recycle">,
): readonly string[] =>
  [
    ...dirtycountPermissions[mode].filter((action) => retag || action !== ec2WriteActions.createTags),
    ...(mode === "commit" && recycle ? dirtycountRecyclePermissions : []),
  ].toSorted();

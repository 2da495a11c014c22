import { ec2ReadActions, ec2TunnelActions, instanceProfileActions } from "../aws/read-actions.ts";
import { ec2WriteActions } from "../aws/write-actions.ts";
import { queueActions } from "../queue/sqs-actions.ts";
import type { DirtymarkSettings } from "./settings.ts";

type Mode = "observe" | "notify" | "commit";

/** What the credentials that read the queue call, by mode. */
export const dirtymarkPermissions = {
  observe: Object.values(queueActions.observe).toSorted(),
  notify: Object.values(queueActions.observe).toSorted(),
  commit: [...Object.values(queueActions.observe), ...Object.values(queueActions.drain)].toSorted(),
} as const satisfies Record<Mode, readonly string[]>;

/** Called on the queue's dead-letter queue, where it has one. */
export const dirtymarkBurialPermissions = Object.values(queueActions.bury);

/** What the role of each account calls, only in mode commit. */
export function markRoleActions({ senders, tag }: Pick<DirtymarkSettings, "senders" | "tag">): readonly string[] {
  const evidence =
    senders === "hosts"
      ? Object.values(instanceProfileActions)
      : [...Object.values(ec2TunnelActions), ec2ReadActions.describeInstances];
  return [...evidence, ...(tag === undefined ? [] : [ec2WriteActions.createTags])].sort();
}

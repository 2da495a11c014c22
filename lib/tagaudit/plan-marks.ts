import type { PlannedAction } from "../act/action.ts";
import type { Instance } from "../core/ec2.ts";
import type { JsonObject } from "../core/json.ts";
import { formatInstant, type Millis } from "../core/time.ts";
import { ladderId } from "./ladder.ts";
import type { Planning } from "./planning.ts";

/** The original's tag on a canary, which says when its region was last audited. */
export const canaryTimestampTag = "canary_timestamp";

/** A canary that keeps the scheme, in a region that was read to its end. */
export interface SeenCanary {
  readonly instance: Pick<Instance, "id" | "region" | "tags">;
  readonly readAt: Millis;
}

export interface MarkDetail extends JsonObject {
  readonly region: string;
  readonly instanceId: string;
  /** Of the tag; where an undo finds that there was none before, null. */
  readonly value: string | null;
  /** Of an undo: what the tag must still have. */
  readonly replaces?: string;
}

interface MarkPlanning extends Pick<Planning, "accountId" | "mode"> {
  /** The setting: the canary is not written to without it. */
  readonly canaryTimestamp: boolean;
}

/** Once in an hour of UTC, so that a run every few minutes does not fill the journal. */
const occasionAt = (at: Millis): string => formatInstant(at).slice(0, "2026-12-31T23".length);

/** The time stamps to write, one for each canary. */
export function planMarks(
  canaries: readonly SeenCanary[],
  { accountId, mode, canaryTimestamp }: MarkPlanning,
): readonly PlannedAction<"mark", MarkDetail>[] {
  if (mode !== "commit" || !canaryTimestamp) return [];
  return canaries.map(({ instance: { id, region, tags }, readAt }) => {
    const subject = ladderId({ region, instanceId: id });
    const name = tags.get("Name");
    return {
      ...({ program: "tagaudit", accountId, kind: "mark", class: "mark", subject } as const),
      ...{ occasion: occasionAt(readAt), decidedBy: "canary_timestamp", notBefore: readAt, evidenceAt: readAt },
      reason: `region ${region} was read to its end, and its canary seen`,
      names: [id, subject, ...(name === undefined ? [] : [name])],
      legs: [],
      detail: { region, instanceId: id, value: formatInstant(readAt) },
    };
  });
}

import type { PlannedAction } from "../act/action.ts";
import type { Millis } from "../core/time.ts";
import { countEvents, type Mark, markId, touchedAt } from "../marks/mark.ts";
import type { TagPair } from "../settings/aws-kinds.ts";

export type ClearDetail = {
  readonly region: string;
  readonly instanceId: string;
  readonly key: string;
  readonly value: string;
  /** When the mark was last touched that the person has looked at; null: there is none, and only the tag goes. */
  readonly touchedAt: Millis | null;
  /** How many its mark had then. */
  readonly events: number;
  /** Whoever typed it. */
  readonly by: string;
};

export type ClearAction = PlannedAction<"clear", ClearDetail>;

export interface Clearing {
  readonly accountId: string;
  readonly region: string;
  readonly instanceId: string;
  readonly tag: TagPair;
  /** As the person has looked at it. */
  readonly mark: Pick<Mark, "verified" | "unverified"> | undefined;
  readonly by: string;
  readonly reason: string;
  readonly now: Millis;
}

/** What a person asks for, each time anew. */
export const planClear = ({ accountId, tag, mark, reason, now, ...asked }: Clearing): ClearAction => ({
  ...({ program: "dirtycount", accountId, kind: "clear", class: "mark" } as const),
  ...{ subject: markId(asked), occasion: now.toString(), reason, decidedBy: `dirtycount clear, by ${asked.by}` },
  ...{ notBefore: 0, evidenceAt: now, names: [asked.instanceId, markId(asked)], legs: [] },
  detail: {
    ...{ region: asked.region, instanceId: asked.instanceId, ...tag },
    ...{ touchedAt: mark === undefined ? null : touchedAt(mark), events: mark === undefined ? 0 : countEvents(mark) },
    by: asked.by,
  },
});

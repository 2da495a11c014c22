import type { PlannedAction } from "../act/action.ts";
import type { Millis } from "../core/time.ts";
import { markId } from "../marks/mark.ts";
import type { TagPair } from "../settings/aws-kinds.ts";

export type ClearDetail = {
  readonly region: string;
  readonly instanceId: string;
  readonly key: string;
  readonly value: string;
  /** When the mark was last touched that the person has looked at; null: there is none, and only the tag goes. */
  readonly touchedAt: Millis | null;
  /** Whoever typed it. */
  readonly by: string;
};

export type ClearAction = PlannedAction<"clear", ClearDetail>;

export interface Clearing {
  readonly accountId: string;
  readonly region: string;
  readonly instanceId: string;
  readonly tag: TagPair;
  readonly touchedAt: Millis | undefined;
  readonly by: string;
  readonly reason: string;
  readonly now: Millis;
}

/** What a person asks for, each time anew. */
export const planClear = ({ accountId, tag, touchedAt, reason, now, ...asked }: Clearing): ClearAction => ({
  ...({ program: "dirtycount", accountId, kind: "clear", class: "mark" } as const),
  ...{ subject: markId(asked), occasion: now.toString(), reason, decidedBy: `dirtycount clear, by ${asked.by}` },
  ...{ notBefore: 0, evidenceAt: now, names: [asked.instanceId, markId(asked)], legs: [] },
  detail: {
    ...{ region: asked.region, instanceId: asked.instanceId, ...tag },
    ...{ touchedAt: touchedAt ?? null, by: asked.by },
  },
});

import type { EC2Client } from "@aws-sdk/client-ec2";
import type { PlannedAction } from "../../act/action.ts";
import type { ActionKind } from "../../act/kind.ts";
import type { Calling } from "../../aws/call.ts";
import { putTag } from "../../aws/write/put-tag.ts";
import type { Untaggable } from "../../marks/mark.ts";
import type { Marks } from "../../marks/marks.ts";
import type { TagDetail } from "../plan.ts";

export interface Tagging {
  /** By region. */
  readonly writing: (region: string) => Calling<EC2Client>;
  readonly marks: Marks;
  /** Told of each instance that can't have the tag. */
  readonly note: (region: string, instanceId: string) => void;
}

/** Puts the tag on up to a thousand instances of one region. It is the same however often it is put. */
export const tag = ({ writing, marks, note }: Tagging): ActionKind => ({
  name: "tag",
  stand: async () => ({ is: "due", before: {} }),
  async write(intent, _before, overdue) {
    const { region, instanceIds, key, value } = detailOf(intent.action);
    const untaggable = await putTag(intent, instanceIds, { ...writing(region), tag: { key, value }, overdue });
    return { untaggable: Object.fromEntries(untaggable) };
  },
  async confirm(_intended, { written, thrown }) {
    if (written !== undefined) return { is: "done", after: written };
    // What is promised is kept until it is known to be done, and a later run puts the tag again.
    return { is: "not_done", says: thrown instanceof Error ? thrown.message : "nobody knows whether it was put" };
  },
  async record({ state, action, after }) {
    if (state !== "applied") return;
    const { region } = detailOf(action);
    for (const [instanceId, why] of Object.entries(untaggableOf(after))) {
      note(region, instanceId);
      // A mark that was cleared meanwhile stays so.
      await marks.change({ region, instanceId }, (mark) => ({ ...mark, untaggable: why }));
    }
  },
  noUndo: "dirtycount clear takes the mark of an instance away, with its tag and for a reason",
});

/** Every action of this kind was planned with it. */
const detailOf = ({ detail }: PlannedAction): TagDetail => detail as TagDetail;

/** As `write` left it. */
const untaggableOf = (after: { readonly untaggable?: unknown } | undefined): Readonly<Record<string, Untaggable>> =>
  Object(after?.untaggable);

import type { ActionKinds } from "../act/conclude.ts";
import type { MarkActing } from "./actions/acting.ts";
import { clear } from "./actions/clear.ts";
import { recycle } from "./actions/recycle.ts";
import type { RecycleActing } from "./actions/recycle-acting.ts";
import { tag } from "./actions/tag.ts";

export interface DirtycountActing {
  readonly marks: MarkActing;
  readonly recycling: RecycleActing;
}

/** Everything that dirtycount may change. */
export const dirtycountActions = ({ marks, recycling }: DirtycountActing): ActionKinds =>
  new Map([tag(marks), clear(marks), recycle(recycling)].map((kind) => [kind.name, kind]));

import { randomUUID } from "node:crypto";
import type { ActionKinds } from "../../act/conclude.ts";
import type { Journal } from "../../act/journal.ts";
import { autoScalingWriteClient } from "../../aws/client/auto-scaling.ts";
import { regionalSession } from "../../aws/regional-session.ts";
import type { Session } from "../../aws/session.ts";
import type { Millis } from "../../core/time.ts";
import { openMarks } from "../../marks/marks.ts";
import { openDueBook } from "../../marks/tags-due.ts";
import type { Store } from "../../state/store.ts";
import { dirtycountActions } from "../actions.ts";
import { openReads } from "./acting.ts";
import { openGroupBook } from "./group-book.ts";
import { recycleReads } from "./recycle-reads.ts";

export interface ActingMeans {
  readonly session: Session;
  readonly store: Store;
  readonly accountId: string;
  readonly clock: () => Millis;
  /** Ends some seconds after the run is stopped, so that what is begun can end. */
  readonly stop: AbortSignal;
  readonly consistency: Millis;
}

/** All kinds of action of one account: a run, a person's command and an undo need each of them, to settle what is open. */
export const openActing =
  ({ session, store, accountId, clock, stop, consistency }: ActingMeans) =>
  (journal: Journal): ActionKinds => {
    const shared = { stop, clock, consistency, marks: openMarks(store, accountId, clock) };
    return dirtycountActions({
      marks: { ...shared, ...openReads(session, stop), due: openDueBook(store, randomUUID) },
      recycling: {
        ...{ ...shared, journal, groupBook: openGroupBook(store, accountId, clock) },
        reads: (region) => recycleReads(session, region, stop),
        writing: (region) => ({ client: autoScalingWriteClient(regionalSession(session, region)), stop }),
      },
    });
  };

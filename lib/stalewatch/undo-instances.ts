import type { ActionKinds } from "../act/conclude.ts";
import type { Journal } from "../act/journal.ts";
import { ec2WriteClient } from "../aws/client/ec2.ts";
import { regionalSession } from "../aws/regional-session.ts";
import { OpsError } from "../core/errors.ts";
import { regionReads } from "../tagaudit/actions/region-reads.ts";
import { instanceActions } from "../tagaudit/actions.ts";
import { defaultExemptionTags } from "../tagaudit/exemption.ts";
import { openLadders } from "../tagaudit/ladders.ts";
import type { UndoAccount } from "./undo-account.ts";

/** What restores judges nobody, and tells nobody: no scheme and no channel is needed. */
export const undoInstances =
  ({ accountId, session, run, store, clock, stop }: UndoAccount) =>
  (journal: Journal): ActionKinds =>
    instanceActions({
      ...{ accountId, accountName: accountId, journal, clock, stop, consistency: run.leaseTime },
      ladders: openLadders(store, accountId, clock),
      reads: (region) => regionReads(session, region, stop),
      writing: (region) => ({ client: ec2WriteClient(regionalSession(session, region)), stop }),
      judge: refuseToJudge,
      ...{ flipping: new Set(), documentsStored: () => false, findLauncher: async () => undefined },
      ...{ notifier: undefined, ownerMap: new Map(), fallbackChannel: undefined, exemption: defaultExemptionTags },
      settings: {
        ...{ stopAfter: undefined, terminateAfter: undefined, terminate: false },
        ...{ notifyAfter: 0, notifyEvery: 0, sendNotices: false },
      },
    });

function refuseToJudge(): never {
  throw new OpsError("other", "an undo judges no instance");
}

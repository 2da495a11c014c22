import type { ActionKinds } from "../act/conclude.ts";
import type { Journal } from "../act/journal.ts";
import { ec2WriteClient } from "../aws/client/ec2.ts";
import { iamClient, iamWriteClient } from "../aws/client/iam.ts";
import { regionalSession } from "../aws/regional-session.ts";
import { openActing as openDirtycount } from "../dirtycount/actions/open-acting.ts";
import { dirtycountSettings } from "../dirtycount/settings.ts";
import { tag } from "../dirtymark/actions/tag.ts";
import { dirtymarkSettings } from "../dirtymark/settings.ts";
import { keyActions } from "../keycheck/actions.ts";
import { openLadders } from "../keycheck/ladders.ts";
import { type KeycheckSettings, keycheckSettings } from "../keycheck/settings.ts";
import { openMarks } from "../marks/marks.ts";
import type { Frame } from "../runtime/frame.ts";
import type { Declaration, OriginsOf, SettingsOf } from "../settings/declare.ts";
import type { RunSettings, runSettings } from "../settings/run-settings.ts";
import { tagauditSettings } from "../tagaudit/settings.ts";
import type { actingPrograms } from "./acting-programs.ts";
import { loadRun } from "./load-run.ts";
import type { UndoAccount } from "./undo-account.ts";
import { undoInstances } from "./undo-instances.ts";

type MakeKinds = (account: UndoAccount) => (journal: Journal) => ActionKinds;

type LoadedProgram =
  | {
      readonly ok: true;
      readonly run: RunSettings;
      readonly origins: { readonly run: OriginsOf<typeof runSettings> };
      readonly kinds: MakeKinds;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

export interface UndoProgram {
  load(frame: Frame, flags: object): Promise<LoadedProgram>;
}

function undoProgram<Declared extends Declaration>(
  declaration: Declared,
  kindsOf: (settings: SettingsOf<Declared>, account: UndoAccount) => (journal: Journal) => ActionKinds,
): UndoProgram {
  return {
    async load(frame, flags) {
      const loaded = await loadRun(frame, flags, declaration);
      return loaded.ok ? { ...loaded, kinds: (account) => kindsOf(loaded.settings, account) } : loaded;
    },
  };
}

/** What was said can't be unsaid: no channel is needed. */
const undoKeys =
  (settings: KeycheckSettings, { accountId, session, run, store, clock, stop }: UndoAccount) =>
  (journal: Journal): ActionKinds =>
    keyActions({
      ...{ settings, journal, accountId, accountTag: accountId, clock, consistency: run.leaseTime },
      iam: { client: iamClient(session), stop },
      writing: { client: iamWriteClient(session), stop },
      ladders: openLadders(store, accountId, clock),
      ...{ notifier: undefined, tracker: undefined, ownerMap: new Map(), fallbackChannel: undefined },
    });

const undoTags =
  ({ accountId, session, store, clock, stop }: UndoAccount) =>
  (): ActionKinds => {
    const writing = (region: string) => ({ client: ec2WriteClient(regionalSession(session, region)), stop });
    const kind = tag({ writing, marks: openMarks(store, accountId, clock), note: () => undefined });
    return new Map([[kind.name, kind]]);
  };

export const undoPrograms: Readonly<Record<(typeof actingPrograms)[number], UndoProgram>> = {
  keycheck: undoProgram(keycheckSettings, undoKeys),
  tagaudit: undoProgram(tagauditSettings, (_settings, account) => undoInstances(account)),
  // Nothing that these do can be undone, and each kind says why.
  dirtymark: undoProgram(dirtymarkSettings, (_settings, account) => undoTags(account)),
  dirtycount: undoProgram(dirtycountSettings, (_settings, { run, ...account }) =>
    openDirtycount({ ...account, consistency: run.leaseTime }),
  ),
};

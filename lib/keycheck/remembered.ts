import type { Exemption } from "../act/exemptions.ts";
import { listOpenSubjects } from "../act/read-journal.ts";
import { listExemptions } from "../act/stored-exemptions.ts";
import type { CoverageNotes } from "../core/coverage.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import type { ScanContext } from "../runtime/program.ts";
import type { Store } from "../state/store.ts";
import type { OpenChannels } from "./channels.ts";
import { type Following, followKeys } from "./follow-keys.ts";
import type { Ladder } from "./ladder.ts";
import { type Ladders, openLadders } from "./ladders.ts";
import { openRecall, type Recall } from "./recall.ts";
import type { KeycheckContext } from "./scan.ts";
import type { KeycheckSettings } from "./settings.ts";

export interface KeepRequest {
  readonly context: ScanContext<KeycheckSettings>;
  readonly accountTag: Promise<string>;
  readonly ownerMap: OwnerMap;
  readonly openChannels: OpenChannels;
  /** Takes what can't be read. */
  readonly notes: CoverageNotes;
}

export type Kept = Pick<KeycheckContext, "exemptions" | "remembering" | "keeping">;

/** What a store has of one account. */
export interface Remembered {
  readonly ladders: Ladders;
  /** The ladders as they were when the scan began, by key id. */
  readonly known: ReadonlyMap<string, Ladder>;
  /** Those of the settings, too. */
  readonly exemptions: readonly Exemption[];
  readonly following: Following;
  readonly recall: Recall;
}

export async function readRemembered(context: ScanContext<KeycheckSettings>, store: Store): Promise<Remembered> {
  const { settings, scope, clock, now } = context;
  const ladders = openLadders(store, scope.accountId, clock);
  const [known, stored] = await Promise.all([ladders.load(), listExemptions(store, "keycheck")]);
  return {
    ...{ ladders, known },
    exemptions: [...settings.exemptions, ...stored],
    following: followKeys(new Set(known.keys()), now),
    recall: recallOf(context, store),
  };
}

/** Keys that this or another process is switching, or has begun to and not settled, by their subjects. */
export const listSwitching = (store: Store, accountId: string): Promise<ReadonlySet<string>> =>
  listOpenSubjects(store, { program: "keycheck", accountId }, ["disable", "enable"]);

export const recallOf = ({ scope, stop, log }: ScanContext<KeycheckSettings>, store: Store): Recall =>
  openRecall({ store, accountId: scope.accountId, stop, warn: log.warn });

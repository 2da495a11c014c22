import type { Session } from "../aws/session.ts";
import type { Millis } from "../core/time.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { Store } from "../state/store.ts";

/** One account at hand, and what its actions are reversed with. */
export interface UndoAccount {
  readonly accountId: string;
  readonly session: Session;
  readonly run: RunSettings;
  readonly store: Store;
  readonly clock: () => Millis;
  readonly stop: AbortSignal;
}

import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import type { PlannedAction } from "./action.ts";
import type { JournalEntry } from "./entry.ts";
import type { Intent } from "./journal.ts";

/** What the world says of a permitted action just before it: nothing is written on an older look than this. */
export type Standing =
  /** `before` is what its undo, and whoever reads the journal, will want to know. */
  | { readonly is: "due"; readonly before: JsonObject }
  | { readonly is: "unneeded"; readonly says: string }
  | { readonly is: "refused"; readonly gate: string; readonly says: string };

/** What the world says of an action that was, or may have been, carried out. */
export type Confirmation =
  | { readonly is: "done"; readonly after: JsonObject }
  | { readonly is: "not_done"; readonly says: string }
  | { readonly is: "unneeded"; readonly says: string }
  /** The world will not tell, now or later. */
  | { readonly is: "unknown"; readonly says: string };

/** What is at hand of a write; nothing after a crash. */
export interface Attempt {
  readonly written?: JsonObject;
  readonly thrown?: unknown;
  /** When the write ended, or was given up: from then on the world has time to show it. */
  readonly endedAt?: Millis;
}

/** An intent as the journal keeps it: all that a later run knows of one that it did not make. */
export interface Intended {
  readonly action: PlannedAction;
  readonly reference: string;
  /** When the attempt in question began. */
  readonly since: Millis;
  /** What `stand` found. */
  readonly before: JsonObject;
}

/** What all kinds of change have in common: how each single one is looked at again, recorded and reversed. */
export interface Concludable {
  readonly name: string;
  /** Looks whether it is done; throws where the world can't be asked now, and a later run asks again. */
  confirm(intended: Intended, attempt: Attempt): Promise<Confirmation>;
  /** Brings the program's own records up to date with how it ended. It may be called again for the same ending. */
  record?(entry: JournalEntry): Promise<void>;
  /** The action that reverses it; absent where nothing can. */
  undo?(entry: JournalEntry): PlannedAction;
  /** Where nothing can: what to say to whoever asks for it. */
  readonly noUndo?: string;
}

/** One kind of change, as data: one executor, one settler and one undo serve all kinds. Every method may throw OpsError. */
export interface ActionKind extends Concludable {
  stand(action: PlannedAction): Promise<Standing>;
  /** Aborted, `overdue` ends it as far as can be: what it does after that nobody looks for. */
  write(intent: Intent, before: JsonObject, overdue: AbortSignal): Promise<JsonObject>;
}

/** What is journaled and about to be written. */
export interface Begun {
  readonly intent: Intent;
  /** What its standing found. */
  readonly before: JsonObject;
}

/** A kind that is carried out many at a time, each under an intent of its own. */
export interface BatchKind extends Concludable {
  /** Actions of one key may share a batch, such as those of one availability zone. */
  batchKey(action: PlannedAction): string;
  readonly batchSize: number;
  /** One for each action, in their order. */
  standAll(actions: readonly PlannedAction[]): Promise<readonly Standing[]>;
  /** One for each that was begun, in their order; what throws has failed for all. */
  writeAll(begun: readonly Begun[], overdue: AbortSignal): Promise<readonly Attempt[]>;
}

export type AnyKind = ActionKind | BatchKind;

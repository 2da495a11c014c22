import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";
import { actionId, type Ending, type PlannedAction } from "./action.ts";
import type { Holder } from "./holder.ts";

/** One action in the journal, from its intent on. */
export interface JournalEntry {
  readonly action: PlannedAction;
  readonly state: "intended" | Ending;
  /** How often it was begun. */
  readonly attempt: number;
  /** When the attempt at hand began. */
  readonly intendedAt: Millis;
  readonly endedAt?: Millis;
  readonly before: JsonObject;
  readonly after?: JsonObject;
  readonly says?: string;
  /** Its process was gone before the end: that nothing came of it is nobody's refusal. */
  readonly wasInterrupted?: boolean;
  /** Whose credentials: the ARN that STS answered. */
  readonly who: string;
  readonly planHash: string;
  readonly lease: LeaseTerm;
  /** Id of the action that reversed it. */
  readonly undoneBy?: string;
}

/** Who works on something, and until when others leave it to them. */
export interface LeaseTerm {
  readonly holder: Holder;
  readonly until: Millis;
}

/** As the store keeps it. */
export const asBody = (entry: JournalEntry): JsonObject => JSON.parse(JSON.stringify(entry));

/** As `asBody` made it, whose members these are. */
export const asEntry = (body: JsonObject): JournalEntry => body as unknown as JournalEntry;

export const journalOf = ({ program, accountId }: Pick<PlannedAction, "program" | "accountId">): string =>
  `journal.${program}#${accountId}`;

/** What is begun and not ended, so that a start reads only this. */
export const openOf = ({ program, accountId }: Pick<PlannedAction, "program" | "accountId">): string =>
  `open.${program}#${accountId}`;

export const idOf = ({ action }: JournalEntry): string => actionId(action);

/** An id of the journal names its program and account first. */
export function accountOf(id: string): { readonly program: string; readonly accountId: string } | undefined {
  const [, program, accountId] = /^([a-z]+)\/(\d{12})\/./.exec(id) ?? [];
  return program === undefined || accountId === undefined ? undefined : { program, accountId };
}

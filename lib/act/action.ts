import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";

/** What an action does to the world, which decides the gates that bind it (gate-table.ts). */
export type ActionClass = "notice" | "mark" | "reversible" | "irreversible" | "restoring";

/** One change that findings ask for: complete, so that it can be judged, journaled and undone from this alone. */
export interface PlannedAction<Kind extends string = string, Detail extends JsonObject = JsonObject> {
  readonly program: string;
  readonly accountId: string;
  /** Its kind's name, such as `disable`. */
  readonly kind: Kind;
  readonly class: ActionClass;
  /** What it is done to, as people know it; with `kind` and `occasion` unique in program and account. */
  readonly subject: string;
  /** Which time it is: one occasion is acted on at most once. */
  readonly occasion: string;
  readonly reason: string;
  /** The setting or rule that made it due. */
  readonly decidedBy: string;
  readonly notBefore: Millis;
  /** When what it rests on was read. */
  readonly evidenceAt: Millis;
  /** What exemptions and the setting `protected` are matched with, such as the user's name and the key's id. */
  readonly names: readonly string[];
  /** The identities it would cut off: access key ids, role ARNs. */
  readonly legs: readonly string[];
  /** Absent where its kind needs nobody told. */
  readonly telling?: {
    /** When its owner first got a notice whose delivery is proven; absent: not yet. */
    readonly deliveredAt: Millis | undefined;
    /** How long ago that must be. */
    readonly atLeast: Millis;
  };
  /** What its caps count it with; absent: uncapped. */
  readonly cap?: string;
  /** Its subject was never told before: first in line where a cap lets only some through. */
  readonly isFirst?: boolean;
  /** Of what restores: the id of the action that it reverses. */
  readonly undoes?: string;
  /** What its kind needs to carry it out. */
  readonly detail: Detail;
}

/** Deterministic: a redelivery, a second pod or an overlapping run plans the same id. */
export const actionId = ({ program, accountId, kind, subject, occasion }: ActionName): string =>
  [program, accountId, kind, subject, occasion].join("/");

export type ActionName = Pick<PlannedAction, "program" | "accountId" | "kind" | "subject" | "occasion">;

/** What an id was made of; undefined for what is none. Only a subject may have a slash in it. */
export function actionName(id: string): ActionName | undefined {
  const [program, accountId, kind, ...rest] = id.split("/");
  const [subject, occasion] = [rest.slice(0, -1).join("/"), rest.at(-1)];
  return program && accountId && kind && subject && occasion
    ? { program, accountId, kind, subject, occasion }
    : undefined;
}

/** The gate that did not allow an action, by its name, and why. */
export interface Refusal {
  readonly action: PlannedAction;
  readonly gate: string;
  readonly says: string;
}

/** How an action ended; `unknown` where the world could not be asked. */
export type Ending = "applied" | "unneeded" | "failed" | "unknown";

export interface Outcome {
  readonly action: PlannedAction;
  readonly ending: Ending;
  readonly says: string;
}

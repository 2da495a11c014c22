import type { ActionClass, PlannedAction } from "./action.ts";

export type GateName =
  | "mode"
  | "account"
  | "paused"
  | "calendar"
  | "exempt"
  | "own_leg"
  | "protected"
  | "clock"
  | "coverage"
  | "stale_evidence"
  | "canary"
  | "fleet"
  | "grace"
  | "told"
  | "cap";

/** `by_kind`: only where the action brings what the gate judges. */
export type Binding = "always" | "by_kind";

const everyClass = { mode: "always", account: "always", paused: "always", grace: "always" } as const;
const onEvidence = { calendar: "always", exempt: "always", coverage: "always", stale_evidence: "always" } as const;
const onSubject = { own_leg: "always", protected: "always" } as const;
const onScan = { clock: "always", canary: "always", fleet: "always" } as const;
const harmful = { ...everyClass, ...onEvidence, ...onSubject, ...onScan } as const;

/** Which gates bind which class of action; a gate that is not named does not. */
export const gateTable: Readonly<Record<ActionClass, Readonly<Partial<Record<GateName, Binding>>>>> = {
  notice: { ...everyClass, ...onEvidence, cap: "by_kind" },
  mark: everyClass,
  reversible: { ...harmful, told: "by_kind", cap: "always" },
  irreversible: { ...harmful, told: "always", cap: "always" },
  // A person asks for it, mostly because something went wrong: no kill switch or calendar may stand in the way.
  restoring: { mode: "always", account: "always" },
};

/** The least mode that allows a class. */
export const neededMode: Readonly<Record<ActionClass, "notify" | "commit">> = {
  notice: "notify",
  mark: "commit",
  reversible: "commit",
  irreversible: "commit",
  restoring: "commit",
};

/** A class that the table does not know is bound by everything; a journal or a plugin may hold one. */
export const bindingOf = (gate: GateName, actionClass: ActionClass): Binding | undefined =>
  Object.hasOwn(gateTable, actionClass) ? gateTable[actionClass][gate] : "always";

/** The cap that counts an action; undefined where its class is not capped, as of an undo made from what it reverses. */
export const capOf = ({ class: actionClass, cap }: Pick<PlannedAction, "class" | "cap">): string | undefined =>
  bindingOf("cap", actionClass) === undefined ? undefined : cap;

export const classesBoundBy = (gate: GateName): readonly ActionClass[] =>
  // The table's keys are the classes.
  (Object.keys(gateTable) as ActionClass[]).filter((name) => bindingOf(gate, name) !== undefined);

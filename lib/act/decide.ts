import type { PlannedAction, Refusal } from "./action.ts";
import { bindingOf, capOf } from "./gate-table.ts";
import { type Gate, type GateContext, gates, type JudgingContext } from "./gates.ts";
import { sayRefusal } from "./wording.ts";

/** Proof that every gate allowed an action, or of a spare one every gate but its cap, which the journal holds; only `decide` makes one. */
class GrantedPermit {
  readonly #isGranted = true;
  readonly action: PlannedAction;

  constructor(action: PlannedAction) {
    this.action = action;
  }

  /** False for what only looks like a permit. */
  static isGranted(permit: GrantedPermit): boolean {
    return #isGranted in permit && permit.#isGranted;
  }
}

export type Permit = GrantedPermit;
export const isPermit = (permit: Permit): boolean => GrantedPermit.isGranted(permit);

export interface Decision {
  readonly permits: readonly Permit[];
  /** Of what its cap alone refuses, in order: they may take the places of those that turn out not to be due. */
  readonly spares: readonly Permit[];
  readonly refusals: readonly Refusal[];
}

/** Holds every action against every gate that binds its class. */
export function decide(actions: readonly PlannedAction[], context: GateContext): Decision {
  const { allowed, refusals } = judge(actions, context, gates);
  const capped = refusals.filter(({ action, gate }) => gate === "cap" && capOf(action) !== undefined);
  const spares = judge(
    capped.map(({ action }) => action),
    context,
    gates.filter(({ name }) => name !== "cap"),
  );
  return { permits: permitAll(allowed), spares: permitAll(spares.allowed), refusals };
}

const permitAll = (actions: readonly PlannedAction[]): readonly Permit[] =>
  actions.map((action) => new GrantedPermit(action));

export interface Judgement {
  readonly allowed: readonly PlannedAction[];
  readonly refusals: readonly Refusal[];
}

/** What given gates say, without any power: permits come from all of them. The first gate that refuses is the reason. */
export function judge(actions: readonly PlannedAction[], context: GateContext, judging: readonly Gate[]): Judgement {
  const granted = new Map<string, number>();
  const allowed: PlannedAction[] = [];
  const refusals: Refusal[] = [];
  for (const action of inLine(actions)) {
    const refusal = refuse(action, { ...context, granted }, judging);
    if (refusal !== undefined) {
      refusals.push(refusal);
      continue;
    }
    allowed.push(action);
    const cap = capOf(action);
    if (cap !== undefined) granted.set(cap, (granted.get(cap) ?? 0) + 1);
  }
  return { allowed, refusals };
}

/** Subjects never told before first, in the given order otherwise. */
const inLine = (actions: readonly PlannedAction[]): readonly PlannedAction[] => [
  ...actions.filter(({ isFirst }) => isFirst),
  ...actions.filter(({ isFirst }) => !isFirst),
];

function refuse(action: PlannedAction, context: JudgingContext, judging: readonly Gate[]): Refusal | undefined {
  for (const { name, refuses } of judging) {
    if (bindingOf(name, action.class) === undefined) continue;
    const says = refuses(action, context);
    if (says !== undefined) return { action, gate: name, says: sayRefusal(says) };
  }
  return undefined;
}

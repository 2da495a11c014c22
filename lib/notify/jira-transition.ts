export interface TransitionField {
  readonly key: string;
  /** As people know it. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
  /** Names of the values to choose from, where there is a choice. */
  readonly allowed: readonly string[];
}

/** A step that a ticket's workflow offers from where it is, to this user. */
export interface Transition {
  readonly id: string;
  readonly name: string;
  readonly toStatus: string;
  /** Key of the status category: `new`, `indeterminate`, `done`, `undefined`. */
  readonly toCategory: string;
  readonly fields: readonly TransitionField[];
}

export interface Step {
  readonly id: string;
  readonly fields: Readonly<Record<string, { readonly name: string }>>;
}

export type Choice = { readonly step: Step } | { readonly refusal: string };

/** The step that brings a ticket to `done`, or away from it, without asking what only a person can answer. */
export function chooseTransition(transitions: readonly Transition[], towards: "done" | "open"): Choice {
  const fitting = transitions.filter(({ toCategory }) => (toCategory === "done") === (towards === "done"));
  const open = fitting.filter((transition) => unanswered(transition).length === 0);
  const [best] = open.toSorted((left, right) => rankOf(left, towards) - rankOf(right, towards));
  if (best === undefined) return { refusal: refusalOf(transitions, fitting, towards) };
  return { step: { id: best.id, fields: towards === "done" ? resolutionOf(best) : {} } };
}

/** `Done` before `Won't Do`, and a status to begin at before one in the middle. */
function rankOf({ toStatus, toCategory }: Transition, towards: "done" | "open"): number {
  if (towards === "open") return toCategory === "new" ? 0 : 1;
  const at = doneNames.indexOf(toStatus.toLowerCase());
  return at === -1 ? doneNames.length : at;
}

const doneNames = ["done", "closed", "resolved", "complete", "completed", "fixed"];

/** Required fields that have neither a default nor an answer of ours. */
const unanswered = ({ fields }: Transition): readonly TransitionField[] =>
  fields.filter(
    (field) => field.isRequired && !field.hasDefault && !(field.key === "resolution" && field.allowed.length > 0),
  );

function resolutionOf({ fields }: Transition): Step["fields"] {
  const [first, ...others] = fields.find(({ key }) => key === "resolution")?.allowed ?? [];
  if (first === undefined) return {};
  return { resolution: { name: [first, ...others].find((name) => doneNames.includes(name.toLowerCase())) ?? first } };
}

function refusalOf(all: readonly Transition[], fitting: readonly Transition[], towards: "done" | "open"): string {
  const goal = towards === "done" ? "done" : "an open status";
  if (fitting.length > 0) {
    const needs = fitting.map(
      (transition) => `"${transition.name}" needs ${unanswered(transition).map(nameOf).join(" and ")}`,
    );
    return `its workflow leads to ${goal} only with fields filled in: ${needs.join(", ")}`;
  }
  const offers = all.map(({ name, toStatus }) => `"${name}" to "${toStatus}"`);
  return `its workflow offers this user no way to ${goal} (offers ${offers.join(", ") || "nothing"})`;
}

const nameOf = ({ key, name }: TransitionField): string =>
  name === "" || name === key ? `"${key}"` : `"${name}" (${key})`;

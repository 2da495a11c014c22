import type { ActionClass } from "../../../lib/act/action.ts";
import { bindingOf, type GateName } from "../../../lib/act/gate-table.ts";
import { gates } from "../../../lib/act/gates.ts";
import { formatTable } from "./markdown.ts";

/** A program's side of the gates. */
export interface ProgramGates {
  /** What each refuses it, in Markdown; undefined where it never does. A gate without its sentence does not compile. */
  readonly refusals: Readonly<Record<GateName, string | undefined>>;
  /** The classes of what it does, each under its title. */
  readonly columns: readonly (readonly [title: string, actionClass: ActionClass])[];
}

/** Every gate in the order in which it is asked, and what it binds. */
export const formatGatesTable = ({ refusals, columns }: ProgramGates): string =>
  formatTable([
    ["gate", "refuses", ...columns.map(([title]) => title)],
    ...gates.flatMap(({ name }) => {
      const refusal = refusals[name];
      if (refusal === undefined) return [];
      const bound = columns.map(([, actionClass]) => (bindingOf(name, actionClass) === undefined ? "" : "yes"));
      return [[`\`${name}\``, refusal, ...bound]];
    }),
  ]);

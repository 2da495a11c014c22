import type { ActionClass } from "../../../lib/act/action.ts";
import { bindingOf, type GateName } from "../../../lib/act/gate-table.ts";
import { gates } from "../../../lib/act/gates.ts";
import { formatTable } from "./markdown.ts";

/** What each gate refuses keycheck; a gate without its sentence does not compile. */
const refusals: Readonly<Record<GateName, string>> = {
  mode: "what goes further than `mode`",
  account: "another account than STS answers, and any that `act_on_accounts` does not name",
  paused: "everything, from `stalewatch pause` until its end or `stalewatch resume`",
  calendar: "everything outside the weekdays and hours of `calendar`, and on its `freeze` days",
  exempt: "a user or key that an exemption names, until it ends",
  own_leg: "a key that this process uses, or any profile of its AWS files",
  protected: "a user or key that `protected` names",
  grace: "to disable a key before its `expire_age`",
  told: "to disable a key before `disable_after` has passed since a notice that is proven to have reached its owner",
  coverage: "everything, where anything at all could not be read",
  stale_evidence: "what rests on a listing of the user's keys older than `max_evidence_age`",
  fleet:
    "where 20 or more keys are Active: to disable any while more than half of them have expired and may be disabled, or a share more than 20 points larger than in the last complete run",
  cap: "more than `max_disables` and `max_share`, `max_notices` or `max_tickets` allow in 24 hours",
};

/** By the classes of what keycheck does. */
const columns = [
  ["notices, tickets", "notice"],
  ["disabling", "reversible"],
  ["undo", "restoring"],
] as const satisfies readonly (readonly [string, ActionClass])[];

/** Every gate in the order in which it is asked, and what it binds. */
export const formatGatesTable = (): string =>
  formatTable([
    ["gate", "refuses", ...columns.map(([title]) => title)],
    ...gates.map(({ name }) => [
      `\`${name}\``,
      refusals[name],
      ...columns.map(([, actionClass]) => (bindingOf(name, actionClass) === undefined ? "" : "yes")),
    ]),
  ]);

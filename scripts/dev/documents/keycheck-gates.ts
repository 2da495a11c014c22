import type { ProgramGates } from "./gates-table.ts";

/** What each gate refuses keycheck, which has no canary. */
export const keycheckGates = {
  refusals: {
    mode: "what goes further than `mode`",
    account: "another account than STS answers, and any that `act_on_accounts` does not name",
    paused: "everything, from `stalewatch pause` until its end or `stalewatch resume`",
    calendar: "everything outside the weekdays and hours of `calendar`, and on its `freeze` days",
    exempt: "a user or key that an exemption names, until it ends",
    own_leg: "a key that this process uses, or any profile of its AWS files",
    protected: "a user or key that `protected` names",
    clock: "to disable any key while this machine's clock and AWS's differ by more than 5 minutes",
    grace: "to disable a key before its `expire_age`",
    told: "to disable a key before `disable_after` has passed since a notice that is proven to have reached its owner",
    coverage: "everything, where anything at all could not be read",
    stale_evidence: "what rests on a listing of the user's keys older than `max_evidence_age`",
    fleet:
      "where 20 or more keys are Active: to disable any while more than half of them have expired and may be disabled, or a share more than 20 points larger than in the last complete run without that doubt",
    cap: "more than `max_disables` and `max_share`, `max_notices` or `max_tickets` allow in 24 hours",
    canary: undefined,
  },
  columns: [
    ["notices, tickets", "notice"],
    ["disabling", "reversible"],
    ["undo", "restoring"],
  ],
} as const satisfies ProgramGates;

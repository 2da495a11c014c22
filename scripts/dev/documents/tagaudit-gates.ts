import type { ProgramGates } from "./gates-table.ts";

/** What each gate refuses tagaudit. */
export const tagauditGates = {
  refusals: {
    mode: "what goes further than `mode`",
    account: "another account than STS answers, and any that `act_on_accounts` does not name",
    paused: "everything, from `stalewatch pause` until its end or `stalewatch resume`",
    calendar: "everything outside the weekdays and hours of `calendar`, and on its `freeze` days",
    exempt: "an instance that an exemption names by its id, its `REGION/ID` or its tag `Name`, until it ends",
    own_leg: "the instance whose role this process has, and those that `own_instances` names",
    protected: "an instance that `protected` names in one of these ways",
    clock: "to stop or terminate any instance while this machine's clock and AWS's differ by more than 5 minutes",
    grace: "an instance that breaks no rule past its grace, and a step before its time",
    told: "a step before its delay has passed since a notice that spoke of it is proven to have reached its owner",
    coverage: "everything, where any region that was asked for could not be read whole",
    stale_evidence: "what rests on a scan older than `max_evidence_age`",
    canary: "everything, where the canary of any region that was asked for was not seen, or breaks the scheme",
    fleet:
      "where 20 or more instances are judged: any step while more than half of them are due, or a share more than 20 points larger than in the last complete run",
    cap: "more than `max_stops`, `max_terminations` and `max_share`, or `max_notices` allow in 24 hours",
  },
  columns: [
    ["notices", "notice"],
    ["stopping", "reversible"],
    ["terminating", "irreversible"],
    ["time stamps", "mark"],
    ["undo", "restoring"],
  ],
} as const satisfies ProgramGates;

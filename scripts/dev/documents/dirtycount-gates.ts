import type { ProgramGates } from "./gates-table.ts";

/** What each gate refuses dirtycount, which has no canary and tells nobody. */
export const dirtycountGates = {
  refusals: {
    mode: "what goes further than `mode`: all of it needs `commit`",
    account: "another account than STS answers, and any that `act_on_accounts` does not name",
    paused: "everything, from `stalewatch pause` until its end or `stalewatch resume`",
    calendar: "to recycle outside the weekdays and hours of `calendar`, and on its `freeze` days",
    exempt: "to recycle an instance that an exemption names by its id, its `REGION/ID`, its tag `Name` or its group",
    own_leg: "to recycle the instance whose role this process has, and those that `own_instances` names",
    protected: "to recycle an instance that `protected` names in one of these ways",
    clock: "to recycle any instance while this machine's clock and AWS's differ by more than 5 minutes",
    grace: "to recycle an instance before `recycle_after` has passed since a person was last seen on it",
    told: undefined,
    coverage: "to recycle anything, where marks or any region could not be read whole",
    stale_evidence: "to recycle on a scan older than `max_evidence_age`",
    canary: undefined,
    fleet:
      "where 20 or more instances are counted: to recycle any while more than half of them are dirty, or a share more than 20 points larger than in the last complete run",
    cap: "to recycle more than `max_recycles` and `max_share` allow in 24 hours",
  },
  columns: [
    ["tags, clearing", "mark"],
    ["recycling", "reversible"],
  ],
} as const satisfies ProgramGates;

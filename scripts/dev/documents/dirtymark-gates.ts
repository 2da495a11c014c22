import type { ProgramGates } from "./gates-table.ts";

/** What each gate refuses dirtymark, whose tags harm nothing. */
export const dirtymarkGates = {
  refusals: {
    mode: "every tag but in mode `commit`",
    account:
      "every tag in an account that `act_on_accounts` does not name, or where the mark role turns out to be another's",
    paused: "every tag, from `stalewatch pause` until its end or `stalewatch resume`",
    ...{ calendar: undefined, exempt: undefined, own_leg: undefined, protected: undefined, clock: undefined },
    ...{ grace: undefined, told: undefined, coverage: undefined, stale_evidence: undefined, canary: undefined },
    ...{ fleet: undefined, cap: undefined },
  },
  columns: [["tags", "mark"]],
} as const satisfies ProgramGates;

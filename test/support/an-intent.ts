import type { PlannedAction } from "../../lib/act/action.ts";
import { decide, type Permit } from "../../lib/act/decide.ts";
import type { GateContext } from "../../lib/act/gates.ts";
import { thisHolder } from "../../lib/act/holder.ts";
import { type Intent, openJournal } from "../../lib/act/journal.ts";
import { wholeCoverage } from "../../lib/core/coverage.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";

const now = Date.UTC(2026, 2, 1, 12);

export const anAction = (action: Partial<PlannedAction> = {}): PlannedAction => ({
  program: "keycheck",
  accountId: "123456789012",
  kind: "notice",
  class: "notice",
  subject: "ada/K9XYZ-3f2a9c1b",
  occasion: "1",
  reason: "the key is 200 days old",
  decidedBy: "expire_age",
  notBefore: now - days(20),
  evidenceAt: now - minutes(1),
  names: ["ada"],
  legs: [],
  detail: {},
  ...action,
});

/** In which every gate allows `anAction`. */
export const anOpenContext = (context: Partial<GateContext> = {}): GateContext => ({
  now,
  mode: "commit",
  accountId: "123456789012",
  actOnAccounts: ["123456789012"],
  pause: undefined,
  calendar: undefined,
  exemptions: [],
  coverage: wholeCoverage,
  maxEvidenceAge: hours(1),
  canary: { wanted: ["eu-west-1"], seen: ["eu-west-1"] },
  clockOffset: 0,
  ownLegs: new Set(),
  protected: [],
  fleet: { subjects: 100, due: 1, shareBefore: undefined },
  planHash: "0123456789ab",
  overridePlan: undefined,
  caps: {},
  ...context,
});

export function aPermit(action: Partial<PlannedAction> = {}, context: Partial<GateContext> = {}): Permit {
  const { permits, refusals } = decide([anAction(action)], anOpenContext(context));
  const [permit] = permits;
  if (permit === undefined) throw new Error(`refused: ${refusals[0]?.gate} ${refusals[0]?.says}`);
  return permit;
}

/** Made as every intent is: permitted by the gates, and in a journal. */
export async function anIntent(action: Partial<PlannedAction> = {}): Promise<Intent> {
  const journal = openJournal({
    ...{ store: openMemoryStore(), program: "keycheck", accountId: "123456789012", holder: thisHolder() },
    ...{ who: "arn:aws:iam::123456789012:user/tester", clock: () => now, patience: minutes(1) },
  });
  const intending = await journal.intend(aPermit(action), { before: {}, planHash: "0123456789ab", limit: 1 });
  if (intending.is !== "intended") throw new Error(intending.is);
  return intending.intent;
}

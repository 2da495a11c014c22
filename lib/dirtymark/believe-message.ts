import type { Millis } from "../core/time.ts";
import type { SnsEnvelope } from "../host-events/event.ts";
import { type Belief, believe, type Claim, type RoleEvidence, type SignatureEvidence } from "./believe.ts";

/** What finds out by asking AWS. Neither throws but when the run is stopped. */
export interface Evidence {
  findRole(accountId: string, roleId: string, sentAt: Millis): Promise<RoleEvidence>;
  checkSignature(envelope: SnsEnvelope): Promise<SignatureEvidence>;
}

export type FinalBelief = Exclude<Belief, { readonly is: "asking" }>;

/** Asks for what a belief needs, and for nothing else. */
export async function believeMessage(claim: Claim, evidence: Evidence): Promise<FinalBelief> {
  const belief = believe(claim);
  if (belief.is !== "asking") return belief;
  if (belief.about === "role") {
    const role = await evidence.findRole(belief.accountId, belief.roleId, belief.sentAt);
    return believeMessage({ ...claim, role }, evidence);
  }
  return believeMessage({ ...claim, signature: await evidence.checkSignature(belief.envelope) }, evidence);
}

import { calendar, glob } from "./act-kinds.ts";
import { accountId } from "./aws-kinds.ts";
import { setting } from "./declare.ts";
import { duration, list, text } from "./kinds.ts";

const planHash = text({
  pattern: /^[0-9a-f]{8,64}$/,
  expects: "the hash of a plan, as a refusal by the gate fleet shows it",
  placeholder: "HASH",
});

/** How far a program may change anything, for every program that does. */
export const actSettings = {
  actOnAccounts: setting(list(accountId()), {
    default: "",
    says: "Accounts in which notify and commit may act; in any other they only observe.",
  }),
  calendar: setting(calendar(), {
    says: "When notify and commit may act: time_zone, weekdays, hours and freeze; unset: always.",
  }),
  protected: setting(list(glob()), {
    default: "",
    says: "Names, key ids and role ARNs that are never changed; * stands for any text, ? for one character.",
  }),
  maxEvidenceAge: setting(duration({ bare: "seconds", min: "1m", max: "1d" }), {
    default: "1h",
    says: "Nothing is done about what was read longer ago than this.",
  }),
  overridePlan: setting(planHash, {
    from: ["flag"],
    says: "Act although most subjects are due at once: the hash that the refusal showed, good for that plan only.",
  }),
  leaseTime: setting(duration({ bare: "seconds", min: "1s", max: "10m" }), {
    default: "10s",
    says: "How long a process that died keeps others from acting on its account.",
  }),
} as const;

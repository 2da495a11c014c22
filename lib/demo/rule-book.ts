import type { CallRule } from "./call-rules.ts";
import type { Call } from "./operation.ts";
import type { ParameterValue } from "./parameters.ts";

export interface RuleBook {
  /** The first rule that hits this call, counted as used. */
  take<Rule extends CallRule>(rules: readonly Rule[], call: RuledCall): Rule | undefined;
}

/** What rules look at. */
export type RuledCall = Pick<Call, "action" | "parameters" | "caller" | "region">;

/** Counts per rule object how often it matched, so that the rules themselves stay plain data. */
export function createRuleBook(): RuleBook {
  const matches = new WeakMap<CallRule, number>();
  return {
    take(rules, call) {
      return rules.find((rule) => {
        if (!appliesTo(rule, call)) return false;
        const before = matches.get(rule) ?? 0;
        matches.set(rule, before + 1);
        const used = before - (rule.after ?? 0);
        return used >= 0 && used < (rule.times ?? Number.POSITIVE_INFINITY);
      });
    },
  };
}

function appliesTo(rule: CallRule, call: RuledCall): boolean {
  if (!matchesGlob(rule.action, call.action)) return false;
  if (rule.account !== undefined && rule.account !== call.caller.account.id) return false;
  if (rule.region !== undefined && rule.region !== call.region) return false;
  const wanted = Object.entries({ ...rule.parameters, ...(rule.userName && { UserName: rule.userName }) });
  return wanted.every(([name, glob]) => textsOf(call.parameters[name]).some((text) => matchesGlob(glob, text)));
}

/** Of what is absent, the empty text. */
function textsOf(value: ParameterValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return [String(value ?? "")];
}

export function matchesGlob(glob: string, text: string): boolean {
  if (!glob.includes("*")) return glob === text;
  const parts = glob.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

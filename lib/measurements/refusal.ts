import type { Point } from "../core/point.ts";
import { integer, measurement, point } from "./declare.ts";

export const stalewatchRefusal = measurement({
  name: "stalewatch_refusal",
  says: "one point for every gate that refused any action in a run and account",
  tags: { program: "program that ran", account: "account id", reason: "name of the gate" },
  fields: { count: integer("actions that it was the first gate to refuse") },
});

/** One point a gate, in the order in which they first refused. */
export function reportRefusals(
  program: string,
  accountId: string,
  refusals: readonly { readonly gate: string }[],
): Point[] {
  const counts = new Map<string, number>();
  for (const { gate } of refusals) counts.set(gate, (counts.get(gate) ?? 0) + 1);
  return [...counts].map(([reason, count]) =>
    point(stalewatchRefusal, { tags: { program, account: accountId, reason }, fields: { count } }),
  );
}

import type { PlannedAction } from "../act/action.ts";
import { mayTry } from "../act/failures.ts";
import { type InstanceLadder, ladderId } from "./ladder.ts";
import { caps } from "./plan-target.ts";
import type { NewsDetail, Planning } from "./planning.ts";

/** What was done to instances and not yet said; one that is terminated is in no scan any more. */
export function planNews(
  ladders: Iterable<InstanceLadder>,
  { accountId, settings, now }: Pick<Planning, "accountId" | "settings" | "now">,
): readonly PlannedAction<string, NewsDetail>[] {
  return [...ladders].flatMap((ladder) =>
    settings.sendNotices && mayTry(ladder, "news", now)
      ? newsOf(ladder).map(({ stage, at, id }) => ({
          ...({ program: "tagaudit", accountId, kind: "news", class: "notice", subject: ladderId(ladder) } as const),
          ...{ occasion: `${ladder.round}-${stage}`, cap: caps.notice },
          ...{ reason: `the instance was ${stage}`, decidedBy: `${stage === "stopped" ? "stop" : "terminate"}_after` },
          ...{ notBefore: at, evidenceAt: now, names: [ladder.instanceId, ladderId(ladder)], legs: [] },
          detail: { region: ladder.region, instanceId: ladder.instanceId, stage, deed: id },
        }))
      : [],
  );
}

function newsOf({ stopped, terminated, endedAt, said }: InstanceLadder) {
  if (terminated !== undefined)
    return said.includes("terminated") ? [] : [{ stage: "terminated", ...terminated } as const];
  if (stopped === undefined || endedAt !== undefined || said.includes("stopped")) return [];
  return [{ stage: "stopped", ...stopped } as const];
}

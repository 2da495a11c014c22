import { slackTokenSource } from "../settings/slack-settings.ts";
import type { Store } from "../state/store.ts";
import { actOnKeys } from "./act-on-keys.ts";
import { assessUser } from "./assess.ts";
import { candidateOf } from "./follow-keys.ts";
import { summarizeLadders } from "./ladder.ts";
import { type Planning, planActions } from "./plan.ts";
import type { UserRecord } from "./records.ts";
import { type KeepRequest, type Kept, listSwitching, type Remembered, readRemembered } from "./remembered.ts";
import { judgingOf, type Keeping } from "./scan.ts";

/** What is remembered of an account, and what is done about its keys once they are judged. */
export async function keepToAct(request: KeepRequest, store: Store): Promise<Kept> {
  const { context } = request;
  const { settings, scope, stop, now } = context;
  const remembered = await readRemembered(context, store);
  const { ladders, exemptions, following, recall } = remembered;
  const conclude: Keeping["conclude"] = async (judged) => {
    // What is stopped in mid-scan is not whole, and nothing may be done on it.
    const acts = stop.aborted
      ? undefined
      : await actOnKeys({ ...request, accountTag: await request.accountTag, store, ladders }, { following, ...judged });
    const sight = { coverage: judged.coverage, switching: await listSwitching(store, scope.accountId) };
    const followed = [...(await ladders.load()).values()].map((ladder) => following.follow(ladder, sight));
    return { summary: summarizeLadders(followed, now), acts };
  };
  const mustList = dueUsers(request, remembered);
  return { exemptions, remembering: { recall, fresh: settings.fresh, mustList }, keeping: { following, conclude } };
}

/** Users of whom something is to be done now, by what is known before the scan: their keys are read again. */
function dueUsers({ context }: KeepRequest, { known, exemptions }: Remembered) {
  const { settings, scope, run, now } = context;
  const planning: Planning = {
    ...{ accountId: scope.accountId, mode: run.mode === "commit" ? "commit" : "notify", now },
    settings: { ...settings, sendSlack: settings.sendSlack && slackTokenSource(settings) !== undefined },
  };
  return (user: UserRecord): boolean => {
    const findings = assessUser(user, judgingOf(user, { settings, exemptions, now }));
    const candidates = findings
      .filter(({ exempt }) => !exempt)
      .flatMap((finding) => candidateOf(finding, user, known) ?? []);
    const isOff = candidates.some(({ key, ladder }) => key.active && ladder.disabled !== undefined);
    return isOff || planActions(candidates, planning).some(({ telling }) => isOver(telling, now));
  };
}

/** What waits for its owner to be told has time. */
const isOver = (
  telling: { readonly deliveredAt: number | undefined; readonly atLeast: number } | undefined,
  now: number,
) => telling === undefined || (telling.deliveredAt !== undefined && now - telling.deliveredAt >= telling.atLeast);

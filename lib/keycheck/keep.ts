import { listExemptions } from "../act/stored-exemptions.ts";
import type { CoverageNotes } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import type { ScanContext } from "../runtime/program.ts";
import type { Store } from "../state/store.ts";
import { actOnKeys } from "./act-on-keys.ts";
import { assessUser } from "./assess.ts";
import { type OpenChannels, slackTokenSource } from "./channels.ts";
import { candidateOf, followKeys } from "./follow-keys.ts";
import { type Ladder, summarizeLadders } from "./ladder.ts";
import { openLadders } from "./ladders.ts";
import { type Planning, planActions } from "./plan.ts";
import { openRecall } from "./recall.ts";
import type { UserRecord } from "./records.ts";
import { judgingOf, type Keeping, type KeycheckContext } from "./scan.ts";
import type { KeycheckSettings } from "./settings.ts";

interface KeepRequest {
  readonly context: ScanContext<KeycheckSettings>;
  readonly accountTag: string;
  readonly ownerMap: OwnerMap;
  readonly openChannels: OpenChannels;
  /** Takes what can't be read. */
  readonly notes: CoverageNotes;
}

type Kept = Pick<KeycheckContext, "exemptions" | "remembering" | "keeping">;

/** What is remembered of an account, and what may be done about its keys; nothing of it without a store. */
export async function keepAccount(request: KeepRequest): Promise<Kept> {
  const { context, notes } = request;
  const { settings, run } = context;
  // A forecast is about what is to come: it neither learns nor acts.
  const store = settings.fromReport || settings.at !== undefined ? undefined : await context.openState();
  const nothing = { exemptions: settings.exemptions };
  if (store === undefined) return nothing;
  if (run.mode !== "observe") return keepInStore(request, store);
  try {
    return await keepInStore(request, store);
  } catch (thrown) {
    // Whoever only looks does without; but what is exempt is then not known.
    const reason = messageOf(thrown);
    notes.note({ what: "what is remembered", code: failureCodeOf(thrown), reason, subjects: false });
    return nothing;
  }
}

async function keepInStore(request: KeepRequest, store: Store): Promise<Kept> {
  const { context } = request;
  const { settings, scope, run, stop, log, clock, now } = context;
  const ladders = openLadders(store, scope.accountId, clock);
  const [known, stored] = await Promise.all([ladders.load(), listExemptions(store, "keycheck")]);
  const exemptions = [...settings.exemptions, ...stored];
  const following = followKeys(new Set(known.keys()), now);
  const recall = openRecall({ store, accountId: scope.accountId, stop, warn: log.warn });
  const isObserving = run.mode === "observe";
  const conclude: Keeping["conclude"] = async (judged) => {
    // What is stopped in mid-scan is not whole, and nothing may be done on it.
    const acts =
      isObserving || stop.aborted
        ? undefined
        : await actOnKeys({ ...request, store, ladders, exemptions }, { following, ...judged });
    const followed = following.follow(await ladders.load(), judged.coverage);
    return { summary: summarizeLadders(followed, now), acts };
  };
  const mustList = isObserving ? () => false : dueUsers({ context, exemptions }, known);
  return { exemptions, remembering: { recall, fresh: settings.fresh, mustList }, keeping: { following, conclude } };
}

/** Users of whom something is to be done now, by what is known before the scan: their keys are read again. */
function dueUsers(
  { context, exemptions }: Pick<KeycheckContext, "exemptions"> & Pick<KeepRequest, "context">,
  known: ReadonlyMap<string, Ladder>,
) {
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

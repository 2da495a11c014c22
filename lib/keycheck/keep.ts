import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { ScanContext } from "../runtime/program.ts";
import type { Store } from "../state/store.ts";
import { followKeys } from "./follow-keys.ts";
import { summarizeLadders } from "./ladder.ts";
import { openLateRecall } from "./late-recall.ts";
import type { Recall } from "./recall.ts";
import { type KeepRequest, type Kept, listSwitching, readRemembered, recallOf } from "./remembered.ts";
import type { KeycheckSettings } from "./settings.ts";

/** What is remembered of an account, and what may be done about its keys; nothing of it without a store. */
export async function keepAccount(request: KeepRequest): Promise<Kept> {
  const { context } = request;
  const { settings, run } = context;
  const nothing = { exemptions: settings.exemptions };
  // A forecast is about what is to come: it neither learns nor acts.
  if (settings.fromReport || settings.at !== undefined) return nothing;
  if (run.mode === "observe") return (await keepObserved(request)) ?? nothing;
  const store = await context.openState();
  if (store === undefined) return nothing;
  // Most runs only look, and start sooner without it.
  const { keepToAct } = await import("./keep-to-act.ts");
  return keepToAct(request, store);
}

/** Whoever only looks does without what can't be read; but what is exempt is then not known. */
async function keepObserved({ context, notes }: KeepRequest): Promise<Kept | undefined> {
  const store = await context.findState();
  if (store === undefined) return undefined;
  if (store === "unmade") return keepUnmade(context);
  try {
    return await keepReadOnly(context, store);
  } catch (thrown) {
    const reason = messageOf(thrown);
    notes.note({ what: "what is remembered", code: failureCodeOf(thrown), reason, subjects: false });
    return undefined;
  }
}

/** Nothing has been done about any key yet, nor is anybody exempt by command. */
function keepUnmade(context: ScanContext<KeycheckSettings>): Kept {
  const { settings, run, now } = context;
  const open = async () => {
    const store = await context.openState();
    return store && recallOf(context, store);
  };
  return {
    exemptions: settings.exemptions,
    // What is listed at once costs hardly more time than one.
    ...observing(context, openLateRecall({ fewest: run.concurrency, open })),
    keeping: {
      following: followKeys(new Set(), now),
      conclude: async () => ({ summary: summarizeLadders([], now) }),
    },
  };
}

async function keepReadOnly(context: ScanContext<KeycheckSettings>, store: Store): Promise<Kept> {
  const { ladders, exemptions, following, recall } = await readRemembered(context, store);
  return {
    ...{ exemptions, ...observing(context, recall) },
    keeping: {
      following,
      async conclude({ coverage }) {
        const sight = { coverage, switching: await listSwitching(store, context.scope.accountId) };
        const followed = [...(await ladders.load()).values()].map((ladder) => following.follow(ladder, sight));
        return { summary: summarizeLadders(followed, context.now) };
      },
    },
  };
}

const observing = ({ settings }: ScanContext<KeycheckSettings>, recall: Recall): Pick<Kept, "remembering"> => ({
  remembering: { recall, fresh: settings.fresh, mustList: () => false },
});

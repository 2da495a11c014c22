import { iamClient } from "../aws/client/iam.ts";
import { listProfileRoles } from "../aws/read/instance-profiles.ts";
import type { Session } from "../aws/session.ts";
import { seconds } from "../core/time.ts";
import type { Queue } from "../queue/queue.ts";
import type { Frame } from "../runtime/frame.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { openGrace } from "../runtime/stop.ts";
import { type AccountSessions, openAccountSessions } from "./account-sessions.ts";
import { applyFilters, type CustomModules, tellAuditors } from "./custom-modules.ts";
import { judgeMessages } from "./judge-messages.ts";
import { loadModules } from "./load-modules.ts";
import { resolveTunnel } from "./resolve-tunnel.ts";
import { scanQueue } from "./scan.ts";
import { openSenderRoles, type SenderRoles } from "./sender-roles.ts";
import type { DirtymarkSettings } from "./settings.ts";
import { openSnsCertificates } from "./sns-certificates.ts";

type Context = ScanContext<DirtymarkSettings>;

/** Opens the queue for one round; the signal comes some seconds after the round's own. */
export type OpenQueue = (context: Context, finishing: AbortSignal) => Promise<Queue>;

/** What is begun when the run is stopped still ends: Telegraf kills 5 s after it asked. */
const grace = seconds(3);

/** What one set of credentials has found out, and keeps from round to round. */
interface Standing {
  readonly sessions: AccountSessions;
  readonly roles: SenderRoles;
  /** Ends the calls of the round at hand. */
  round: AbortSignal;
}

export interface Marking {
  /** Loads the user's own modules; answers what is wrong with them. */
  prepare(settings: DirtymarkSettings): readonly string[];
  scan(context: Context, openQueue: OpenQueue): Promise<ScanResult>;
}

export function openMarking({ log, stop, now }: Pick<Frame, "log" | "stop" | "now">): Marking {
  const standings = new WeakMap<Session, Standing>();
  const certificates = openSnsCertificates({ clock: now, stop });
  let modules: CustomModules = { filters: [], auditors: [] };
  const patience = { warn: log.warn };

  const standingOf = (context: Context): Standing => {
    const { session, settings, run } = context;
    const known = standings.get(session);
    if (known !== undefined) return known;
    const sessions = openAccountSessions({ ...context, markRole: settings.markRole, externalId: run.externalId });
    const standing: Standing = {
      sessions,
      round: context.stop,
      roles: openSenderRoles({
        clock: now,
        stop,
        async *list(accountId) {
          const account = await sessions.open(accountId, standing.round);
          yield* listProfileRoles({ client: iamClient(account.session), stop: standing.round });
        },
      }),
    };
    standings.set(session, standing);
    return standing;
  };

  return {
    prepare({ filterModules, auditors }) {
      const loaded = loadModules({ filterModules, auditors, directory: "." });
      if (!loaded.ok) return loaded.problems;
      modules = loaded.modules;
      return [];
    },
    async scan(context, openQueue) {
      const { settings, run } = context;
      const standing = standingOf(context);
      standing.round = context.stop;
      const finishing = openGrace(context.stop, grace);
      try {
        return await scanQueue({
          context,
          queue: await openQueue(context, finishing.signal),
          ...{ sessions: standing.sessions, finishing: finishing.signal },
          async audit(marks) {
            for (const mark of marks) await tellAuditors(modules, mark, patience);
          },
          assess: (messages) =>
            judgeMessages(messages, {
              queue: settings.senders,
              known: { accounts: settings.knownAccounts, regions: settings.regions, topics: settings.topics },
              filters: { rules: settings.filters, automationPrincipals: settings.automationPrincipals },
              evidence: { findRole: standing.roles.find, checkSignature: certificates.check },
              resolveTunnel: (tunnel) => resolveTunnel(tunnel, standing.sessions, context.stop),
              ...{ maxBytes: settings.maxBytes, guardDuty: settings.guardDuty },
              refine: (event, judgement) => applyFilters(modules, { event, judgement }, patience),
              concurrency: run.concurrency,
            }),
        });
      } finally {
        finishing.release();
      }
    },
  };
}

import type { Acts } from "../act/act-on-account.ts";
import { seconds } from "../core/time.ts";
import type { Notifier } from "../notify/notifier.ts";
import { type NotifierMeans, openMailNotifier, openSlackNotifier } from "../notify/open-notifier.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import type { ScanContext } from "../runtime/program.ts";
import { secretReader } from "../secrets/secret-reader.ts";
import type { Store } from "../state/store.ts";
import { type ActSettings, actOnInstances, type Judged } from "./act-on-instances.ts";
import type { Judging } from "./assess.ts";
import { ladderId, newLadder } from "./ladder.ts";
import type { Ladders } from "./ladders.ts";
import { reportEntry } from "./report-entries.ts";
import type { Scheme } from "./scheme.ts";
import { dailyReportKind, planDailyReports, type ReportTarget } from "./send-daily-report.ts";
import type { TagauditSettings } from "./settings.ts";

export interface KeepRequest {
  readonly context: ScanContext<TagauditSettings>;
  readonly store: Store;
  readonly ladders: Ladders;
  readonly scheme: Scheme;
  readonly accountName: string;
  readonly ownerMap: OwnerMap;
}

export interface JudgedAccount extends Judged {
  /** As the scan judged. */
  readonly judging: Omit<Judging, "clocks" | "now">;
  /** Why documents of the run are not stored; undefined: they are, or none was asked for. */
  readonly documentsMissing: string | undefined;
}

/** Tells owners, stops and terminates, as far as mode and gates allow, and sends the daily report. */
export async function actOnAudit(request: KeepRequest, judged: JudgedAccount): Promise<Acts | undefined> {
  const { context, store, ladders, scheme, accountName, ownerMap } = request;
  const { settings } = context;
  let channels: Channels = {};
  const openNotifier = async (stop: AbortSignal) => {
    channels = await openChannels(context, stop);
    // Only Slack proves that a person was reached.
    return channels.slack ?? channels.mail;
  };
  const reported = await reportedAccount(request, judged);
  return actOnInstances(
    {
      ...{ context, store, ladders, scheme, accountName, ownerMap, settings: actSettings(settings), openNotifier },
      ...{ judging: judged.judging, exemptions: settings.exemptions, ownInstances: settings.ownInstances },
      fallbackChannel: settings.slackFallbackChannel,
      documentsStored: () => judged.documentsMissing ?? true,
      besides: {
        kinds: () => [dailyReportKind({ ...reported, notifiers: channels })],
        plan: (journal) =>
          planDailyReports({ ...reported, targets: targetsOf(settings, channels), evidenceAt: context.now, journal }),
      },
    },
    judged,
  );
}

const actSettings = (settings: TagauditSettings): ActSettings => ({
  ...settings,
  stopAfter: settings.stop ? settings.stopAfter : undefined,
});

interface Channels {
  readonly slack?: Notifier;
  readonly mail?: Notifier;
}

async function openChannels(context: KeepRequest["context"], stop: AbortSignal): Promise<Channels> {
  const { settings, run, environment, clock, log } = context;
  const { credstashProfile: profile, credstashRegion: region } = settings;
  const readSecret = secretReader({ clock, run, environment, credstash: { profile, region } });
  const means: NotifierMeans = {
    readSecret,
    clock,
    stop,
    warn: log.warn,
    timeout: Math.min(seconds(15), run.deadline / 10),
  };
  const [slack, mail] = await Promise.all([openSlackNotifier(settings, means), openMailNotifier(settings, means)]);
  return { ...(slack && { slack }), ...(mail && { mail }) };
}

/** Nobody is sent what there is no way to send. */
function targetsOf(
  { dailyReport, reportChannel, mailTo }: TagauditSettings,
  { slack, mail }: Channels,
): readonly ReportTarget[] {
  if (!dailyReport) return [];
  return [
    ...(slack !== undefined && reportChannel !== undefined ? [{ by: "slack", to: reportChannel } as const] : []),
    ...(mail === undefined ? [] : mailTo.map((to) => ({ by: "mail", to }) as const)),
  ];
}

async function reportedAccount({ context, ladders, accountName }: KeepRequest, { violating }: JudgedAccount) {
  const { settings, run, scope, now } = context;
  const known = settings.dailyReport ? await ladders.load() : new Map();
  const entering = { settings: actSettings(settings), isCommit: run.mode === "commit", now };
  return {
    ...{ accountId: scope.accountId, accountName, now, calendar: run.calendar },
    entries: violating.map(({ finding }) => {
      const ladder = newLadder(finding.instance);
      return reportEntry(finding, { ...entering, ladder: known.get(ladderId(ladder)) ?? ladder });
    }),
  };
}

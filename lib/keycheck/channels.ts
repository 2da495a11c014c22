import { type Millis, seconds } from "../core/time.ts";
import { apiAddressOf, jiraKindOf } from "../notify/jira-address.ts";
import type { Notifier } from "../notify/notifier.ts";
import { openSlackNotifier } from "../notify/open-notifier.ts";
import { spareSilent } from "../notify/spare-silent.ts";
import { type Tracker, TrackerError } from "../notify/tracker.ts";
import type { SecretReading } from "../secrets/read-secret.ts";
import { type ReadSecret, secretReader } from "../secrets/secret-reader.ts";
import { jiraSecrets } from "../settings/jira-settings.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { KeycheckSettings } from "./settings.ts";

/** Where owners are told and tickets are filed; each undefined where no setting asks for it. */
export interface Channels {
  readonly notifier: Notifier | undefined;
  readonly tracker: Tracker | undefined;
}

interface Opening {
  readonly settings: KeycheckSettings;
  readonly run: RunSettings;
  readonly environment: SecretReading["environment"];
  readonly warn: (message: string) => void;
}

/** Opened for each account and round. */
export type OpenChannels = (opening: Opening, stop: AbortSignal) => Promise<Channels>;

/** Where it is told to wait longer, the message waits for the next run. */
const patience = seconds(5);

export function channelOpener(clock: () => Millis): OpenChannels {
  let readSecret: ReadSecret | undefined;
  return async (opening, stop) => {
    readSecret ??= readerFor(opening, clock);
    const [notifier, tracker] = await Promise.all([
      openSlackNotifier(opening.settings, { clock, stop, readSecret, warn: opening.warn, timeout: timeoutOf(opening) }),
      openTracker(opening, { clock, stop, readSecret }),
    ]);
    return { notifier, tracker };
  };
}

const readerFor = ({ settings, run, environment }: Opening, clock: () => Millis): ReadSecret =>
  secretReader({
    ...{ clock, run, environment },
    credstash: { profile: settings.credstashProfile, region: settings.credstashRegion },
  });

interface Connecting {
  readonly clock: () => Millis;
  readonly stop: AbortSignal;
  readonly readSecret: ReadSecret;
}

async function openTracker(opening: Opening, { clock, stop, readSecret }: Connecting): Promise<Tracker | undefined> {
  const { settings } = opening;
  const { email, token } = jiraSecrets(settings);
  const { jiraServerAddress, jiraCloudId, jiraProjectKey } = settings;
  const where = { serverAddress: jiraServerAddress, cloudId: jiraCloudId };
  const apiAddress = apiAddressOf(where);
  // `refuseJira` has seen to it that nothing is missing.
  if (!settings.createJira || token === undefined || apiAddress === undefined || jiraProjectKey === undefined) return;
  const { openJira } = await import("../notify/jira.ts");
  const auth =
    settings.jiraAuth === "bearer" || email === undefined
      ? ({ kind: "bearer", token: await readSecret(token, stop) } as const)
      : ({
          kind: "basic",
          email: await readSecret(email, stop),
          token: await readSecret(token, stop),
        } as const);
  const timeout = timeoutOf(opening);
  const jira = await openJira({
    ...{
      kind: settings.jiraKind ?? jiraKindOf(where),
      apiAddress,
      siteAddress: jiraServerAddress,
      auth,
      stop,
      patience,
      timeout,
    },
    ...{ projectKey: jiraProjectKey, issueType: settings.jiraIssueType, label: settings.jiraLabel },
  });
  const refuse = (says: string) => new TrackerError("unreachable", `Jira: ${says}`, false);
  return spareSilent(jira, { clock, patience: timeout / 2, refuse });
}

/** For one answer: a run has more to do than to wait for it. */
const timeoutOf = ({ run }: Opening): Millis => Math.min(seconds(15), run.deadline / 10);

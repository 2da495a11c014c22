import { openSession, type Session } from "../aws/session.ts";
import { noCalls } from "../core/call-counts.ts";
import type { Secret } from "../core/secret.ts";
import { type Millis, minutes, seconds } from "../core/time.ts";
import { apiAddressOf, jiraKindOf } from "../notify/jira-address.ts";
import { type Notifier, NotifyError } from "../notify/notifier.ts";
import { spareSilent } from "../notify/spare-silent.ts";
import { type Tracker, TrackerError } from "../notify/tracker.ts";
import type { SecretReading } from "../secrets/read-secret.ts";
import { jiraSecrets } from "../settings/jira-settings.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
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

/** Opened for each account and round; secrets are kept for some minutes, so that one which is rotated is found. */
export type OpenChannels = (opening: Opening, stop: AbortSignal) => Promise<Channels>;

const secretsKept = minutes(5);

/** Where it is told to wait longer, the message waits for the next run. */
const patience = seconds(5);

export function channelOpener(clock: () => Millis): OpenChannels {
  const readSecret = secretReader(clock);
  return async (opening, stop) => {
    const [notifier, tracker] = await Promise.all([
      openNotifier(opening, { clock, stop, readSecret }),
      openTracker(opening, { clock, stop, readSecret }),
    ]);
    return { notifier, tracker };
  };
}

/** By our name for it or the original's. */
export const slackTokenSource = (
  settings: Pick<KeycheckSettings, "slackToken" | "slackTokenCredstash">,
): SecretSource | undefined => settings.slackToken ?? settings.slackTokenCredstash;

interface Connecting {
  readonly clock: () => Millis;
  readonly stop: AbortSignal;
  readonly readSecret: ReturnType<typeof secretReader>;
}

async function openNotifier(opening: Opening, { clock, stop, readSecret }: Connecting): Promise<Notifier | undefined> {
  const { settings, warn } = opening;
  const source = slackTokenSource(settings);
  if (!settings.sendSlack || source === undefined) return undefined;
  const [token, { openSlack }] = await Promise.all([readSecret(source, opening, stop), import("../notify/slack.ts")]);
  const timeout = timeoutOf(opening);
  // `stop` comes some seconds after the run was asked to end, and leaves no time beyond.
  const slack = openSlack({ token, apiUrl: settings.slackApiUrl, warn, stop, patience, timeout, grace: 0 });
  const refuse = (says: string) => new NotifyError(`Slack: ${says}`, { code: "unreachable" });
  return spareSilent(slack, { clock, patience: timeout / 2, refuse });
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
      ? ({ kind: "bearer", token: await readSecret(token, opening, stop) } as const)
      : ({
          kind: "basic",
          email: await readSecret(email, opening, stop),
          token: await readSecret(token, opening, stop),
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

/** Of several accounts that ask at once, one reads. */
function secretReader(clock: () => Millis) {
  const read = new Map<string, { readonly at: number; readonly secret: Promise<Secret> }>();
  return (source: SecretSource, opening: Opening, stop: AbortSignal): Promise<Secret> => {
    const name = JSON.stringify(source);
    const known = read.get(name);
    if (known !== undefined && clock() - known.at < secretsKept) return known.secret;
    const secret = readNow(source, opening, stop);
    read.set(name, { at: clock(), secret });
    secret.catch(() => read.delete(name));
    return secret;
  };
}

async function readNow(source: SecretSource, { settings, run, environment }: Opening, stop: AbortSignal) {
  const { readSecret } = await import("../secrets/read-secret.ts");
  const { credstashProfile: profile, credstashRegion: region } = settings;
  return readSecret(source, { environment, stop, session: await homeSession(run), credstash: { profile, region } });
}

/** Secrets are kept where the run's own credentials are at home, whichever account is scanned. */
const homeSession = ({ profiles, region }: RunSettings): Promise<Session> =>
  openSession({ profile: profiles[0], region, counts: noCalls() });

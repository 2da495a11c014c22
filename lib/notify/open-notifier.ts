import { type Millis, seconds } from "../core/time.ts";
import type { ReadSecret } from "../secrets/secret-reader.ts";
import { type MailValues, smtpPortOf } from "../settings/mail-settings.ts";
import { type SlackValues, slackTokenSource } from "../settings/slack-settings.ts";
import { type Notifier, NotifyError } from "./notifier.ts";
import { spareSilent } from "./spare-silent.ts";

export interface NotifierMeans {
  readonly readSecret: ReadSecret;
  readonly clock: () => Millis;
  /** Comes some seconds after the run was asked to end, and leaves no time beyond. */
  readonly stop: AbortSignal;
  readonly warn: (message: string) => void;
  /** For one answer: a run has more to do than to wait for it. */
  readonly timeout: Millis;
}

/** Where it is told to wait longer, the message waits for the next run. */
const slackPatience = seconds(5);

/** Undefined where no setting asks for it. */
export async function openSlackNotifier(settings: SlackValues, means: NotifierMeans): Promise<Notifier | undefined> {
  const source = slackTokenSource(settings);
  if (!settings.sendSlack || source === undefined) return undefined;
  const { readSecret, clock, stop, warn, timeout } = means;
  const [token, { openSlack }] = await Promise.all([readSecret(source, stop), import("./slack.ts")]);
  const slack = openSlack({
    ...{ token, apiUrl: settings.slackApiUrl, warn, stop, timeout },
    ...{ patience: slackPatience, grace: 0 },
  });
  return spareSilent(slack, { clock, patience: timeout / 2, refuse: unreachable("Slack") });
}

/** Undefined where no setting asks for it. */
export async function openMailNotifier(
  settings: MailValues & { readonly smtpPort: number | undefined },
  { readSecret, clock, stop, timeout }: NotifierMeans,
): Promise<Notifier | undefined> {
  const { smtpHost: host, smtpTls: tls, smtpUser: user, smtpPassword: password, mailFrom: from } = settings;
  // `refuseMail` has seen to it that the sender is there.
  if (host === undefined || from === undefined) return undefined;
  const login =
    user === undefined || password === undefined ? undefined : { user, password: await readSecret(password, stop) };
  const { openMail } = await import("./mail.ts");
  const mail = openMail({ host, port: smtpPortOf(settings), tls, login, from, clock, stop, timeout, grace: 0 });
  return spareSilent(mail, { clock, patience: timeout / 2, refuse: unreachable("mail") });
}

const unreachable = (name: string) => (says: string) => new NotifyError(`${name}: ${says}`, { code: "unreachable" });

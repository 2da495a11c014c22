import { messageOf } from "../core/errors.ts";
import type { Message } from "../core/message.ts";
import { type Millis, seconds } from "../core/time.ts";
import type { Owner } from "../owners/find-owner.ts";
import { openDeadline, openGrace } from "../runtime/stop.ts";
import { hideSecrets } from "./jira-text.ts";
import { asciiAddress } from "./mail-address.ts";
import { composeMail, messageIdOf } from "./mail-compose.ts";
import { judgeMailFailure } from "./mail-failure.ts";
import { type MailServer, sendMail } from "./mail-send.ts";
import { type Delivery, type FoundPerson, type Notifier, NotifyError, type Recipient } from "./notifier.ts";

export interface MailOptions extends MailServer {
  /** The sender's address, which bounces go to. */
  readonly from: string;
  readonly clock: () => Millis;
  /** Aborted at the deadline or on SIGTERM; its reason says which. */
  readonly stop: AbortSignal;
  /** How long one message may take. */
  readonly timeout?: Millis;
  /** How long one that is under way at the stop may still take: Telegraf kills 5 s after it asked to end. */
  readonly grace?: Millis;
}

/**
 * Tells people by e-mail. A delivery says that the server took the message for this one recipient, which is no proof of a
 * person: it may be sent back later, or lie where nobody reads it. So none is `isDelivered`, and no clock starts by it.
 * Mail servers show nobody what was sent, either. Import it only where something is to be said: nodemailer is large.
 */
export function openMail(options: MailOptions): Notifier {
  return {
    findPerson: async (owner) => {
      if (options.stop.aborted) throw stopped(options);
      return findPerson(owner);
    },
    send: ({ reference }, to, message) => post(options, { reference, to, message }),
    findSent: async () => "unreadable",
  };
}

/** Whether anybody has such an address, only its server could tell, and it does not. */
function findPerson(owner: Owner): FoundPerson {
  if (owner.by !== "email") return { missing: `Slack id "${owner.slackId}": is no e-mail address` };
  const address = asciiAddress(owner.email);
  return address === undefined
    ? { missing: `e-mail "${owner.email}": not an address that every mail server takes` }
    : { person: { id: address, name: owner.email } };
}

interface Post {
  readonly reference: string;
  readonly to: Recipient;
  readonly message: Message;
}

async function post(options: MailOptions, { reference, to: recipient, message }: Post): Promise<Delivery> {
  const { from, stop, clock, timeout = seconds(15), grace = seconds(3) } = options;
  if (stop.aborted) throw stopped(options);
  const to = "person" in recipient ? recipient.person.id : recipient.channel;
  if (asciiAddress(to) !== to) throw new NotifyError(`mail to "${to}": not an address`, { code: "other" });
  const raw = await composeMail({ from, to, reference, message });
  const ending = openGrace(stop, grace);
  const end = openDeadline(ending.signal, timeout);
  let isBegun = false;
  const onBegun = () => {
    isBegun = true;
  };
  try {
    await sendMail(options, { from, to, raw }, { signal: end.signal, timeout, onBegun });
  } catch (thrown) {
    if (!end.signal.aborted) throw failed(options, { to, thrown, isBegun });
    if (stop.aborted) throw stopped(options, isBegun);
    throw failed(options, { to, thrown: silence(timeout), isBegun });
  } finally {
    end.release();
    ending.release();
  }
  return { channel: to, message: messageIdOf({ from, reference }), at: clock(), isDelivered: false };
}

const silence = (timeout: Millis): Error =>
  Object.assign(new Error(`no end within ${timeout / 1000} s`), { code: "ETIMEDOUT" });

interface Failed {
  readonly to: string;
  readonly thrown: unknown;
  readonly isBegun: boolean;
}

function failed({ host, login }: MailOptions, { to, thrown, isBegun }: Failed): NotifyError {
  const { code, says, isRefusal } = judgeMailFailure(thrown);
  // A server may repeat what it did not understand.
  const shown = login === undefined ? says : hideSecrets(says, formsOf(login.user, login.password.reveal()));
  return new NotifyError(`mail to "${to}" by ${host}: ${shown}`, { code, mayBeSent: isBegun && !isRefusal });
}

/** As SMTP's ways to sign in write a password; the longest first, for it may hold the others. */
const formsOf = (user: string, password: string): readonly string[] => [
  ...[`\0${user}\0${password}`, password].map((text) => Buffer.from(text).toString("base64")),
  password,
];

const stopped = ({ host, stop }: MailOptions, mayBeSent = false): NotifyError =>
  new NotifyError(`mail by ${host}: stopped by ${messageOf(stop.reason)}`, { code: "stopped", mayBeSent });

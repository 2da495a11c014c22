import MailComposer from "nodemailer/lib/mail-composer";
import { encodeWord } from "nodemailer/lib/mime-funcs";
import type { Message } from "../core/message.ts";
import { domainOf } from "./mail-address.ts";
import { formatMailHtml } from "./mail-html.ts";
import { formatMailSubject, formatMailText } from "./mail-text.ts";

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly reference: string;
  readonly message: Message;
}

/** The same for the same intent, so that a mail which is sent twice can be told as one. */
export const messageIdOf = ({ reference, from }: Pick<Mail, "reference" | "from">): string =>
  `<stalewatch.${reference}@${domainOf(from)}>`;

/** As it goes over the line. Its addresses are of `asciiAddress`. */
export function composeMail(mail: Mail): Promise<Buffer> {
  const { from, to, reference, message } = mail;
  const composer = new MailComposer({
    from: { name: "stalewatch", address: from },
    to: { name: "", address: to },
    subject: encodeSubject(formatMailSubject(message)),
    messageId: messageIdOf(mail),
    text: formatMailText(message, reference),
    html: formatMailHtml(message, reference),
    // RFC 3834: no out-of-office note answers it; Exchange has a header of its own for that.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    // Or long lines, such as commands, would be broken up.
    encoding: "quoted-printable",
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  return composer.compile().build();
}

/** RFC 2047 in a subject that already looks like it would be decoded, and show what it does not say. */
const encodeSubject = (subject: string): string => (subject.includes("=?") ? encodeWord(subject, "B", 52) : subject);

import { setting } from "./declare.ts";
import { choice, integer, list, text } from "./kinds.ts";
import { type SecretSource, secretSource } from "./secret-settings.ts";

/** RFC 5321 section 4.1.2, without what is written in quotes or brackets: nothing in it has to be escaped anywhere. */
export const mailAddress =
  /^(?=.{3,254}$)(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

const address = () =>
  text({
    pattern: mailAddress,
    expects: "an e-mail address such as ops@example.com",
    placeholder: "ADDRESS",
  });

/** How people are told by e-mail, for a program's declaration to spread. */
export const mailSettings = {
  smtpHost: setting(
    text({
      pattern: /^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*)$/,
      expects: "a host name or an IP address such as smtp.example.com, without a port",
      placeholder: "HOST",
    }),
    { says: "Mail server that takes e-mail; unset: nobody is told by e-mail." },
  ),
  smtpPort: setting(integer({ min: 1, max: 65_535 }), {
    says: "Port of the mail server; unset: by smtp_tls 587, 465 or 25.",
  }),
  smtpTls: setting(choice(["starttls", "tls", "none"]), {
    default: "starttls",
    says: "How e-mail is kept from being read on its way: starttls or nothing is sent, tls from the first byte on, or none.",
  }),
  smtpUser: setting(text(), { says: "Name to sign in to the mail server with; unset: without signing in." }),
  smtpPassword: setting(secretSource(), {
    secret: true,
    says: "Where the password that goes with smtp_user is kept.",
  }),
  mailFrom: setting(address(), { says: "Address that e-mail comes from, and that bounces go to." }),
  mailTo: setting(list(address()), {
    default: "",
    says: "Addresses that get the daily report, each in a message of its own.",
  }),
} as const;

/** The settings that `refuseMail` judges, for a check to name. */
export const mailChecked = [
  ...["smtpHost", "smtpTls", "smtpUser", "smtpPassword", "mailFrom", "mailTo"],
] as const satisfies readonly (keyof typeof mailSettings)[];

export interface MailValues {
  readonly smtpHost: string | undefined;
  readonly smtpTls: SmtpTls;
  readonly smtpUser: string | undefined;
  readonly smtpPassword: SecretSource | undefined;
  readonly mailFrom: string | undefined;
  readonly mailTo: readonly string[];
}

export type SmtpTls = "starttls" | "tls" | "none";

/** What is missing where e-mail is to be sent, or would show a password to others. */
export function refuseMail({ smtpHost, smtpTls, smtpUser, smtpPassword, mailFrom, mailTo }: MailValues) {
  if (mailTo.length > 0 && smtpHost === undefined) return "mail_to needs smtp_host";
  if (smtpHost !== undefined && mailFrom === undefined) return "smtp_host needs mail_from";
  if (smtpUser !== undefined && smtpPassword === undefined) return "smtp_user needs smtp_password";
  if (smtpUser === undefined && smtpPassword !== undefined) return "smtp_password needs smtp_user";
  return smtpPassword !== undefined && smtpTls === "none" && !isThisMachine(smtpHost)
    ? "smtp_password needs smtp_tls = starttls or tls, for without either it can be read on its way"
    : undefined;
}

const isThisMachine = (host = ""): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);

const usualPorts = { starttls: 587, tls: 465, none: 25 } as const satisfies Record<SmtpTls, number>;

export const smtpPortOf = ({
  smtpPort,
  smtpTls,
}: {
  readonly smtpPort: number | undefined;
  readonly smtpTls: SmtpTls;
}): number => smtpPort ?? usualPorts[smtpTls];

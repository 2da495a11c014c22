/** What pam_exec(8) sets beside whatever the PAM environment holds. */
type Variables = Readonly<Record<string, string | undefined>>;

export interface Login {
  /** A name that filters know: `ssh`, or PAM's name of the service. */
  readonly event: string;
  readonly user: string | undefined;
  /** An address, or the name that the service has looked up for it. */
  readonly sourceAddress: string | undefined;
}

/** Only a session that opens is a login; without PAM, whoever calls says that there was one. */
export const isLogin = ({ PAM_TYPE }: Variables): boolean => isBlank(PAM_TYPE) || PAM_TYPE === "open_session";

export function readLogin({ PAM_USER, PAM_RHOST, PAM_SERVICE }: Variables, event: string | undefined): Login {
  return { event: event ?? eventOf(PAM_SERVICE), user: filled(PAM_USER), sourceAddress: filled(PAM_RHOST) };
}

/** As messages may name an event; another name would have the whole message refused. */
export const eventForm = /^[A-Za-z0-9][\w.:-]{0,63}$/;

/** Any file of /etc/pam.d is a service, so its name may hold what an event's may not. */
function eventOf(service: string | undefined): string {
  if (isBlank(service) || service === "sshd") return "ssh";
  const name = service.replace(/[^\w.:-]+/g, "_").slice(0, 64);
  return eventForm.test(name) ? name : "ssh";
}

const isBlank = (text: string | undefined): text is undefined => text === undefined || text.trim() === "";

const filled = (text: string | undefined): string | undefined => (isBlank(text) ? undefined : text);

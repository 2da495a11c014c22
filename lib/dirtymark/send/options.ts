import { type Millis, minutes, seconds } from "../../core/time.ts";
import { isAccountId, isRegion } from "../../host-events/place.ts";
import { formatDuration, parseDuration } from "../../settings/duration.ts";
import { eventForm } from "./login.ts";

/** As they were written; undefined where not given. */
export interface GivenOptions {
  readonly queue?: string | undefined;
  readonly "queue-account"?: string | undefined;
  readonly region?: string | undefined;
  readonly event?: string | undefined;
  readonly timeout?: string | undefined;
}

export interface SendOptions {
  /** Its name or URL. */
  readonly queue: string;
  /** Whose queue of that name; undefined: the instance's account's. */
  readonly owner: string | undefined;
  /** The queue's; undefined: its URL says it, or it is the instance's own. */
  readonly region: string | undefined;
  readonly event: string | undefined;
  readonly timeout: Millis;
}

export type ReadOptions =
  | { readonly ok: true; readonly options: SendOptions }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The original's queue. */
export const defaultQueue = "skunky";
export const defaultTimeout = seconds(5);
const timeouts = { least: 100, most: minutes(1) };

/** CreateQueue's form of a name; `.fifo` counts among the 80 characters. */
const nameForm = /^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/;

/** Says all that is wrong at once. */
export function readOptions(given: GivenOptions): ReadOptions {
  const { queue = defaultQueue, "queue-account": owner, region, event } = given;
  const timeout = given.timeout === undefined ? defaultTimeout : parseDuration(given.timeout);
  const problems = problemsOfQueue(queue, owner);
  if (region !== undefined && !isRegion(region)) problems.push(`--region "${region}" is no region`);
  if (event !== undefined && !eventForm.test(event))
    problems.push(`--event "${event}" is no name of up to 64 letters, digits or _.:-`);
  if (timeout === undefined || timeout < timeouts.least || timeout > timeouts.most)
    problems.push(
      `--timeout "${given.timeout}" is no length from ${formatDuration(timeouts.least)} to ${formatDuration(timeouts.most)}, such as 5s`,
    );
  if (timeout === undefined || problems.length > 0) return { ok: false, problems };
  return { ok: true, options: { queue, owner, region, event, timeout } };
}

function problemsOfQueue(queue: string, owner: string | undefined): string[] {
  if (/^https?:\/\//.test(queue)) {
    const problems = isQueueUrl(queue) ? [] : [`--queue "${queue}" is no queue's URL`];
    return owner === undefined
      ? problems
      : [...problems, "--queue-account: the URL that --queue gives names the account"];
  }
  const problems = nameForm.test(queue) ? [] : [`--queue "${queue}" is neither a queue's name nor its URL`];
  if (owner !== undefined && !isAccountId(owner)) problems.push(`--queue-account "${owner}" is no account id`);
  return problems;
}

function isQueueUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash, pathname } = new URL(text);
  return `${username}${password}${search}${hash}` === "" && nameForm.test(pathname.split("/").at(-1) ?? "");
}

export const usage = `dirtymark send [--queue NAME|URL] [OPTION...]

Reports a login on this EC2 instance to dirtymark's queue. PAM runs it (pam_exec) when a session opens; it hands the
work to a process of its own and ends at once, with status 0 whatever happens.

  --queue NAME|URL      the queue of hosts (default skunky)
  --queue-account ID    whose queue, for a name (default: the instance's account)
  --region REGION       the queue's region (default: of its URL, else the instance's)
  --event NAME          how filters know it (default: ssh of sshd, else PAM's name of the service)
  --timeout LENGTH      how long it may take in all, 100ms to 1m (default 5s)
  --foreground          waits, and says what happened
  --strict              with --foreground: exit status 1 if it was not reported
  --syslog              with --foreground: says failures to the system's log
  --help`;

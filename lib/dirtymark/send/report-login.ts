import { parseArgs } from "node:util";
import { messageOf, OpsError } from "../../core/errors.ts";
import { formatSentMessage } from "../../host-events/messages/sent-message.ts";
import { sendMessage } from "../../queue/send-message.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { formatDuration } from "../../settings/duration.ts";
import { isLogin, readLogin } from "./login.ts";
import { findMetadataEndpoint } from "./metadata-endpoint.ts";
import { readOptions, type SendOptions, usage } from "./options.ts";
import { readMetadata } from "./read-metadata.ts";
import { writeSyslog } from "./syslog.ts";

interface Asked {
  /** Failures count in the exit status. */
  readonly strict: boolean;
  /** Failures go to the system's log, if it takes them. */
  readonly syslog: boolean;
}

/** Reports one login, and says what came of it. Exit status 0 whatever happens, unless asked. */
export async function main(frame: Frame): Promise<ExitCode> {
  const asked = { strict: frame.argv.includes("--strict"), syslog: frame.argv.includes("--syslog") };
  try {
    const says = await reportLogin(frame);
    if (!asked.syslog) frame.stdout.write(`${says}\n`);
    return 0;
  } catch (thrown) {
    await sayFailed(frame, asked, `login not reported: ${messageOf(thrown)}`);
    return asked.strict ? 1 : 0;
  }
}

async function sayFailed({ log, environment }: Frame, { syslog }: Asked, line: string): Promise<void> {
  if (!syslog || !(await writeSyslog(line, environment))) log.error(line);
}

async function reportLogin(frame: Frame): Promise<string> {
  const given = parseArguments(frame.argv);
  if (given.help === true) return usage;
  const read = readOptions(given);
  if (!read.ok) throw new OpsError("other", read.problems.join("; "));
  if (!isLogin(frame.environment)) return `nothing to report: PAM_TYPE is "${frame.environment.PAM_TYPE}"`;
  return send(frame, read.options);
}

function parseArguments(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = {
    ...{ queue: text, "queue-account": text, region: text, event: text, timeout: text },
    ...{ foreground: flag, strict: flag, syslog: flag, help: { ...flag, short: "h" } },
  } as const;
  // `dirtymark send` and `dirtymark-send` are the same.
  return parseArgs({ args: argv[0] === "send" ? argv.slice(1) : [...argv], options }).values;
}

async function send({ environment, stop: asked }: Frame, options: SendOptions): Promise<string> {
  const { event, timeout } = options;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(`its timeout of ${formatDuration(timeout)}`), timeout);
  const stop = AbortSignal.any([asked, late.signal]);
  try {
    const endpoint = findMetadataEndpoint(environment);
    if (!endpoint.ok) throw new OpsError("other", endpoint.says);
    const { identity, credentials } = await readMetadata({ endpoint: endpoint.url, stop });
    const body = formatSentMessage({ ...readLogin(environment, event), identity: identity.document });
    const { queue, owner, region } = options;
    const id = await sendMessage({
      ...{ queue, owner, region, homeRegion: identity.region, credentials, body, stop },
      group: identity.instanceId,
    });
    return `reported: message ${id} to ${queue}`;
  } finally {
    clearTimeout(timer);
  }
}

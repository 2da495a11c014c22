import { openSession, type Session } from "../aws/session.ts";
import { noCalls } from "../core/call-counts.ts";
import type { Secret } from "../core/secret.ts";
import { type Millis, minutes } from "../core/time.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import type { SecretReading } from "./read-secret.ts";

export type ReadSecret = (source: SecretSource, stop: AbortSignal) => Promise<Secret>;

interface Home extends Pick<SecretReading, "environment" | "credstash"> {
  readonly run: Pick<RunSettings, "profiles" | "region">;
  readonly clock: () => Millis;
}

/** So that one which is rotated is found. */
const kept = minutes(5);

/** Keeps secrets for some minutes, and of several accounts that ask at once lets one read. */
export function secretReader(home: Home): ReadSecret {
  const read = new Map<string, { readonly at: Millis; readonly secret: Promise<Secret> }>();
  return (source, stop) => {
    const name = JSON.stringify(source);
    const known = read.get(name);
    if (known !== undefined && home.clock() - known.at < kept) return known.secret;
    const secret = readNow(source, home, stop);
    read.set(name, { at: home.clock(), secret });
    secret.catch(() => read.delete(name));
    return secret;
  };
}

async function readNow(source: SecretSource, { run, clock: _, ...reading }: Home, stop: AbortSignal): Promise<Secret> {
  const { readSecret } = await import("./read-secret.ts");
  return readSecret(source, { ...reading, stop, session: await homeSession(run) });
}

/** Secrets are kept where the run's own credentials are at home, whichever account is scanned. */
const homeSession = ({ profiles, region }: Home["run"]): Promise<Session> =>
  openSession({ profile: profiles[0], region, counts: noCalls() });

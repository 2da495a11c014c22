import { type CallCounts, noCalls } from "../core/call-counts.ts";
import type { Scope } from "../core/scope.ts";
import { seconds } from "../core/time.ts";
import { stsClient } from "./client/sts.ts";
import { assumeRole, getCallerIdentity } from "./read/sts.ts";
import { openSession, type Session, withCredentials } from "./session.ts";

/** A scope that can be opened, and stays open between execd rounds. */
export interface ScopeSource {
  readonly name: string;
  /** Counts on through all rounds. */
  readonly counts: CallCounts;
  open(stop: AbortSignal): Promise<OpenScope>;
}

export interface OpenScope {
  readonly scope: Scope;
  readonly session: Session;
}

export const ambientScope = (region: string | undefined): ScopeSource =>
  openOnce("default", (counts) => openSession({ region, counts }));

export const profileScope = (profile: string, region: string | undefined): ScopeSource =>
  openOnce(profile, (counts) => openSession({ profile, region, counts }));

export interface RoleScope {
  readonly name: string;
  readonly roleArn: string;
  readonly externalId: string | undefined;
  /** Whose credentials assume the role. */
  readonly source: () => Promise<Session>;
  readonly program: string;
}

/** Assumed anew before the credentials end, which in an execd process is in a later round than this one. */
export const roleScope = ({ name, roleArn, externalId, source, program }: RoleScope): ScopeSource =>
  openOnce(name, async (counts) => {
    const base = { ...(await source()), counts };
    const role = { roleArn, externalId, sessionName: `stalewatch-${program}` };
    return withCredentials(base, () =>
      assumeRole({ client: stsClient(base), stop: AbortSignal.timeout(seconds(30)) }, role),
    );
  });

/** Which account credentials belong to never changes, so a scope asks once; a failed opening is tried again. */
function openOnce(name: string, openSession: (counts: CallCounts) => Promise<Session>): ScopeSource {
  const counts = noCalls();
  let opened: OpenScope | undefined;
  return {
    name,
    counts,
    async open(stop) {
      opened ??= await identify(name, await openSession(counts), stop);
      return opened;
    },
  };
}

async function identify(name: string, session: Session, stop: AbortSignal): Promise<OpenScope> {
  const { partition, accountId } = await getCallerIdentity({ client: stsClient(session), stop });
  return { session, scope: { partition, accountId, name, profile: session.profile } };
}

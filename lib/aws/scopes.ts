import { type CallCounts, noCalls } from "../core/call-counts.ts";
import type { Scope } from "../core/scope.ts";
import { seconds } from "../core/time.ts";
import { stsClient } from "./client/sts.ts";
import { assumeRole, getCallerIdentity } from "./read/sts.ts";
import { openSession, type Session, withCredentials } from "./session.ts";

/** A scope that can be opened, and stays open between execd rounds. */
export interface ScopeSource {
  readonly name: string;
  /** Where it is known without asking AWS. */
  readonly accountId: string | undefined;
  /** Counts on through all rounds. */
  readonly counts: CallCounts;
  open(stop: AbortSignal): Promise<OpenScope>;
  /** Has the next round open it anew: its credentials may have been rotated. */
  reopen(): void;
}

export interface OpenScope {
  readonly scope: Scope;
  readonly session: Session;
}

interface ProfileScope {
  readonly name: string;
  /** Absent: the SDK's own chain of credentials. */
  readonly profile?: string | undefined;
  readonly region: string | undefined;
}

export const profileScope = ({ name, profile, region }: ProfileScope): ScopeSource =>
  openOnce({ name, accountId: undefined }, (counts) => openSession({ profile, region, counts }));

interface RoleScope {
  readonly name: string;
  readonly accountId: string | undefined;
  /** An ARN, with its path if the role has one. */
  readonly roleArn: (partition: string) => string;
  readonly externalId: string | undefined;
  /** Whose credentials assume the role. */
  readonly base: Pick<ScopeSource, "open" | "reopen">;
  readonly program: string;
  /** What its calls count into; absent: a count of its own. */
  readonly counts?: CallCounts;
}

/** The role is assumed anew before its credentials end, which in an execd process is in a later round than this one. */
export const roleScope = ({ base, roleArn, externalId, program, ...named }: RoleScope): ScopeSource =>
  openOnce({ ...named, reopenBase: base.reopen }, async (counts, stop) => {
    const { scope, session } = await base.open(stop);
    const source = { ...session, counts };
    const role = { roleArn: roleArn(scope.partition), externalId, sessionName: `stalewatch-${program}` };
    return withCredentials(source, () =>
      assumeRole({ client: stsClient(source), stop: AbortSignal.timeout(seconds(30)) }, role),
    );
  });

type OpenSession = (counts: CallCounts, stop: AbortSignal) => Promise<Session>;

interface Opening extends Pick<ScopeSource, "name" | "accountId"> {
  readonly reopenBase?: () => void;
  readonly counts?: CallCounts;
}

/** Asks once which account its credentials belong to; a failed opening is tried again. */
function openOnce(opening: Opening, openSession: OpenSession): ScopeSource {
  const { name, accountId, reopenBase, counts = noCalls() } = opening;
  let opened: Promise<OpenScope> | undefined;
  return {
    ...{ name, accountId, counts },
    async open(stop) {
      opened ??= openSession(counts, stop).then((session) => identify(name, session, stop));
      try {
        return await opened;
      } catch (thrown) {
        opened = undefined;
        throw thrown;
      }
    },
    reopen() {
      opened = undefined;
      reopenBase?.();
    },
  };
}

async function identify(name: string, session: Session, stop: AbortSignal): Promise<OpenScope> {
  const { partition, accountId, arn } = await getCallerIdentity({ client: stsClient(session), stop });
  return { session, scope: { partition, accountId, name, profile: session.profile, callerArn: arn } };
}

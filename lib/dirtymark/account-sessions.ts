import { type OpenScope, roleScope, type ScopeSource } from "../aws/scopes.ts";
import type { ScanContext } from "../runtime/program.ts";

/** Sessions in the accounts whose instances are marked, by the role that each of them has for it. */
export interface AccountSessions {
  /** Of a role that can't be assumed it throws, and tries again when next asked. */
  open(accountId: string, stop: AbortSignal): Promise<OpenScope>;
}

interface SessionsRequest extends Pick<ScanContext<never>, "scope" | "session"> {
  readonly markRole: string;
  readonly externalId: string | undefined;
}

/** Calls count into the session's; credentials are renewed before they end. */
export function openAccountSessions({ scope, session, markRole, externalId }: SessionsRequest): AccountSessions {
  const base = { open: async () => ({ scope, session }), reopen: () => undefined };
  const sources = new Map<string, ScopeSource>();
  const sourceOf = (accountId: string): ScopeSource =>
    roleScope({
      ...{ name: accountId, accountId, externalId, base, program: "dirtymark", counts: session.counts },
      roleArn: (partition) => `arn:${partition}:iam::${accountId}:role/${markRole}`,
    });
  return {
    open(accountId, stop) {
      const source = sources.get(accountId) ?? sourceOf(accountId);
      sources.set(accountId, source);
      return source.open(stop);
    },
  };
}

import type { ProfileRole } from "../aws/read/instance-profiles.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import { type Millis, minutes } from "../core/time.ts";
import { openAskingLimit } from "./asking-limit.ts";
import type { RoleEvidence } from "./believe.ts";
import { trustsEc2Only } from "./trust-policy.ts";

/** The roles of instance profiles, account by account. */
export interface SenderRoles {
  /** Whose hosts sent a message then. Throws only once the run is stopped. */
  find(accountId: string, roleId: string, sentAt: Millis): Promise<RoleEvidence>;
}

interface SenderRolesRequest {
  readonly list: (accountId: string) => AsyncIterable<readonly ProfileRole[]>;
  readonly clock: () => Millis;
  readonly stop: AbortSignal;
}

/** A trust policy that was changed is believed no longer than this. */
const keptFor = minutes(15);

/** A role that is younger than the listing, or a listing that failed: asked for again, but not for every message. */
const askedAgainAfter = minutes(1);

/**
 * A host may claim to be of any account, and each would be asked: by one role's hosts only so many in a while. Where the role
 * is known to be, hosts that say the truth are not kept from it by others of theirs that don't.
 */
const accountsOfRole = { most: 3, within: minutes(1) } as const;

/** The oldest are forgotten first. */
const mostAccounts = 1000;

type Listing =
  | { readonly is: "read"; readonly at: Millis; readonly onlyEc2: ReadonlyMap<string, boolean> }
  /** Stopped, it says nothing about the account. */
  | { readonly is: "failed"; readonly at: Millis; readonly wasStopped: boolean; readonly evidence: RoleEvidence };

/**
 * All instance profiles of an account at once: ListInstanceProfiles answers a thousand of them a call, each with its role's id
 * and trust policy (IAM API reference, ListInstanceProfiles and InstanceProfile). GetInstanceProfile would be a call for
 * each host's profile, whose name no message says.
 */
export function openSenderRoles(request: SenderRolesRequest): SenderRoles {
  const listings = openListings(request);
  return {
    async find(accountId, roleId, sentAt) {
      const listing = await listings.find(accountId, roleId, sentAt);
      request.stop.throwIfAborted();
      if (listing.is === "failed") return listing.evidence;
      const onlyEc2 = listing.onlyEc2.get(roleId);
      return onlyEc2 === undefined ? { is: "unknown" } : { is: "found", onlyEc2 };
    },
  };
}

function openListings({ list, clock }: SenderRolesRequest) {
  const kept = new Map<string, Listing>();
  const underWay = new Map<string, Promise<Listing>>();
  const mayAsk = openAskingLimit({ ...accountsOfRole, clock });

  async function read(accountId: string): Promise<Listing> {
    const listing = await listRoles(list(accountId), clock);
    underWay.delete(accountId);
    if (listing.is === "failed" && listing.wasStopped) return listing;
    kept.delete(accountId);
    kept.set(accountId, listing);
    const [oldest] = kept.keys();
    if (kept.size > mostAccounts && oldest !== undefined) kept.delete(oldest);
    return listing;
  }

  return {
    /** Messages of one account that come together wait for one listing. */
    async find(accountId: string, roleId: string, sentAt: Millis): Promise<Listing> {
      const known = kept.get(accountId);
      if (known !== undefined && isGoodEnough(known, roleId, clock()))
        return tellsOf(known, roleId, sentAt)
          ? known
          : notYet(`role ${roleId} may be younger than what was read of account ${accountId}`, clock());
      const begun = underWay.get(accountId);
      if (begun !== undefined) return begun;
      if (!has(known, roleId) && !mayAsk(roleId))
        return notYet(`hosts of role ${roleId} claim to be of many accounts`, clock());
      const started = read(accountId);
      underWay.set(accountId, started);
      return started;
    },
  };
}

function isGoodEnough(listing: Listing, roleId: string, now: Millis): boolean {
  return now - listing.at < (has(listing, roleId) ? keptFor : askedAgainAfter);
}

/** That a role is not in it says nothing of who has sent later: the role may have been made in between. */
const tellsOf = (listing: Listing, roleId: string, sentAt: Millis): boolean =>
  listing.is === "failed" || has(listing, roleId) || sentAt <= listing.at;

const has = (listing: Listing | undefined, roleId: string): boolean =>
  listing?.is === "read" && listing.onlyEc2.has(roleId);

async function listRoles(pages: AsyncIterable<readonly ProfileRole[]>, clock: () => Millis): Promise<Listing> {
  const at = clock();
  const onlyEc2 = new Map<string, boolean>();
  try {
    for await (const page of pages) for (const { id, trustPolicy } of page) onlyEc2.set(id, trustsEc2Only(trustPolicy));
    return { is: "read", at, onlyEc2 };
  } catch (thrown) {
    const code = failureCodeOf(thrown);
    const evidence = { is: "unread", says: messageOf(thrown), isPassing: passing.includes(code) } as const;
    return { is: "failed", at, wasStopped: code === "stopped", evidence };
  }
}

const notYet = (says: string, at: Millis): Listing => ({
  ...{ is: "failed", at, wasStopped: false },
  evidence: { is: "unread", says, isPassing: true },
});

/** What is not allowed will not be so in a minute; the rest may be. */
const passing: readonly ReturnType<typeof failureCodeOf>[] = ["throttled", "unreachable", "expired", "stopped"];

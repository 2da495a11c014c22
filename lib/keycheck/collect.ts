import pLimit from "p-limit";
import type { CoverageNotes, Missing } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { AccessKey, CredentialReport, IamUser } from "../core/iam.ts";
import { lastUses } from "./last-use.ts";
import type { AccountRecord, UserRecord } from "./records.ts";

export interface KeycheckReads {
  listUsers(): AsyncIterable<readonly IamUser[]>;
  listAccessKeys(userName: string): Promise<readonly AccessKey[]>;
  readCredentialReport(): Promise<CredentialReport>;
  listPolicyUsers(policyArn: string): Promise<readonly string[]>;
  countServiceCredentials(): Promise<number>;
}

export interface Inventory {
  readonly users: AsyncIterable<UserRecord>;
  readonly account: Promise<AccountRecord>;
}

interface Collecting {
  /** Takes what can't be read. */
  readonly notes: CoverageNotes;
  readonly partition: string;
  /** Users whose keys are listed at once. */
  readonly concurrency: number;
}

/**
 * Reads every user's keys page by page, and what concerns the whole account beside them. A user that vanishes between
 * the listing and its keys is skipped; anything else that can't be read is noted as missing. Throws only where nothing
 * of any user could be read.
 */
export function collectKeys(reads: KeycheckReads, { notes, partition, concurrency }: Collecting): Inventory {
  const report = readOrNote(notes, "credential report", () => reads.readCredentialReport());
  const serviceCredentials = readOrNote(notes, "service-specific credentials", () => reads.countServiceCredentials());
  const quarantined = readOrNote(notes, "users under quarantine", () => listQuarantinedUsers(reads, partition));
  return {
    users: readUsers({ reads, concurrency, notes, report, quarantined }),
    account: Promise.all([report, serviceCredentials]).then(([report, serviceCredentials]) => ({
      report,
      serviceCredentials,
    })),
  };
}

/** AWS attaches one of these to a user whose key it finds published (AWSCompromisedKeyQuarantineV3, managed policies). */
const quarantinePolicies = [
  "AWSCompromisedKeyQuarantine",
  "AWSCompromisedKeyQuarantineV2",
  "AWSCompromisedKeyQuarantineV3",
];

async function listQuarantinedUsers(reads: KeycheckReads, partition: string): Promise<ReadonlySet<string>> {
  const listings = quarantinePolicies.map((name) => reads.listPolicyUsers(`arn:${partition}:iam::aws:policy/${name}`));
  return new Set((await Promise.all(listings)).flat());
}

interface UserReading {
  readonly reads: KeycheckReads;
  readonly concurrency: number;
  readonly notes: CoverageNotes;
  readonly report: Promise<CredentialReport | undefined>;
  readonly quarantined: Promise<ReadonlySet<string> | undefined>;
}

async function* readUsers(reading: UserReading): AsyncGenerator<UserRecord> {
  const { reads, notes } = reading;
  const limit = pLimit(reading.concurrency);
  const tally = { read: 0, failure: undefined as unknown };
  for await (const page of listedUsers(reads, notes)) {
    const listings = page.map((user) => limit(() => readKeys(reads, user)));
    for (const [index, user] of page.entries()) {
      const listing = await listings[index];
      if (listing?.keys !== undefined) {
        tally.read += 1;
        yield await recordOf(user, listing.keys, reading);
      } else if (listing?.failure !== undefined) {
        tally.failure ??= listing.failure;
        notes.note(missingUsers(`access keys of user "${user.name}"`, listing.failure));
      }
    }
  }
  if (tally.read === 0 && tally.failure !== undefined) throw tally.failure;
}

/** A listing that breaks off keeps what it has brought; one that never began is the scan's failure. */
async function* listedUsers(reads: KeycheckReads, notes: CoverageNotes): AsyncGenerator<readonly IamUser[]> {
  let listed = 0;
  try {
    for await (const page of reads.listUsers()) {
      listed += page.length;
      yield page;
    }
  } catch (thrown) {
    if (listed === 0) throw thrown;
    notes.noteFirst(missingUsers(`users after the first ${listed}`, thrown));
  }
}

interface KeyListing {
  readonly keys?: readonly AccessKey[];
  readonly failure?: unknown;
}

/** Never rejects: a page's listings run ahead of the one that is awaited. */
async function readKeys(reads: KeycheckReads, user: IamUser): Promise<KeyListing> {
  try {
    return { keys: await reads.listAccessKeys(user.name) };
  } catch (failure) {
    return failureCodeOf(failure) === "missing" ? {} : { failure };
  }
}

async function recordOf(user: IamUser, keys: readonly AccessKey[], reading: UserReading): Promise<UserRecord> {
  const [report, quarantined] = await Promise.all([reading.report, reading.quarantined]);
  const uses = lastUses({ user, keys, row: report?.rows.get(user.name), generatedAt: report?.generatedAt ?? 0 });
  return {
    name: user.name,
    keys: keys.map((key, index) => ({ ...key, lastUse: uses[index] ?? { known: false } })),
    quarantined: quarantined?.has(user.name),
  };
}

async function readOrNote<Value>(notes: CoverageNotes, what: string, read: () => Promise<Value>) {
  try {
    return await read();
  } catch (thrown) {
    notes.note({ ...missingOf(what, thrown), subjects: false });
    return undefined;
  }
}

const missingUsers = (what: string, thrown: unknown): Missing => ({ ...missingOf(what, thrown), subjects: true });

const missingOf = (what: string, thrown: unknown) => ({
  ...{ what, code: failureCodeOf(thrown), reason: messageOf(thrown) },
});

import pLimit from "p-limit";
import type { CoverageNotes, Missing } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { AccessKey, CredentialReport, IamUser, UserDetail } from "../core/iam.ts";
import type { Millis } from "../core/time.ts";
import type { KnownKeys } from "./choose-listings.ts";
import { pathOf } from "./kinds.ts";
import { lastUses } from "./last-use.ts";
import type { AccountRecord, UserRecord } from "./records.ts";

export interface KeycheckReads {
  listUsers(): AsyncIterable<readonly IamUser[]>;
  listAccessKeys(userName: string): Promise<readonly AccessKey[]>;
  readCredentialReport(): Promise<CredentialReport>;
  listPolicyUsers(policyArn: string): Promise<readonly string[]>;
  countServiceCredentials(): Promise<number>;
  /** Absent where no setting looks at groups or tags. */
  readonly listUserDetails?: (() => AsyncIterable<readonly UserDetail[]>) | undefined;
}

export interface Inventory {
  readonly users: AsyncIterable<UserRecord>;
  readonly account: Promise<AccountRecord>;
}

export interface Collecting {
  /** Takes what can't be read. */
  readonly notes: CoverageNotes;
  readonly partition: string;
  /** Users whose keys are listed at once. */
  readonly concurrency: number;
  readonly now: Millis;
}

/**
 * Reads every user's keys page by page, and what concerns the whole account beside them. A user that vanishes between
 * the listing and its keys is skipped; anything else that can't be read is noted as missing. Throws only where nothing
 * of any user could be read.
 */
export function collectKeys(reads: KeycheckReads, collecting: Collecting): Inventory {
  const reading = startReading(reads, collecting);
  return { users: readEveryUser(reading), account: reading.account };
}

/** A scan under way: what concerns the whole account is being read. */
export interface Reading extends Collecting {
  readonly reads: KeycheckReads;
  readonly report: Promise<CredentialReport | undefined>;
  readonly quarantined: Promise<ReadonlySet<string> | undefined>;
  /** By user name. */
  readonly details: Promise<ReadonlyMap<string, UserDetail> | undefined>;
  readonly account: Promise<AccountRecord>;
}

export function startReading(reads: KeycheckReads, collecting: Collecting): Reading {
  const { notes, partition } = collecting;
  const { listUserDetails } = reads;
  const details =
    listUserDetails && readOrNote(notes, "groups and tags of users", () => collectDetails(listUserDetails()));
  const report = readOrNote(notes, "credential report", () => reads.readCredentialReport());
  const serviceCredentials = readOrNote(notes, "service-specific credentials", () => reads.countServiceCredentials());
  const quarantined = readOrNote(notes, "users under quarantine", () => listQuarantinedUsers(reads, partition));
  return {
    ...{ ...collecting, reads, report, quarantined, details: details ?? Promise.resolve(undefined) },
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

async function collectDetails(pages: AsyncIterable<readonly UserDetail[]>): Promise<ReadonlyMap<string, UserDetail>> {
  const details = new Map<string, UserDetail>();
  for await (const page of pages) for (const user of page) details.set(user.name, user);
  return details;
}

/** @param listKeys never rejects: listings run ahead of the one that is awaited */
export async function* readEveryUser(
  reading: Reading,
  listKeys = (user: IamUser) => readKeys(reading.reads, user),
): AsyncGenerator<UserRecord> {
  const { reads, notes, now } = reading;
  const limit = pLimit(reading.concurrency);
  const tally = { read: 0, failure: undefined as unknown };
  for await (const page of listedUsers(reads, notes)) {
    const listings = page.map((user) => limit(() => listKeys(user)));
    for (const [index, user] of page.entries()) {
      const listing = await listings[index];
      if (listing?.keys !== undefined) {
        tally.read += 1;
        yield await recordOf(user, { keys: listing.keys, listedAt: now, confirmedAt: now }, reading);
      } else if (listing?.failure !== undefined) {
        tally.failure ??= listing.failure;
        notes.note(missingKeys(user, listing.failure));
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

/** Neither for a user that vanished. */
export interface KeyListing {
  readonly keys?: readonly AccessKey[];
  readonly failure?: unknown;
}

export async function readKeys(reads: KeycheckReads, user: IamUser): Promise<KeyListing> {
  try {
    return { keys: await reads.listAccessKeys(user.name) };
  } catch (failure) {
    return failureCodeOf(failure) === "missing" ? {} : { failure };
  }
}

export async function recordOf(user: IamUser, known: KnownKeys, reading: Reading): Promise<UserRecord> {
  const { keys, listedAt, confirmedAt } = known;
  const [report, quarantined, details] = await Promise.all([reading.report, reading.quarantined, reading.details]);
  const { groups, tags } = details?.get(user.name) ?? {};
  const uses = lastUses({ user, keys, row: report?.rows.get(user.name), generatedAt: report?.generatedAt ?? 0 });
  return {
    ...{ name: user.name, path: pathOf(user.arn), groups, tags, listedAt, confirmedAt },
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

export const missingKeys = ({ name }: IamUser, thrown: unknown): Missing =>
  missingUsers(`access keys of user "${name}"`, thrown);

export const missingUsers = (what: string, thrown: unknown): Missing => ({
  ...missingOf(what, thrown),
  subjects: true,
});

const missingOf = (what: string, thrown: unknown) => ({
  ...{ what, code: failureCodeOf(thrown), reason: messageOf(thrown) },
});

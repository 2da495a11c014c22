import pLimit, { type LimitFunction } from "p-limit";
import type { CredentialReport, IamUser } from "../core/iam.ts";
import { type Candidate, type Choice, chooseByUsers, inOrder, judgeMemory, neverListed } from "./choose-listings.ts";
import {
  type Collecting,
  type Inventory,
  type KeycheckReads,
  type KeyListing,
  missingKeys,
  missingUsers,
  type Reading,
  readEveryUser,
  readKeys,
  recordOf,
  startReading,
} from "./collect.ts";
import type { UserMemory } from "./memory.ts";
import type { Recall } from "./recall.ts";
import type { UserRecord } from "./records.ts";

export interface Remembering {
  readonly recall: Recall;
  /** The setting `fresh`: nothing remembered stands in for what can be read; it is only renewed. */
  readonly fresh: boolean;
  /** Whether something is to be done about a key of the user, which asks for newer evidence than a report's. */
  readonly mustList: (user: UserRecord) => boolean;
}

/**
 * Reads the keys of those users only of whom something may have changed since they were remembered, and remembers each
 * listing as it comes, so that a scan cut short leaves the next one less to do. Where nothing is remembered yet, or no
 * report is to be had, everybody is listed.
 */
export function collectWarm(reads: KeycheckReads, collecting: Collecting & Remembering): Inventory {
  const reading = { ...startReading(reads, collecting), ...collecting };
  return { users: readUsers(reading), account: reading.account };
}

type WarmReading = Reading & Remembering;

async function* readUsers(reading: WarmReading): AsyncGenerator<UserRecord> {
  try {
    yield* readAsRemembered(reading);
  } finally {
    await reading.recall.settle();
  }
}

/** A report lacks those made after it, up to 4 h of them: the first picture of an account is IAM's own listing. */
async function* readAsRemembered(reading: WarmReading): AsyncGenerator<UserRecord> {
  const { recall, fresh } = reading;
  const batches = recall.read();
  const first = fresh ? [...(await gather(batches)).values()] : (await batches.next()).value;
  if (fresh || first === undefined) {
    yield* readEveryUser(reading, (user) => listKeys({ user, sighting: undefined }, reading));
    return;
  }
  const memories = startingWith(first, batches);
  const report = await reading.report;
  if (report === undefined) yield* readWithoutReport(reading, await gather(memories));
  else yield* readByReport(reading, report, memories);
}

type Batches = AsyncIterable<readonly UserMemory[]>;

async function* startingWith(first: readonly UserMemory[], rest: Batches): Batches {
  yield first;
  yield* rest;
}

async function* flatten(batches: Batches): AsyncGenerator<UserMemory> {
  for await (const batch of batches) yield* batch;
}

async function gather(batches: Batches): Promise<ReadonlyMap<string, UserMemory>> {
  const memories = new Map<string, UserMemory>();
  for await (const memory of flatten(batches)) memories.set(memory.name, memory);
  return memories;
}

/** Those that need no listing come first, each as it is remembered. */
async function* readByReport(reading: WarmReading, report: CredentialReport, batches: Batches) {
  const { recall, now } = reading;
  const remembered = new Set<string>();
  const needed: Candidate[] = [];
  let read = 0;
  for await (const memory of flatten(batches)) {
    remembered.add(memory.name);
    const candidate = judgeMemory(memory, { report, now });
    if (candidate === undefined) {
      recall.forget(memory.name);
      continue;
    }
    const record = await recordKnown(candidate, reading);
    const judged = withDue(candidate, record, reading);
    if (judged.reason !== undefined) needed.push(judged);
    else if (record !== undefined) {
      read += 1;
      yield record;
    }
  }
  const vanished = yield* readNeeded([...needed, ...neverListed(report, remembered)], { ...reading, read });
  if (vanished === 0) return;
  const known = new Set([...remembered, ...report.rows.keys()]);
  yield* readNeeded(await listUnknown(reading, report, known), { ...reading, read: read + vanished });
}

/** Who is gone by a name that a report still has may have another one now, which no report has for up to 4 h. */
async function listUnknown(
  { reads, notes }: Reading,
  { generatedAt }: CredentialReport,
  known: ReadonlySet<string>,
): Promise<readonly Candidate[]> {
  const users: IamUser[] = [];
  try {
    for await (const page of reads.listUsers()) users.push(...page.filter(({ name }) => !known.has(name)));
  } catch (thrown) {
    notes.noteFirst(missingUsers("users renamed since the credential report", thrown));
  }
  return users.map((user) => ({
    ...{ user, known: undefined, reason: "never" },
    sighting: { generatedAt, row: undefined },
  }));
}

async function* readWithoutReport(reading: WarmReading, memories: ReadonlyMap<string, UserMemory>) {
  const { candidates, gone } = await chooseAmongUsers(reading, memories);
  for (const name of gone) reading.recall.forget(name);
  const needed: Candidate[] = [];
  for (const candidate of candidates) needed.push(withDue(candidate, await recordKnown(candidate, reading), reading));
  yield* readNeeded(needed, { ...reading, read: 0 });
}

async function chooseAmongUsers({ reads, notes }: Reading, memories: ReadonlyMap<string, UserMemory>): Promise<Choice> {
  const users: IamUser[] = [];
  try {
    for await (const page of reads.listUsers()) users.push(...page);
    return chooseByUsers({ users, isWhole: true }, memories);
  } catch (thrown) {
    notes.noteFirst(missingUsers(users.length === 0 ? "users" : `users after the first ${users.length}`, thrown));
    return chooseByUsers({ users, isWhole: false }, memories);
  }
}

const recordKnown = async ({ user, known }: Candidate, reading: Reading): Promise<UserRecord | undefined> =>
  known === undefined ? undefined : recordOf(user, known, reading);

const withDue = (candidate: Candidate, record: UserRecord | undefined, { mustList }: Remembering): Candidate =>
  record !== undefined && candidate.reason !== "changed" && mustList(record)
    ? { ...candidate, reason: "due" }
    : candidate;

/** As many as a page of users: each that waits for its turn takes memory. */
const mostAhead = 1000;

/** Says how many were gone. Throws where nobody was or could be read. */
async function* readNeeded(
  candidates: readonly Candidate[],
  reading: WarmReading & { readonly read: number },
): AsyncGenerator<UserRecord, number> {
  const limit = pLimit(reading.concurrency);
  const needed = inOrder(candidates);
  const begin = (candidate: Candidate) => readListed(candidate, { ...reading, limit });
  const ahead = needed.slice(0, mostAhead).map(begin);
  const tally = { read: reading.read, gone: 0, failure: undefined as unknown };
  for (const index of needed.keys()) {
    const { record, failure } = (await ahead.shift()) ?? {};
    ahead.push(...needed.slice(index + mostAhead, index + mostAhead + 1).map(begin));
    tally.failure ??= failure;
    if (record === undefined) {
      if (failure === undefined) tally.gone += 1;
      continue;
    }
    tally.read += 1;
    yield record;
  }
  if (tally.read === 0 && tally.failure !== undefined) throw tally.failure;
  return tally.gone;
}

/** Neither for a user that is gone. */
interface Listed {
  readonly record?: UserRecord | undefined;
  readonly failure?: unknown;
}

/** Never rejects: listings run ahead of the one that is awaited. What is known stands in for a listing that fails. */
async function readListed(
  candidate: Candidate,
  reading: WarmReading & { readonly limit: LimitFunction },
): Promise<Listed> {
  const { user, reason } = candidate;
  const { notes, now } = reading;
  const { keys, failure } = await reading.limit(() => listKeys(candidate, reading));
  if (keys !== undefined) return { record: await recordOf(user, { keys, listedAt: now, confirmedAt: now }, reading) };
  if (failure === undefined) return {};
  const subjects = reason === "never" || reason === "changed";
  notes.note({ ...missingKeys(user, failure), subjects });
  return { record: await recordKnown(candidate, reading), failure };
}

/** Lists one user's keys and remembers them, or forgets a user that vanished. */
async function listKeys({ user, sighting }: Pick<Candidate, "user" | "sighting">, reading: WarmReading) {
  const { reads, recall, now } = reading;
  const listing: KeyListing = await readKeys(reads, user);
  if (listing.keys !== undefined) recall.remember({ ...user, keys: listing.keys, listedAt: now, sighting });
  else if (listing.failure === undefined) recall.forget(user.name);
  return listing;
}

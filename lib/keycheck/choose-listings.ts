import { hashText } from "../core/hash.ts";
import type { AccessKey, CredentialReport, IamUser, ReportRow } from "../core/iam.ts";
import { days, hours, type Millis } from "../core/time.ts";
import { fitsExactly, isWhole, readingsOf } from "./key-slots.ts";
import type { SeenRow, Sighting, UserMemory } from "./memory.ts";

/** Why a user's keys are to be listed. */
export type Reason = "never" | "changed" | "due" | "old";

/** What can be printed of a user without listing its keys again. */
export interface KnownKeys {
  readonly keys: readonly AccessKey[];
  readonly listedAt: Millis;
  /** When IAM last said so: by the listing, or by a report that agrees with it. */
  readonly confirmedAt: Millis;
}

export interface Candidate {
  readonly user: IamUser;
  readonly known: KnownKeys | undefined;
  /** Absent where what is known will do. */
  readonly reason: Reason | undefined;
  /** What a listing is to be remembered with. */
  readonly sighting: Sighting | undefined;
}

/** What a remembered user is held against. */
export interface Evidence {
  readonly report: CredentialReport;
  readonly now: Millis;
}

/**
 * What to do about a remembered user as the credential report knows it; undefined where it is gone. A user that the
 * report lacks is gone if the report was made after one that the user was listed with; by clocks of two machines that
 * could not be told.
 */
export function judgeMemory(memory: UserMemory, evidence: Evidence): Candidate | undefined {
  const { generatedAt, rows } = evidence.report;
  const row = rows.get(memory.name);
  if (row !== undefined) return judgeReported(memory, row, evidence);
  const isGone = memory.sighting !== undefined && generatedAt > memory.sighting.generatedAt;
  return isGone ? undefined : judgeUnreported(memory, evidence);
}

/** Users of the report of whom nothing is remembered. */
export const neverListed = (report: CredentialReport, remembered: ReadonlySet<string>): readonly Candidate[] =>
  [...report.rows.values()].filter(({ user }) => !remembered.has(user)).map((row) => candidateOf(row, report));

export interface Choice {
  readonly candidates: readonly Candidate[];
  /** Remembered users that the account no longer has. */
  readonly gone: readonly string[];
}

/** The account's users as IAM lists them: all are listed anew, and what is remembered stands in for those that can't be. */
export function chooseByUsers(listed: ListedUsers, memories: ReadonlyMap<string, UserMemory>): Choice {
  const names = new Set(listed.users.map(({ name }) => name));
  const unlisted = [...memories.values()].filter(({ name }) => !names.has(name));
  return {
    candidates: [
      ...listed.users.map((user) => judgeListed(user, memories.get(user.name))),
      ...(listed.isWhole ? [] : unlisted.map((memory) => judgeListed(memory, memory))),
    ],
    gone: listed.isWhole ? unlisted.map(({ name }) => name) : [],
  };
}

export interface ListedUsers {
  readonly users: readonly IamUser[];
  /** Nothing is missing: who is not among them is no user of the account. */
  readonly isWhole: boolean;
}

/** Those to be listed: the most urgent first, of equals those that were listed longest ago. */
export const inOrder = <One extends Candidate>(candidates: readonly One[]): readonly One[] =>
  candidates
    .filter(({ reason }) => reason !== undefined)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.known?.listedAt ?? 0) - (b.known?.listedAt ?? 0));

const byUrgency: readonly Candidate["reason"][] = ["never", "changed", "due", "old"];
const rankOf = ({ reason }: Candidate): number => byUrgency.indexOf(reason);

const candidateOf = (row: ReportRow, { generatedAt }: CredentialReport): Candidate => ({
  user: { name: row.user, arn: row.arn, createdAt: row.createdAt ?? 0 },
  known: undefined,
  reason: "never",
  sighting: { generatedAt, row },
});

function judgeReported(memory: UserMemory, row: ReportRow, { report, now }: Evidence): Candidate {
  const candidate = candidateOf(row, report);
  if (!isSameUser(memory, candidate.user)) return candidate;
  const { generatedAt } = report;
  const standing = compare(memory, row);
  const isNews = memory.sighting === undefined || generatedAt > memory.sighting.generatedAt;
  const confirmedAt = standing === "confirmed" ? Math.max(memory.listedAt, generatedAt) : memory.listedAt;
  const reason = isNews && standing === "changed" ? "changed" : reasonByAge(memory, lifetimes[standing], now);
  return { ...candidate, known: { ...memory, confirmedAt }, reason };
}

/** Made after the report, or listed when there was none. */
function judgeUnreported(memory: UserMemory, { report: { generatedAt }, now }: Evidence): Candidate {
  return {
    user: memory,
    known: { ...memory, confirmedAt: memory.listedAt },
    reason: memory.sighting === undefined ? "changed" : reasonByAge(memory, lifetimes.unclear, now),
    sighting: { generatedAt, row: undefined },
  };
}

function judgeListed(user: IamUser, memory: UserMemory | undefined): Candidate {
  if (memory === undefined || !isSameUser(memory, user))
    return { user, known: undefined, reason: "never", sighting: undefined };
  return { user, known: { ...memory, confirmedAt: memory.listedAt }, reason: "old", sighting: undefined };
}

/** A user made anew under the same name has nothing of the old one's; the report does not know IAM's unique ids. */
const isSameUser = (memory: IamUser, user: IamUser): boolean =>
  memory.arn === user.arn && memory.createdAt === user.createdAt;

type Standing = "confirmed" | "unclear" | "changed";

/**
 * What a row says of the keys that are remembered. It confirms them, Inactive ones too, where each sits in a slot with a
 * date of its own: a later key has a later date, a change of a key only ever moves its date on, and a key that is
 * deleted takes its slot's date away. So a date that stands tells that its key does, and the flag beside it is its
 * state. AWS documents that an inactive key may have no date (reports do give it): such a one is unclear, as are keys
 * beyond the two slots, and two made in one second of which one is off.
 */
function compare({ keys, sighting }: UserMemory, row: ReportRow): Standing {
  const isAsSeen = sighting?.row !== undefined && isSameRow(sighting.row, row);
  if (keys.length > row.slots.length || row.additionalCredentials !== undefined)
    return isAsSeen ? "unclear" : "changed";
  const readings = readingsOf(keys, row.slots).filter((reading) => isWhole(reading, row.slots));
  const exact = readings.filter((reading) => reading.every(fitsExactly));
  if (exact.length === 0 && !(isAsSeen && readings.length > 0)) return "changed";
  const isDated = readings.some((reading) => reading.every(([, slot]) => slot.lastRotatedAt !== undefined));
  return isDated && !hasTwins(keys) ? "confirmed" : "unclear";
}

const isSameRow = (seen: SeenRow, row: SeenRow): boolean =>
  seen.additionalCredentials === row.additionalCredentials &&
  seen.slots.every(({ active, lastRotatedAt }, index) => {
    const slot = row.slots[index];
    return slot?.active === active && slot.lastRotatedAt === lastRotatedAt;
  });

/** Were both switched over, the report would look the same. */
const hasTwins = (keys: readonly AccessKey[]): boolean =>
  keys.some((key) => keys.some((other) => other.createdAt === key.createdAt && other.active !== key.active));

/** Reports are made anew every 4 h at most: what they leave unclear need not be known sooner than what they tell. */
const lifetimes: Readonly<Record<Standing, Millis>> = { confirmed: days(7), unclear: hours(4), changed: hours(4) };

/** Each user at its own moment of the second half, so that those listed in one run do not all fall due in one. */
function reasonByAge({ name, listedAt }: UserMemory, lifetime: Millis, now: Millis): Reason | undefined {
  const age = now - listedAt;
  // A clock that was that far ahead when it was listed would have it hold for too long.
  const isOld = age < -days(1) || age >= (lifetime * (1 + (hashText(name) % 1000) / 1000)) / 2;
  return isOld ? "old" : undefined;
}

import { type Exemption, findExemption } from "../act/exemptions.ts";
import type { ReportRow } from "../core/iam.ts";
import { type Millis, wholeDays } from "../core/time.ts";
import type { KeyPolicy } from "./kinds.ts";
import type { KeyRecord, LastUse, UserRecord } from "./records.ts";

export type AgeStatus = "ok" | "expiring" | "expired" | "undated";
export type KeyStatus = AgeStatus | "disabled";

export interface KeyFinding {
  readonly user: string;
  /** With its whole id, which is never printed; absent where only the report's slot is known. */
  readonly key: KeyRecord | undefined;
  /** What it was judged by. */
  readonly policy: KeyPolicy;
  /** The key id's last five characters, all that is ever printed of it; absent where only the report's slot is known. */
  readonly keySuffix: string | undefined;
  /** The report's slot, or the order by age of two keys of one user that share their last five. */
  readonly keySlot: number | undefined;
  readonly active: boolean;
  readonly status: KeyStatus;
  /** The status by age alone: what `disabled` hides. */
  readonly ageStatus: AgeStatus;
  readonly ageDays: number | undefined;
  /** Whole days left, negative when past; absent for an inactive key, which can't expire any more. */
  readonly expiresInDays: number | undefined;
  /** Absent when never used, or not known. */
  readonly lastUsedDays: number | undefined;
  /** Absent when it is not known whether the key was used. */
  readonly unused: boolean | undefined;
  /** Absent when not known. */
  readonly quarantined: boolean | undefined;
  /** Left alone by somebody's word; judged and counted like any other. */
  readonly exempt: boolean;
}

/** By what one user's keys are judged. */
export interface Judging {
  readonly policy: KeyPolicy;
  readonly exemptions: readonly Exemption[];
  readonly now: Millis;
}

interface JudgedKey extends Pick<KeyFinding, "user" | "key" | "keySuffix" | "keySlot" | "active" | "quarantined"> {
  readonly createdAt: Millis | undefined;
  readonly lastUse: LastUse;
}

export function assessUser(record: UserRecord, judging: Judging): readonly KeyFinding[] {
  const slots = collidingSlots(record.keys);
  return record.keys.map((key) =>
    assessKey(
      {
        ...{ user: record.name, key },
        keySuffix: suffixOf(key),
        keySlot: slots.get(key),
        active: key.active,
        createdAt: key.createdAt,
        lastUse: key.lastUse,
        quarantined: record.quarantined,
      },
      judging,
    ),
  );
}

/** The keys of one row of the credential report, whose dates say when a key was created **or last changed**. */
export const assessSlots = (row: ReportRow, judging: Judging): readonly KeyFinding[] =>
  row.slots.flatMap((slot, index) =>
    slot.active || slot.lastRotatedAt !== undefined
      ? assessKey(
          {
            ...{ user: row.user, key: undefined, keySuffix: undefined, keySlot: index + 1 },
            active: slot.active,
            createdAt: slot.lastRotatedAt,
            lastUse: { known: true, at: slot.lastUsedAt },
            quarantined: undefined,
          },
          judging,
        )
      : [],
  );

/** An Inactive key is `disabled` whatever its age; the age of any other decides. */
function assessKey({ createdAt, lastUse, ...judged }: JudgedKey, { policy, exemptions, now }: Judging): KeyFinding {
  const ageStatus = createdAt === undefined ? "undated" : statusByAge(now - createdAt, policy);
  const lastUsedAt = lastUse.known ? lastUse.at : undefined;
  const idleSince = lastUsedAt ?? createdAt;
  return {
    ...{ ...judged, policy },
    status: judged.active ? ageStatus : "disabled",
    ageStatus,
    ageDays: createdAt === undefined ? undefined : daysSince(createdAt, now),
    expiresInDays: createdAt === undefined || !judged.active ? undefined : wholeDays(now, createdAt + policy.expireAge),
    lastUsedDays: lastUsedAt === undefined ? undefined : daysSince(lastUsedAt, now),
    unused: lastUse.known && idleSince !== undefined ? now - idleSince >= policy.unusedAge : undefined,
    exempt: findExemption(exemptions, namesOf(judged), now) !== undefined,
  };
}

/** What exemptions may name; a slot of the report has no key id. */
const namesOf = ({ user, key }: JudgedNames): readonly string[] => (key === undefined ? [user] : [user, key.id]);

type JudgedNames = Pick<KeyFinding, "user" | "key">;

/** Keys are made and used while a scan runs, and by a clock that is not ours: today, not a day to come. */
const daysSince = (at: Millis, now: Millis): number => Math.max(0, wholeDays(at, now));

function statusByAge(age: Millis, { expireAge, warnBefore }: KeyPolicy): AgeStatus {
  if (age >= expireAge) return "expired";
  return age >= expireAge - warnBefore ? "expiring" : "ok";
}

const suffixOf = (key: KeyRecord): string => key.id.slice(-5);

function collidingSlots(keys: readonly KeyRecord[]): ReadonlyMap<KeyRecord, number> {
  const colliding = keys.filter((key) => keys.some((other) => other !== key && suffixOf(other) === suffixOf(key)));
  const byAge = colliding.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return new Map(byAge.map((key, index) => [key, index + 1]));
}

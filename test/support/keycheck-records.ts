import type { AccessKey, IamUser, ReportRow, ReportSlot } from "../../lib/core/iam.ts";
import { days, parseInstant } from "../../lib/core/time.ts";
import type { KeyFinding } from "../../lib/keycheck/assess.ts";
import type { KeyRecord, UserRecord } from "../../lib/keycheck/records.ts";
import type { KeycheckSettings } from "../../lib/keycheck/settings.ts";

export function at(text: string): number {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`not an instant: ${text}`);
  return instant;
}

export const now = at("2026-03-01T12:00:00Z");

export const someSettings = (changes: Partial<KeycheckSettings> = {}): KeycheckSettings => ({
  expireAge: days(180),
  warnBefore: days(15),
  unusedAge: days(45),
  accountTag: undefined,
  legacyStatus: false,
  at: undefined,
  fromReport: false,
  reportWait: 0,
  ...changes,
});

export const aKey = (changes: Partial<KeyRecord> = {}): KeyRecord => ({
  id: "AKIAEXAMPLEEXAM3X7QZ",
  active: true,
  createdAt: now - days(10),
  lastUse: { known: false },
  ...changes,
});

export const aUser = (changes: Partial<UserRecord> = {}): UserRecord => ({
  name: "ada",
  keys: [aKey()],
  quarantined: false,
  ...changes,
});

export const aListedUser = (changes: Partial<IamUser> = {}): IamUser => ({
  name: "ada",
  arn: "arn:aws:iam::123456789012:user/ada",
  createdAt: now - days(400),
  ...changes,
});

export const aListedKey = (changes: Partial<AccessKey> = {}): AccessKey => ({
  id: "AKIAEXAMPLEEXAM3X7QZ",
  active: true,
  createdAt: now - days(10),
  ...changes,
});

export const aSlot = (changes: Partial<ReportSlot> = {}): ReportSlot => ({
  active: false,
  lastRotatedAt: undefined,
  lastUsedAt: undefined,
  ...changes,
});

export const aRow = (changes: Partial<ReportRow> = {}): ReportRow => ({
  user: "ada",
  arn: "arn:aws:iam::123456789012:user/ada",
  createdAt: now - days(400),
  slots: [aSlot(), aSlot()],
  ...changes,
});

export const aFinding = (changes: Partial<KeyFinding> = {}): KeyFinding => ({
  user: "ada",
  keySuffix: "3X7QZ",
  keySlot: undefined,
  active: true,
  status: "ok",
  ageStatus: "ok",
  ageDays: 10,
  expiresInDays: 170,
  lastUsedDays: undefined,
  unused: undefined,
  quarantined: undefined,
  ...changes,
});

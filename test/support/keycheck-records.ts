import type { Exemption } from "../../lib/act/exemptions.ts";
import type { AccessKey, IamUser, ReportRow, ReportSlot } from "../../lib/core/iam.ts";
import { days, parseInstant } from "../../lib/core/time.ts";
import type { KeyFinding } from "../../lib/keycheck/assess.ts";
import type { KeyPolicy } from "../../lib/keycheck/kinds.ts";
import type { UserMemory } from "../../lib/keycheck/memory.ts";
import type { KeyRecord, UserRecord } from "../../lib/keycheck/records.ts";
import { type KeycheckSettings, keycheckSettings } from "../../lib/keycheck/settings.ts";
import { settingsFromYaml } from "./settings-from-yaml.ts";

export function at(text: string): number {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`not an instant: ${text}`);
  return instant;
}

export const now = at("2026-03-01T12:00:00Z");

const defaults = settingsFromYaml(keycheckSettings, {});

export const someSettings = (changes: Partial<KeycheckSettings> = {}): KeycheckSettings => ({
  ...defaults,
  ...changes,
});

export const aPolicy = (changes: Partial<KeyPolicy> = {}): KeyPolicy => ({
  kind: "machine",
  expireAge: days(180),
  warnBefore: days(15),
  unusedAge: days(45),
  disableAfter: days(14),
  mayDisable: false,
  ...changes,
});

export const anExemption = (changes: Partial<Exemption> = {}): Exemption => ({
  names: "ada",
  reason: "its vendor knows no second key",
  owner: "grace",
  until: now + days(30),
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
  path: "/",
  keys: [aKey()],
  listedAt: now,
  confirmedAt: now,
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
  additionalCredentials: undefined,
  ...changes,
});

export const aMemory = (changes: Partial<UserMemory> = {}): UserMemory => ({
  ...aListedUser(),
  keys: [aListedKey()],
  listedAt: now - days(1),
  sighting: undefined,
  ...changes,
});

export const aFinding = (changes: Partial<KeyFinding> = {}): KeyFinding => ({
  user: "ada",
  key: aKey(),
  policy: aPolicy(),
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
  exempt: false,
  ...changes,
});

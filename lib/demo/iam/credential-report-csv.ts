import { formatInstant, type Millis } from "../../core/time.ts";
import { compareText } from "../directory.ts";
import { type AccessKey, type Account, type User, userArn } from "../state.ts";
import { keysInOrder } from "./access-keys.ts";

const keySlots = [1, 2] as const;

const columns: readonly string[] = [
  "user",
  "arn",
  "user_creation_time",
  "password_enabled",
  "password_last_used",
  "password_last_changed",
  "password_next_rotation",
  "mfa_active",
  ...keySlots.flatMap((slot) =>
    ["active", "last_rotated", "last_used_date", "last_used_region", "last_used_service"].map(
      (column) => `access_key_${slot}_${column}`,
    ),
  ),
  "cert_1_active",
  "cert_1_last_rotated",
  "cert_2_active",
  "cert_2_last_rotated",
];

const additionalColumn = "additional_credentials_info";

/** The report's text: root first, users by name whatever the case, lines ended by LF except the last. */
export function formatCredentialReport(account: Account): string {
  const { hasAdditionalCredentialsColumn, zone, quotesFields } = account.report;
  const format: InstantFormat = (at) => formatInstant(at).replace("Z", zone);
  const rows = [rootRow(account, format), ...usersByName(account).map((user) => userRow(account, user, format))];
  const header = [...columns, additionalColumn];
  const width = hasAdditionalCredentialsColumn ? header.length : columns.length;
  const formatField = quotesFields ? quoteField : (field: string): string => field;
  return [header, ...rows].map((row) => row.slice(0, width).map(formatField).join(",")).join("\n");
}

const usersByName = (account: Account): readonly User[] =>
  account.users
    .list()
    .map((user) => ({ user, name: user.name.toLowerCase() }))
    .sort((a, b) => compareText(a.name, b.name))
    .map(({ user }) => user);

type InstantFormat = (at: Millis) => string;

const rootRow = ({ id, partition, root }: Account, format: InstantFormat): readonly string[] => [
  "<root_account>",
  `arn:${partition}:iam::${id}:root`,
  format(root.createdAt),
  "not_supported",
  root.passwordLastUsed === undefined ? "no_information" : format(root.passwordLastUsed),
  "not_supported",
  "not_supported",
  String(root.hasMfa),
  ...keyFields(root.keys, format),
];

const userRow = (account: Account, user: User, format: InstantFormat): readonly string[] => [
  user.name,
  userArn(account, user),
  format(user.createdAt),
  ...passwordFields(user, format),
  String(user.hasMfa),
  ...keyFields(user.keys, format),
];

function passwordFields({ password }: User, format: InstantFormat): readonly string[] {
  if (password === undefined) return ["false", "N/A", "N/A", "N/A"];
  const { lastUsedAt, changedAt } = password;
  return ["true", lastUsedAt === undefined ? "no_information" : format(lastUsedAt), format(changedAt), "N/A"];
}

/** Both key slots, two certificates nobody has, and what the slots have no room for. */
function keyFields(keys: readonly AccessKey[], format: InstantFormat): readonly string[] {
  const [first, second] = keysInOrder(keys);
  const noCertificates = ["false", "N/A", "false", "N/A"];
  return [...slotFields(first, format), ...slotFields(second, format), ...noCertificates, additionalInfo(keys)];
}

function slotFields(key: AccessKey | undefined, format: InstantFormat): readonly string[] {
  if (key === undefined) return ["false", "N/A", "N/A", "N/A", "N/A"];
  const { status, reportedRotation = key.createdAt, lastUsed } = key;
  return [
    String(status === "Active"),
    reportedRotation === "N/A" ? "N/A" : format(reportedRotation),
    ...(lastUsed ? [format(lastUsed.at), lastUsed.region, lastUsed.service] : ["N/A", "N/A", "N/A"]),
  ];
}

/** AWS documents the meaning, not the words. */
function additionalInfo(keys: readonly AccessKey[]): string {
  const more = keys.length - keySlots.length;
  return more > 0 ? `${more} additional access keys. Use ListAccessKeys to list them.` : "N/A";
}

/** User names may hold commas, paths commas and quotes. */
const quoteField = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

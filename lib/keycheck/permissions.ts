import { credentialReportActions } from "../aws/read/credential-report.ts";
import { iamActActions, iamReadActions, iamUserActions } from "../aws/read/iam.ts";
import { iamWriteActions } from "../aws/write-actions.ts";
import { jiraSecrets } from "../settings/jira-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import { needsUserDetails } from "./kinds.ts";
import type { KeycheckSettings } from "./settings.ts";

const observe = [...Object.values(iamReadActions), ...credentialReportActions];
const notify = [...observe, iamUserActions.listUserTags];
const commit = [...notify, ...Object.values(iamActActions), ...Object.values(iamWriteActions)];

/** The IAM actions that keycheck calls, by mode: the least-privilege policy is this list. */
export const keycheckPermissions = {
  observe: observe.sort(),
  notify: notify.sort(),
  commit: commit.sort(),
} as const;

/** Called only where rules of `kinds` look at groups or tags. */
export const keycheckDetailPermissions = [iamUserActions.listUserDetails] as const;

/** What a run calls in each account. */
export const keycheckActions = (
  mode: keyof typeof keycheckPermissions,
  settings: Pick<KeycheckSettings, "kinds">,
): readonly string[] =>
  [...keycheckPermissions[mode], ...(needsUserDetails(settings) ? keycheckDetailPermissions : [])].sort();

/** What is read to tell people; where nobody is told, nothing. */
export function keycheckSecrets(
  mode: keyof typeof keycheckPermissions,
  settings: KeycheckSettings,
): readonly SecretSource[] {
  if (mode === "observe") return [];
  const { email, token } = jiraSecrets(settings);
  const asked = [
    settings.sendSlack ? (settings.slackToken ?? settings.slackTokenCredstash) : undefined,
    ...(settings.createJira ? [settings.jiraAuth === "basic" ? email : undefined, token] : []),
  ];
  return asked.filter((source) => source !== undefined);
}

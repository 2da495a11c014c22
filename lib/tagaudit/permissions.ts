import { iamReadActions } from "../aws/read/iam.ts";
import {
  cloudTrailReadActions,
  ec2ActActions,
  ec2ReadActions,
  identityCenterReadActions,
} from "../aws/read-actions.ts";
import { ec2WriteActions } from "../aws/write-actions.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import { needsIdentityCenter, needsUsers } from "./known-users.ts";
import type { Scheme } from "./scheme.ts";
import type { TagauditSettings } from "./settings.ts";

const { createTags, modifyInstanceAttribute, startInstances, stopInstances, terminateInstances } = ec2WriteActions;

const observe: readonly string[] = Object.values(ec2ReadActions);
const { listTags, describeProtection } = ec2ActActions;
const notify = [...observe, listTags, iamReadActions.findAccountAlias, ...Object.values(cloudTrailReadActions)];
const steps = { stop: [stopInstances, startInstances], terminate: [terminateInstances] } as const;
const commit = [...notify, describeProtection, ...steps.stop];

/** The IAM actions that tagaudit calls, by mode: the least-privilege policy is this list. */
export const tagauditPermissions = {
  observe: observe.toSorted(),
  notify: notify.toSorted(),
  commit: commit.toSorted(),
} as const;

/** Called only where a sink takes documents, which name the account, or people are told. */
export const tagauditDocumentPermissions = [iamReadActions.findAccountAlias] as const;

/** Called only where a tag's value must be an IAM user. */
export const tagauditUserPermissions = [iamReadActions.listUsers] as const;

/** Called only where a tag's value must be a user of IAM Identity Center, and there alone where that is managed from. */
export const tagauditIdentityCenterPermissions = [
  identityCenterReadActions.listUsers,
  identityCenterReadActions.listInstances,
] as const;

/** Called only in mode commit, with the setting `terminate`. */
export const tagauditTerminationPermissions = steps.terminate;

/** Called only in mode commit, where a rule lets protection be taken off. */
export const tagauditProtectionPermissions = [modifyInstanceAttribute] as const;

/** Called only in mode commit, with the setting `canary_timestamp`. */
export const tagauditMarkPermissions = [createTags] as const;

type Mode = keyof typeof tagauditPermissions;

interface Asked {
  readonly sink: RunSettings["sink"];
  readonly scheme: Scheme;
  readonly settings: Pick<TagauditSettings, "stop" | "terminate" | "canaryTimestamp" | "identityStore">;
}

/** What a run calls in each account. */
export function tagauditActions(mode: Mode, asked: Asked): readonly string[] {
  const { sink, scheme, settings } = asked;
  const idle = idleActions(asked);
  const actions = [
    ...tagauditPermissions[mode].filter((action) => !idle.includes(action)),
    ...(takesDocuments(sink) ? tagauditDocumentPermissions : []),
    ...(needsUsers(scheme) ? tagauditUserPermissions : []),
    ...(needsIdentityCenter(scheme) ? identityCenterActions(settings) : []),
    ...(mode === "commit" ? furtherDeeds(asked) : []),
  ];
  return [...new Set(actions)].sort();
}

/** Who names the store need not look for it. */
const identityCenterActions = ({ identityStore }: Asked["settings"]): readonly string[] =>
  identityStore === undefined ? tagauditIdentityCenterPermissions : [identityCenterReadActions.listUsers];

/** Who stops nothing has nothing to start again. */
const idleActions = ({ settings }: Asked): readonly string[] => (settings.stop ? [] : steps.stop);

const furtherDeeds = ({ scheme, settings }: Asked): readonly string[] => [
  ...(settings.terminate ? tagauditTerminationPermissions : []),
  ...(scheme.rules.some(({ mayFlipProtection }) => mayFlipProtection) ? tagauditProtectionPermissions : []),
  ...(settings.canaryTimestamp ? tagauditMarkPermissions : []),
];

const takesDocuments = (sink: RunSettings["sink"]): boolean =>
  sink.some((kind) => kind === "documents" || kind === "elasticsearch");

/** What is read to tell people; where nobody is told, nothing. */
export function tagauditSecrets(
  mode: Mode,
  settings: Pick<TagauditSettings, "sendSlack" | "slackToken" | "slackTokenCredstash" | "smtpHost" | "smtpPassword">,
): readonly SecretSource[] {
  if (mode === "observe") return [];
  const asked = [
    settings.sendSlack ? (settings.slackToken ?? settings.slackTokenCredstash) : undefined,
    settings.smtpHost === undefined ? undefined : settings.smtpPassword,
  ];
  return asked.filter((source) => source !== undefined);
}

import type { Operation } from "../operation.ts";
import { getAccessKeyLastUsed, listAccessKeys, updateAccessKey } from "./access-keys.ts";
import { listAccountAliases } from "./account-aliases.ts";
import { getAccountAuthorizationDetails } from "./authorization-details.ts";
import { generateCredentialReport, getCredentialReport } from "./credential-report.ts";
import { getInstanceProfile, listInstanceProfiles } from "./instance-profiles.ts";
import { listEntitiesForPolicy } from "./policies.ts";
import { listServiceSpecificCredentials } from "./service-specific-credentials.ts";
import { getUser, listUsers, listUserTags } from "./users.ts";

export const iamOperations: readonly Operation[] = [
  generateCredentialReport,
  getAccessKeyLastUsed,
  getAccountAuthorizationDetails,
  getCredentialReport,
  getInstanceProfile,
  getUser,
  listAccessKeys,
  listAccountAliases,
  listEntitiesForPolicy,
  listInstanceProfiles,
  listServiceSpecificCredentials,
  listUsers,
  listUserTags,
  updateAccessKey,
];

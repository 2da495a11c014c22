import type { Operation } from "../operation.ts";
import { getAccessKeyLastUsed, listAccessKeys } from "./access-keys.ts";
import { listAccountAliases } from "./account-aliases.ts";
import { getAccountAuthorizationDetails } from "./authorization-details.ts";
import { generateCredentialReport, getCredentialReport } from "./credential-report.ts";
import { listEntitiesForPolicy } from "./policies.ts";
import { listServiceSpecificCredentials } from "./service-specific-credentials.ts";
import { listUsers, listUserTags } from "./users.ts";

export const iamOperations: readonly Operation[] = [
  generateCredentialReport,
  getAccessKeyLastUsed,
  getAccountAuthorizationDetails,
  getCredentialReport,
  listAccessKeys,
  listAccountAliases,
  listEntitiesForPolicy,
  listServiceSpecificCredentials,
  listUsers,
  listUserTags,
];

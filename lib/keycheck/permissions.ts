import { credentialReportActions } from "../aws/read/credential-report.ts";
import { iamReadActions } from "../aws/read/iam.ts";

/** The IAM actions that keycheck calls, by mode: the least-privilege policy is this list. */
export const keycheckPermissions = {
  observe: [...Object.values(iamReadActions), ...credentialReportActions].sort(),
} as const;

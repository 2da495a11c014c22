import { iamClient, iamReportClient } from "../aws/client/iam.ts";
import { readCredentialReport } from "../aws/read/credential-report.ts";
import {
  countServiceCredentials,
  findAccountAlias,
  listAccessKeys,
  listPolicyUsers,
  listUsers,
} from "../aws/read/iam.ts";
import { trackCoverage } from "../core/coverage.ts";
import type { Main } from "../runtime/frame.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { runProgram } from "../runtime/run-program.ts";
import { chooseAccountTag } from "./account-tag.ts";
import type { KeycheckReads } from "./collect.ts";
import { scanCredentialReport, scanKeys } from "./scan.ts";
import { type KeycheckSettings, keycheckSettings, refuseForecast } from "./settings.ts";

export const main: Main = (frame) =>
  runProgram(frame, {
    name: "keycheck",
    says: "Finds old, unused and leaked IAM access keys, and prints their ages as metrics.",
    examples: [
      ["keycheck prod", "scan the account of the AWS profile prod"],
      ["keycheck prod dev --expire-age 90d", "two profiles, keys expire after 90 days"],
      ["keycheck --organization --role-name stalewatch", "every active account of the organization"],
      ["keycheck prod --at 2027-01-01", "what will have expired by then"],
      ["keycheck prod --from-report", "a lower bound of all ages in four calls"],
    ],
    declaration: keycheckSettings,
    refuses: refuseForecast,
    scan: scanAccount,
  });

async function scanAccount(context: ScanContext<KeycheckSettings>): Promise<ScanResult> {
  const { scope, settings, session, stop } = context;
  const iam = { client: iamClient(session), stop };
  const notes = trackCoverage();
  const tagSources = { wanted: settings.accountTag, findAccountAlias: () => findAccountAlias(iam), notes };
  const printing = {
    accountId: scope.accountId,
    accountTag: await chooseAccountTag(scope, tagSources),
    legacyStatus: settings.legacyStatus,
    asOf: settings.at,
  };
  const scan = settings.fromReport ? scanCredentialReport : scanKeys;
  return scan({ ...context, printing, notes }, readsOf(context));
}

function readsOf({ session, stop, run, settings }: ScanContext<KeycheckSettings>): KeycheckReads {
  const iam = { client: iamClient(session), stop };
  const reporting = { client: iamReportClient(session), stop };
  return {
    listUsers: () => listUsers(iam),
    listAccessKeys: (userName) => listAccessKeys(iam, userName),
    readCredentialReport: () =>
      readCredentialReport(reporting, {
        patience: Math.min(settings.reportWait, run.deadline / 2),
        ...(settings.fromReport ? { polls: 2 } : {}),
      }),
    listPolicyUsers: (policyArn) => listPolicyUsers(iam, policyArn),
    countServiceCredentials: () => countServiceCredentials(iam),
  };
}

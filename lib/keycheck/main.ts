import { iamClient } from "../aws/client/iam.ts";
import { readCredentialReport } from "../aws/read/credential-report.ts";
import {
  countServiceCredentials,
  findAccountAlias,
  listAccessKeys,
  listPolicyUsers,
  listUserDetails,
  listUsers,
} from "../aws/read/iam.ts";
import { trackCoverage } from "../core/coverage.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import { loadOwnerMap } from "../owners/load-owner-map.ts";
import type { Main } from "../runtime/frame.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { runProgram } from "../runtime/run-program.ts";
import { chooseAccountTag } from "./account-tag.ts";
import { channelOpener, type OpenChannels } from "./channels.ts";
import type { KeycheckReads } from "./collect.ts";
import { keepAccount } from "./keep.ts";
import { needsUserDetails } from "./kinds.ts";
import { modeOf } from "./mode.ts";
import { scanCredentialReport, scanKeys } from "./scan.ts";
import { type KeycheckSettings, keycheckSettings, refuseRun } from "./settings.ts";

export const main: Main = (frame) => {
  const openChannels = channelOpener(frame.now);
  let ownerMap: OwnerMap = new Map();
  return runProgram(frame, {
    name: "keycheck",
    says: "Finds old, unused and leaked IAM access keys, prints their ages as metrics, and acts on them where it may.",
    examples: [
      ["keycheck prod", "scan the account of the AWS profile prod"],
      ["keycheck prod dev --expire-age 90d", "two profiles, keys expire after 90 days"],
      ["keycheck --organization --role-name stalewatch", "every active account of the organization"],
      ["keycheck prod --at 2027-01-01", "what will have expired by then"],
      ["keycheck prod --from-report", "a lower bound of all ages in four calls"],
      ["keycheck prod --mode notify --act-on-accounts 123456789012", "tell owners, file tickets, disable nothing"],
    ],
    declaration: keycheckSettings,
    modeOf,
    refuses: refuseRun,
    async prepare({ slackMap }, { slackMap: { where } }, readFile) {
      if (slackMap === undefined) return [];
      const loaded = await loadOwnerMap({ path: slackMap, where, readFile });
      if (!loaded.ok) return loaded.problems;
      ownerMap = loaded.map;
      return [];
    },
    scan: (context) => scanAccount(context, { openChannels, ownerMap }),
  });
};

async function scanAccount(
  context: ScanContext<KeycheckSettings>,
  means: { readonly openChannels: OpenChannels; readonly ownerMap: OwnerMap },
): Promise<ScanResult> {
  const { scope, settings, session, stop } = context;
  const iam = { client: iamClient(session), stop };
  const notes = trackCoverage();
  const tagSources = { wanted: settings.accountTag, findAccountAlias: () => findAccountAlias(iam), notes };
  const accountTag = chooseAccountTag(scope, tagSources);
  const printing = accountTag.then((accountTag) => ({
    ...{ accountId: scope.accountId, accountTag },
    ...{ legacyStatus: settings.legacyStatus, asOf: settings.at },
  }));
  // Whoever needs it awaits it; the scan reads meanwhile.
  printing.catch(() => undefined);
  const kept = await keepAccount({ ...means, context, accountTag, notes });
  const scan = settings.fromReport ? scanCredentialReport : scanKeys;
  return scan({ ...context, ...kept, printing, notes }, readsOf(context));
}

function readsOf({ session, stop, run, settings, now }: ScanContext<KeycheckSettings>): KeycheckReads {
  const iam = { client: iamClient(session), stop };
  return {
    listUsers: () => listUsers(iam),
    listAccessKeys: (userName) => listAccessKeys(iam, userName),
    readCredentialReport: () =>
      readCredentialReport(iam, {
        now,
        patience: Math.min(settings.reportWait, run.deadline / 2),
        ...(settings.fromReport ? { polls: 2 } : {}),
      }),
    listPolicyUsers: (policyArn) => listPolicyUsers(iam, policyArn),
    countServiceCredentials: () => countServiceCredentials(iam),
    listUserDetails: needsUserDetails(settings) ? () => listUserDetails(iam) : undefined,
  };
}

import { ec2Client } from "../aws/client/ec2.ts";
import { iamClient } from "../aws/client/iam.ts";
import { describeInstances } from "../aws/read/ec2.ts";
import { listConversions } from "../aws/read/ec2-conversions.ts";
import { describeRegions, type Region } from "../aws/read/ec2-regions.ts";
import { describeInstanceTypes } from "../aws/read/ec2-types.ts";
import { findAccountAlias, listUsers } from "../aws/read/iam.ts";
import { regionalSession } from "../aws/regional-session.ts";
import { openSession, type Session } from "../aws/session.ts";
import type { SomeIds } from "../aws/some-ids.ts";
import { noCalls } from "../core/call-counts.ts";
import type { Instance } from "../core/ec2.ts";
import type { IamUser } from "../core/iam.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import type { TagauditSettings } from "./settings.ts";

/** What a scan of one account asks AWS for. */
export interface TagauditReads {
  describeRegions(): Promise<readonly Region[]>;
  /** Of one region, which a hanging one may end alone. */
  ofRegion(region: string, stop: AbortSignal): RegionReads;
  listUsers(): AsyncIterable<readonly IamUser[]>;
  findAccountAlias(): Promise<string | undefined>;
}

export interface RegionReads {
  /** Running and stopped ones, and those on their way to it: one may be the canary, and none of them is gone. */
  describeInstances(): AsyncIterable<readonly Instance[]>;
  listConversions(): Promise<ReadonlySet<string>>;
  /** vCPUs by type. */
  describeInstanceTypes(types: SomeIds): Promise<ReadonlyMap<string, number>>;
}

const states = ["pending", "running", "stopping", "stopped"] as const;

export function readsOf(session: Session, stop: AbortSignal): TagauditReads {
  const iam = () => ({ client: iamClient(session), stop });
  return {
    describeRegions: () => describeRegions({ client: ec2Client(session), stop }),
    ofRegion(region, stop) {
      const ec2 = { client: ec2Client(regionalSession(session, region)), stop };
      return {
        describeInstances: () => describeInstances(ec2, { region, states }),
        listConversions: () => listConversions(ec2),
        describeInstanceTypes: (types) => describeInstanceTypes(ec2, types),
      };
    },
    listUsers: () => listUsers(iam()),
    findAccountAlias: () => findAccountAlias(iam()),
  };
}

interface IdentityCenterRequest {
  readonly run: Pick<RunSettings, "profiles" | "region">;
  readonly settings: Pick<TagauditSettings, "identityStore" | "identityCenterRegion" | "identityCenterProfile">;
  readonly stop: AbortSignal;
}

/** From where it is managed, whichever account is scanned; its clients are loaded by the few runs that ask for it. */
export async function* listIdentityCenterUsers({ run, settings, stop }: IdentityCenterRequest) {
  const { identityStore, identityCenterRegion = run.region, identityCenterProfile = run.profiles[0] } = settings;
  const { listIdentityCenterUsers: listUsers } = await import("../aws/read/identity-center.ts");
  const { identitystoreClient } = await import("../aws/client/identitystore.ts");
  const session = await openSession({
    profile: identityCenterProfile,
    region: identityCenterRegion,
    counts: noCalls(),
  });
  const storeId = identityStore ?? (await findStore(session, stop));
  yield* listUsers({ client: identitystoreClient(session), stop }, storeId);
}

async function findStore(session: Session, stop: AbortSignal): Promise<string> {
  const { findIdentityStore } = await import("../aws/read/identity-center.ts");
  const { ssoAdminClient } = await import("../aws/client/sso-admin.ts");
  return findIdentityStore({ client: ssoAdminClient(session), stop }, session.region);
}

import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from "@smithy/core/config";
import type { AwsCredentialIdentity } from "@smithy/types";
import type { CallCounts } from "../core/call-counts.ts";
import { minutes, seconds } from "../core/time.ts";
import { collectBody } from "./collect-body.ts";

export type Credentials = AwsCredentialIdentity;
export type CredentialSource = () => Promise<Credentials>;

/** Credentials and region that clients are made from, with the count of what they cost. Kept between execd rounds. */
export interface Session {
  readonly profile: string | undefined;
  readonly region: string;
  readonly credentials: CredentialSource;
  readonly counts: CallCounts;
}

/** Where nothing says a region: IAM, STS and Organizations of the commercial partition live there. */
const fallbackRegion = "us-east-1";

interface SessionRequest {
  /** Absent: the SDK's own chain (environment, shared files, web identity, container, instance). */
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly counts: CallCounts;
}

export async function openSession({ profile, region, counts }: SessionRequest): Promise<Session> {
  const resolvedRegion = region ?? (await configuredRegion(profile));
  return {
    profile,
    region: resolvedRegion,
    credentials: keepUntilExpiry(await sourceOf(profile, resolvedRegion)),
    counts,
  };
}

/** The same session under other credentials: what an assumed role's session is. */
export const withCredentials = (session: Session, credentials: CredentialSource): Session => ({
  ...session,
  profile: undefined,
  credentials: keepUntilExpiry(credentials),
});

/** Configuration shared by every service's client. Standard retries lose calls under throttling: their quota runs dry. */
export const clientConfiguration = (session: Session) => ({
  region: session.region,
  credentials: session.credentials,
  retryMode: "adaptive",
  maxAttempts: 12,
  requestHandler: {
    connectionTimeout: seconds(5),
    requestTimeout: seconds(20),
    throwOnRequestTimeout: true,
    socketAcquisitionWarningTimeout: minutes(10),
  },
  streamCollector: collectBody,
});

/** A role of another partition must be assumed there; and a file is read anew, so that rotated keys are found. */
async function sourceOf(profile: string | undefined, region: string): Promise<CredentialSource> {
  const reading = { parentClientConfig: { region }, ignoreCache: true };
  if (profile === undefined) {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    return defaultProvider(reading);
  }
  const { fromIni } = await import("@aws-sdk/credential-provider-ini");
  return fromIni({ ...reading, profile });
}

/** AWS_REGION beats the profile's region, as in every AWS tool. */
const configuredRegion = (profile: string | undefined): Promise<string> =>
  loadConfig(
    { ...NODE_REGION_CONFIG_OPTIONS, default: fallbackRegion },
    { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile === undefined ? {} : { profile }) },
  )();

/** One resolution serves all clients of a session, also at once: each client alone would assume a profile's role again. */
function keepUntilExpiry(resolve: CredentialSource): CredentialSource {
  let resolved: Promise<Credentials> | undefined;
  let expiresAt = Number.POSITIVE_INFINITY;
  return async () => {
    if (resolved === undefined || Date.now() > expiresAt - minutes(5)) {
      resolved = resolve();
      expiresAt = Number.POSITIVE_INFINITY;
      try {
        expiresAt = (await resolved).expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      } catch (thrown) {
        resolved = undefined;
        throw thrown;
      }
    }
    return resolved;
  };
}

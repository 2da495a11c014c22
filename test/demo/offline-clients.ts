import { IAMClient } from "@aws-sdk/client-iam";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import type { Test } from "tap";
import { type OfflineAws, type OfflineAwsOptions, startOfflineAws } from "../../lib/demo/offline-aws.ts";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** What a child process with this environment would configure its clients to; one attempt, so that tests see each answer. */
export function clientConfig(
  environment: Readonly<Record<string, string>>,
  changes: Partial<ClientConfig> = {},
): ClientConfig {
  const {
    AWS_ENDPOINT_URL = "",
    AWS_REGION = "",
    AWS_ACCESS_KEY_ID = "",
    AWS_SECRET_ACCESS_KEY = "",
    AWS_SESSION_TOKEN,
  } = environment;
  return {
    endpoint: AWS_ENDPOINT_URL,
    region: AWS_REGION,
    maxAttempts: 1,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
    },
    ...changes,
  };
}

export interface Offline {
  readonly aws: OfflineAws;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly organizations: OrganizationsClient;
  /** Configuration as another account's administrator or a key's holder. */
  as(identity: string, changes?: Partial<ClientConfig>): ClientConfig;
}

export async function startOffline(t: Test, options: OfflineAwsOptions): Promise<Offline> {
  const aws = await startOfflineAws(options);
  t.teardown(() => aws.close());
  const config = clientConfig(aws.environment());
  return {
    aws,
    iam: new IAMClient(config),
    sts: new STSClient(config),
    organizations: new OrganizationsClient(config),
    as: (identity, changes) => clientConfig(aws.environment(identity), changes),
  };
}

export interface Declared {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** The error AWS declared, as the SDK names it. */
export async function declaredError(answer: Promise<unknown>): Promise<Declared | undefined> {
  try {
    await answer;
    return undefined;
  } catch (thrown) {
    // The SDK rejects with errors of this form, those of the network without metadata.
    const { name, message, $metadata } = thrown as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
}

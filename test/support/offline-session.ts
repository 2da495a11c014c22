import type { Test } from "tap";
import type { Session } from "../../lib/aws/session.ts";
import { noCalls } from "../../lib/core/call-counts.ts";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** The offline AWS, or another server that stands for AWS. */
interface Server {
  environment(): Readonly<Record<string, string>>;
}

/**
 * A session with such a server's own credentials, for code that makes its own clients. These learn the endpoint from this
 * process's environment, which is as before when the test ends.
 */
export function openOfflineSession(t: Test, aws: Server, variables: Readonly<Record<string, string>> = {}): Session {
  const environment: Record<string, string> = { ...aws.environment(), ...variables };
  for (const [name, value] of Object.entries(environment)) setVariable(t, name, value);
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN, AWS_REGION = "" } = environment;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
  };
  return { profile: undefined, region: AWS_REGION, credentials: async () => credentials, counts: noCalls() };
}

function setVariable(t: Test, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  t.teardown(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

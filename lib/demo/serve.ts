import type { Millis } from "../core/time.ts";
import { profileName } from "./environment.ts";
import { type OfflineAws, startOfflineAws } from "./offline-aws.ts";
import { acmeOrganization } from "./scenario/acme.ts";
import { anOrganization } from "./scenario/builders.ts";
import { aLargeAccount } from "./scenario/large-account.ts";
import { aLargeInventory } from "./scenario/large-inventory.ts";
import type { OrganizationSpec } from "./scenario/specs.ts";
import { awsLikeLimits } from "./throttle.ts";

export interface ServeDemoOptions {
  readonly port?: number;
  readonly accounts?: number;
  readonly users?: number;
  readonly seed?: number;
  /** Instead of the organization: one account whose users all have this many keys. */
  readonly keysPerUser?: number;
  /** Instead of the organization: one account with this many instances in four regions. */
  readonly instances?: number;
  readonly latencyMs?: Millis;
  /** Throttles as AWS does. */
  readonly throttle?: boolean;
  readonly shortPages?: boolean;
}

/** Runs the offline AWS until the signal aborts; first writes how to reach it, as lines for a shell. */
export async function serveDemo(
  options: ServeDemoOptions,
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { port, latencyMs, throttle, shortPages, seed = 1 } = options;
  const aws = await startOfflineAws({
    scenario: chooseScenario(options),
    ...(port !== undefined && { port }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(throttle && { limits: awsLikeLimits }),
    ...(shortPages && { shortPages: seed }),
  });
  write(`${describeDemo(aws).join("\n")}\n`);
  await aborted(signal);
  await aws.close();
}

function chooseScenario({ accounts, users, seed, keysPerUser, instances }: ServeDemoOptions): OrganizationSpec {
  if (instances !== undefined)
    return anOrganization({ accounts: [aLargeInventory({ instances, regions: fourRegions })] });
  if (keysPerUser !== undefined)
    return anOrganization({ accounts: [aLargeAccount({ users: users ?? 5000, keysPerUser })] });
  return acmeOrganization({
    ...(accounts !== undefined && { accounts }),
    ...(users !== undefined && { users }),
    ...(seed !== undefined && { seed }),
  });
}

const fourRegions = ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"];

/** Exports for the first account; the others' credentials stand in comments. */
function describeDemo(aws: OfflineAws): readonly string[] {
  const [first, ...others] = aws.organization.accounts.map((account) => ({
    name: `${profileName(account)} (${account.id}, ${account.users.list().length} users)`,
    variables: aws.environment(account.id),
  }));
  if (first === undefined) return [];
  return [
    `# offline AWS on ${aws.url}; ctrl-c ends it`,
    `# ${first.name}`,
    ...formatExports(first.variables),
    ...others.flatMap(({ name, variables }) => [
      `# ${name}`,
      ...formatExports(credentialsOf(variables)).map((line) => `# ${line}`),
    ]),
  ];
}

const credentialsOf = (variables: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => /KEY|TOKEN/.test(name)));

const formatExports = (variables: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Where a queue is, as far as what names it says. */
export interface QueuePlace {
  readonly name: string;
  /** Undefined: only a name was given. */
  readonly url: string | undefined;
  /** Of AWS's host; undefined: the session's. */
  readonly region: string | undefined;
  /** Undefined: the region's own. */
  readonly endpoint: string | undefined;
}

/** The hosts that AWS gives queues of a region, today's and those of old URLs; `queue.amazonaws.com` is us-east-1's. */
const regionalHosts: readonly RegExp[] = [
  /^sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|api\.aws)$/,
  /^([a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?$/,
];
const oldestHost = "queue.amazonaws.com";

/** Of an endpoint in somebody's own network: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-internetwork-traffic-privacy.html */
const privateHost = /\.sqs\.([a-z0-9-]+)\.vpce\.amazonaws\.(?:com(?:\.cn)?|eu)$/;

/** A URL is taken by its host and path, anything else for a name. */
export function placeQueue(nameOrUrl: string): QueuePlace {
  if (!/^https?:\/\//.test(nameOrUrl) || !URL.canParse(nameOrUrl))
    return { name: nameOrUrl, url: undefined, region: undefined, endpoint: undefined };
  const { hostname, origin, pathname } = new URL(nameOrUrl);
  const name = pathname.split("/").at(-1) ?? "";
  const region = hostname === oldestHost ? "us-east-1" : firstMatch(regionalHosts, hostname);
  if (region !== undefined) return { name, url: nameOrUrl, region, endpoint: undefined };
  return { name, url: nameOrUrl, region: firstMatch([privateHost], hostname), endpoint: origin };
}

const firstMatch = (patterns: readonly RegExp[], text: string): string | undefined =>
  patterns.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);

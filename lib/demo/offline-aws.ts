import type { Millis } from "../core/time.ts";
import { type CallCounter, createCallCounter } from "./call-counts.ts";
import { createControl } from "./control.ts";
import { createDispatcher } from "./dispatch.ts";
import { configFileFor, environmentFor } from "./environment.ts";
import { type Certificate, type Listener, listen } from "./listener.ts";
import { buildOrganization } from "./scenario/build.ts";
import type { OrganizationSpec } from "./scenario/specs.ts";
import type { Organization } from "./state.ts";
import { createThrottle, type ThrottleLimits } from "./throttle.ts";
import { createWriteLog, type Write, type WriteLog } from "./write-log.ts";

export interface OfflineAwsOptions {
  /** What it holds; all ages in it are counted back from `now`. */
  readonly scenario: OrganizationSpec;
  /** A free one if absent. */
  readonly port?: number;
  /** The clock of reports and ages; the real one if absent. Credentials expire by the real clock always. */
  readonly now?: () => Millis;
  /** Waited before every answer. */
  readonly latencyMs?: Millis;
  /** True if absent; checking costs some 40 microseconds. */
  readonly verifySignatures?: boolean;
  /** Unlimited if absent; `awsLikeLimits` is close to AWS. */
  readonly limits?: ThrottleLimits;
  /** Seed of pages shorter than asked for, even empty; every page is full if absent. */
  readonly shortPages?: number;
  /** Serves HTTPS with it. */
  readonly tls?: Certificate;
}

export interface OfflineAws {
  readonly url: string;
  readonly port: number;
  /** The state itself: change it between runs, push faults and denials. */
  readonly organization: Organization;
  /** Every write that was carried out, in order, whether or not its answer arrived. */
  writes(): readonly Write[];
  /** Calls so far by `service:Action`. */
  calls(): Readonly<Record<string, number>>;
  throttled(): number;
  denied(): number;
  resetCalls(): void;
  /** Variables for a child process: as the administrator of an account, by id, alias or name, or as an access key's holder. */
  environment(identity?: string): Record<string, string>;
  /** An AWS config file with a profile per account and role. */
  configFile(): string;
  close(): Promise<void>;
}

/** Starts an AWS of its own on the loopback: real wire formats and AWS's manners, no network. */
export async function startOfflineAws(options: OfflineAwsOptions): Promise<OfflineAws> {
  const { now = Date.now, verifySignatures = true, limits = {}, latencyMs = 0 } = options;
  const organization = buildOrganization(options.scenario, now());
  const counter = createCallCounter();
  const writes = createWriteLog();
  const dispatch = createDispatcher({
    organization,
    counter,
    writes,
    throttle: createThrottle(limits),
    verifySignatures,
    scheme: options.tls === undefined ? "http" : "https",
    shortPages: options.shortPages,
    now,
    sessionNow: Date.now,
    elapsed: () => performance.now(),
  });
  const listener = await listen({
    port: options.port ?? 0,
    tls: options.tls,
    latencyMs,
    dispatch,
    control: createControl(counter, writes),
  });
  return describeServer(listener, { organization, counter, writes });
}

interface Kept {
  readonly organization: Organization;
  readonly counter: CallCounter;
  readonly writes: WriteLog;
}

const describeServer = ({ url, port, close }: Listener, { organization, counter, writes }: Kept): OfflineAws => ({
  url,
  port,
  organization,
  writes: writes.list,
  calls: () => counter.counts().calls,
  throttled: () => counter.counts().throttled,
  denied: () => counter.counts().denied,
  resetCalls: counter.reset,
  environment: (identity) => environmentFor({ organization, url }, identity),
  configFile: () => configFileFor(organization),
  close,
});

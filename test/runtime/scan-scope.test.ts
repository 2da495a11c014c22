import { test } from "tap";
import type { ScopeSource } from "../../lib/aws/scopes.ts";
import { noCalls } from "../../lib/core/call-counts.ts";
import { type Missing, trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import type { Point } from "../../lib/core/point.ts";
import { boolean, measurement, point } from "../../lib/measurements/declare.ts";
import { openLog } from "../../lib/runtime/log.ts";
import type { ScanContext, ScanResult } from "../../lib/runtime/program.ts";
import { type ScopeScan, scanScope } from "../../lib/runtime/scan-scope.ts";
import { openStop } from "../../lib/runtime/stop.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { settingsFromYaml } from "../support/settings-from-yaml.ts";

const accountId = "123456789012";
const seen = measurement({ name: "seen", says: "seen", tags: {}, fields: { so: boolean("so") } });
const aPoint: Point = point(seen, { tags: {}, fields: { so: true } });
const denied = new OpsError("denied", "iam:ListUsers: no");

const session = { profile: "prod", region: "us-east-1", credentials: () => Promise.reject(denied), counts: noCalls() };
const scope = {
  partition: "aws",
  accountId,
  name: "prod",
  profile: "prod",
  callerArn: `arn:aws:iam::${accountId}:user/tester`,
};

const aSource = (changes: Partial<ScopeSource> = {}): ScopeSource => ({
  name: "prod",
  accountId: undefined,
  counts: noCalls(),
  open: async () => ({ scope, session }),
  reopen: () => {},
  ...changes,
});

const aResult = (...missing: readonly Missing[]): ScanResult => {
  const notes = trackCoverage();
  for (const entry of missing) notes.note(entry);
  return { items: 3, coverage: notes.coverage(), evidenceAge: 5000 };
};

/** A clock that goes on by a second with each look. */
function tickingClock() {
  let now = 1_000_000;
  return () => {
    now += 1000;
    return now;
  };
}

const surroundings = () => ({
  clock: tickingClock(),
  openState: async () => undefined,
  findState: async () => undefined,
  environment: {},
  log: openLog({ program: "keycheck", write: () => {}, now: () => 0 }),
});

const aScan = (changes: Partial<ScopeScan<object>> = {}): ScopeScan<object> => ({
  program: "keycheck",
  source: aSource(),
  run: settingsFromYaml(runSettings, {}),
  settings: {},
  stop: openStop().signal,
  scan: async () => aResult(),
  surroundings: surroundings(),
  write: async (points) => ({ points: points.length, droppedPoints: 0 }),
  ...changes,
});

const missing: Missing = { what: 'access keys of user "ada"', code: "denied", reason: "no", subjects: true };
const unopened = aSource({ accountId, open: () => Promise.reject(denied) });
type Context = ScanContext<object>;

const cases: readonly { name: string; request: Partial<ScopeScan<object>>; want: object | undefined }[] = [
  {
    name: "a scan that read all is ok",
    request: {},
    want: { outcome: "ok", accountId, scopeName: "prod", items: 3, evidenceAge: 5000, lastError: undefined },
  },
  {
    name: "a scan that misses something is partial, and names the first",
    request: { scan: async () => aResult(missing, { ...missing, reason: "never" }) },
    want: { outcome: "partial", items: 3, lastError: 'access keys of user "ada": no (and 1 more)' },
  },
  {
    name: "a scan that read all and found nothing is ok",
    request: { scan: async () => ({ ...aResult(), items: 0 }) },
    want: { outcome: "ok", items: 0, points: 0 },
  },
  {
    name: "a scope that can't be opened has failed, in the account that was meant",
    request: { source: unopened },
    want: { outcome: "failed", accountId, items: 0, lastError: "iam:ListUsers: no", evidenceAge: undefined },
  },
  {
    name: "a scope that can't be opened has failed, though nothing tells its account",
    request: { source: { ...unopened, accountId: undefined } },
    want: { outcome: "failed", accountId: undefined },
  },
  {
    name: "a scan that breaks off before its first point has failed",
    request: { scan: () => Promise.reject(denied) },
    want: { outcome: "failed", accountId, points: 0, lastError: "iam:ListUsers: no" },
  },
  {
    name: "a scan that breaks off behind points is partial",
    request: {
      async scan({ emit }: Context) {
        await emit([aPoint, aPoint]);
        throw denied;
      },
    },
    want: { outcome: "partial", points: 2, items: 0, lastError: "iam:ListUsers: no" },
  },
  {
    name: "a scan that breaks off when its first point can't be written has failed",
    request: {
      async scan({ emit }: Context) {
        await emit([aPoint]);
        return aResult();
      },
      write: () => Promise.reject(new Error("can't write stdout: no space left")),
    },
    want: { outcome: "failed", points: 0, lastError: "can't write stdout: no space left" },
  },
  {
    name: "points are counted as written and as dropped",
    request: {
      async scan({ emit }: Context) {
        await emit([aPoint, aPoint, aPoint]);
        await emit([aPoint]);
        return aResult();
      },
      write: async (points) => ({ points: points.length - 1, droppedPoints: 1 }),
    },
    want: { outcome: "ok", points: 2, droppedPoints: 2 },
  },
  {
    name: "an excluded account is left out, however its profile is called",
    request: { run: settingsFromYaml(runSettings, { exclude_accounts: [accountId] }) },
    want: undefined,
  },
  {
    name: "an excluded account is left out, though it could not be opened",
    request: { run: settingsFromYaml(runSettings, { exclude_accounts: [accountId] }), source: unopened },
    want: undefined,
  },
  {
    name: "an account that is not included is left out",
    request: { run: settingsFromYaml(runSettings, { include_accounts: ["210987654321"] }) },
    want: undefined,
  },
  {
    name: "an included account is scanned",
    request: { run: settingsFromYaml(runSettings, { include_accounts: [accountId] }) },
    want: { outcome: "ok" },
  },
];

for (const { name, request, want } of cases) {
  test(name, async (t) => {
    const report = await scanScope(aScan(request));
    if (want === undefined) t.equal(report, undefined);
    else t.match(report, want);
  });
}

test("an account left out is not read", async (t) => {
  const run = settingsFromYaml(runSettings, { exclude_accounts: [accountId] });
  await scanScope(aScan({ run, scan: () => Promise.reject(t.fail("scanned")) }));
});

test("a report counts the calls of its own round, and times it", async (t) => {
  const counts = { calls: 100, throttles: 10, retries: 20 };
  const source = aSource({ counts });
  const scan = async () => {
    counts.calls += 7;
    counts.throttles += 2;
    counts.retries += 3;
    return aResult();
  };
  t.match(await scanScope(aScan({ source, scan })), {
    ...{ program: "keycheck", mode: "observe", duration: 1000 },
    calls: { calls: 7, throttles: 2, retries: 3 },
  });
});

test("a scan is told its scope, its settings and when the round began", async (t) => {
  const request = aScan({ settings: { expireAge: 1 } });
  let told: Context | undefined;
  await scanScope({
    ...request,
    async scan(context) {
      told = context;
      return aResult();
    },
  });
  t.match(told, { scope, session, run: request.run, settings: { expireAge: 1 }, now: 1_001_000 });
});

test("a scan is stopped with its round", async (t) => {
  const round = openStop();
  const scan = ({ stop }: Context) =>
    new Promise<never>((_resolve, reject) => {
      stop.addEventListener("abort", () => reject(stop.reason), { once: true });
      round.stop("SIGTERM");
    });
  t.match(await scanScope(aScan({ scan, stop: round.signal })), { outcome: "failed", lastError: "SIGTERM" });
});

const endings = [
  { name: "a whole scan keeps its session", scan: async () => aResult(), want: 0 },
  {
    name: "a scan whose credentials ended in its midst has the next one open anew",
    scan: async () => aResult({ ...missing, code: "expired" }),
    want: 1,
  },
  {
    name: "a scan that was denied something keeps it: other credentials are no likelier to be allowed",
    scan: async () => aResult(missing),
    want: 0,
  },
  {
    name: "a scan that failed by its credentials, too",
    scan: () => Promise.reject(new OpsError("expired", "no")),
    want: 1,
  },
  { name: "one that was throttled keeps it", scan: () => Promise.reject(new OpsError("throttled", "no")), want: 0 },
] as const;

for (const { name, scan, want } of endings) {
  test(name, async (t) => {
    let reopened = 0;
    const source = aSource({
      reopen: () => {
        reopened += 1;
      },
    });
    await scanScope(aScan({ source, scan }));
    t.equal(reopened, want);
  });
}

test("reads that a failed scan left under way are stopped", async (t) => {
  let signal: AbortSignal | undefined;
  const scan = ({ stop }: Context) => {
    signal = stop;
    return Promise.reject(denied);
  };
  await scanScope(aScan({ scan }));
  t.equal(signal?.aborted, true);
});

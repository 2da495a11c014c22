import { getEventListeners } from "node:events";
import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "tap";
import type { ScopeLister } from "../../lib/aws/list-scopes.ts";
import type { ScopeSource } from "../../lib/aws/scopes.ts";
import { noCalls } from "../../lib/core/call-counts.ts";
import { trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import type { Point } from "../../lib/core/point.ts";
import { boolean, measurement, point } from "../../lib/measurements/declare.ts";
import { type Gathering, openGatherer } from "../../lib/runtime/gather.ts";
import { openLog } from "../../lib/runtime/log.ts";
import type { Scan } from "../../lib/runtime/program.ts";
import { openStop } from "../../lib/runtime/stop.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { ReaderGone } from "../../lib/sink/errors.ts";
import type { Sink } from "../../lib/sink/sink.ts";
import { settingsFromYaml } from "../support/settings-from-yaml.ts";

const seen = measurement({ name: "seen", says: "seen", tags: { scope: "scope" }, fields: { so: boolean("so") } });
const denied = new OpsError("denied", "iam:ListUsers: no");

const aSource = (name: string): ScopeSource => ({
  name,
  accountId: undefined,
  counts: noCalls(),
  open: async () => ({
    scope: {
      partition: "aws",
      accountId: "123456789012",
      name,
      profile: name,
      callerArn: "arn:aws:iam::123456789012:user/tester",
    },
    session: { profile: name, region: "us-east-1", credentials: () => Promise.reject(denied), counts: noCalls() },
  }),
  reopen: () => {},
});

const listing = (list: ScopeLister["list"]): ScopeLister => ({ organization: undefined, list });

const isWhole = () => ({ items: 1, coverage: trackCoverage().coverage(), evidenceAge: 0 });

/** Scans that end as their scope's name says. */
const scanByName: Scan<object> = async ({ scope, emit }) => {
  if (scope.name.startsWith("failing")) throw denied;
  await emit([point(seen, { tags: { scope: scope.name }, fields: { so: true } })]);
  if (scope.name.startsWith("broken")) throw denied;
  return isWhole();
};

interface Setup {
  readonly scopes?: readonly string[];
  readonly scan?: Scan<object>;
  readonly run?: object;
  readonly sink?: Partial<Sink>;
}

function setUp({ scopes = ["prod"], scan = scanByName, run = {}, sink = {} }: Setup = {}) {
  const lines: string[] = [];
  const events: (Point | "flushed")[] = [];
  const gathering: Gathering<object> = {
    frame: {
      ...{ argv: [], home: ".", environment: {}, stdin: new PassThrough(), stdout: new PassThrough() },
      log: openLog({ program: "keycheck", write: (line) => lines.push(line), now: () => 0 }),
      stop: openStop().signal,
      now: () => 0,
    },
    program: "keycheck",
    run: settingsFromYaml(runSettings, run),
    accounts: undefined,
    settings: {},
    state: { openState: async () => undefined, findState: async () => undefined },
    scan,
    sink: {
      name: "list",
      async write(points) {
        events.push(...points);
        return { points: points.length, droppedPoints: 0, droppedFields: 0 };
      },
      flush: async () => void events.push("flushed"),
      close: async () => {},
      ...sink,
    },
  };
  const sources = scopes.map(aSource);
  return {
    gathering,
    lines,
    events,
    gather: openGatherer(
      gathering,
      listing(async () => sources),
    ),
  };
}

/** What reached the sink: a scan's points by scope, status points with their outcome. */
const told = (events: ReturnType<typeof setUp>["events"]) =>
  events.map((event) => {
    if (event === "flushed") return event;
    const { scope } = event.tags;
    if (event.measurement === seen) return scope;
    const usable = event.fields.partial ? "partial" : "ok";
    return `${scope} ${event.fields.ok ? usable : "failed"}`;
  });

const never = openStop().signal;

const rounds: readonly { name: string; scopes: readonly string[]; isUsable: boolean; lines: readonly string[] }[] = [
  { name: "a whole scan is quiet", scopes: ["prod"], isUsable: true, lines: [] },
  {
    name: "a partial scan is usable, and warns",
    scopes: ["broken"],
    isUsable: true,
    lines: ["W! keycheck: broken: partial: iam:ListUsers: no\n"],
  },
  {
    name: "a failed scan is not usable, and is an error",
    scopes: ["failing"],
    isUsable: false,
    lines: ["E! keycheck: failing: iam:ListUsers: no\n"],
  },
  {
    name: "one failed scope spoils no other",
    scopes: ["failing", "prod", "dev"],
    isUsable: true,
    lines: ["E! keycheck: failing: iam:ListUsers: no\n"],
  },
  {
    name: "a round without any usable scope is not usable",
    scopes: ["failing-1", "failing-2"],
    isUsable: false,
    lines: ["E! keycheck: failing-1: iam:ListUsers: no\n", "E! keycheck: failing-2: iam:ListUsers: no\n"],
  },
  {
    name: "a round without scopes is no failure, and warns",
    scopes: [],
    isUsable: true,
    lines: ["W! keycheck: the settings leave no account to scan\n"],
  },
];

for (const { name, scopes, isUsable, lines: want } of rounds) {
  test(name, async (t) => {
    const { gather, lines, events } = setUp({ scopes });
    t.equal(await gather(never), isUsable);
    t.strictSame(lines.toSorted(), want);
    const statuses = told(events).filter((event) => event?.includes(" "));
    t.equal(statuses.length, scopes.length, "one status point for each scope");
    t.equal(told(events).at(-1), "flushed");
    t.equal(told(events).filter((event) => event === "flushed").length, 1);
  });
}

test("a scope's status point comes behind its own points", async (t) => {
  const { gather, events } = setUp({ scopes: ["broken", "failing", "prod"], run: { account_concurrency: 1 } });
  await gather(never);
  t.strictSame(told(events), ["broken", "broken partial", "failing failed", "prod", "prod ok", "flushed"]);
});

test("no more scopes are scanned at once than account_concurrency", async (t) => {
  let atOnce = 0;
  let most = 0;
  const scan: Scan<object> = async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await turn();
    atOnce -= 1;
    return isWhole();
  };
  const scopes = Array.from({ length: 9 }, (_, index) => `scope-${index}`);
  await setUp({ scopes, scan, run: { account_concurrency: 3 } }).gather(never);
  t.equal(most, 3);
});

test("an organization that can't be listed is a failed scope of its own", async (t) => {
  const { gathering, lines, events } = setUp();
  const reopened: string[] = [];
  const organization = { ...aSource("management"), reopen: () => void reopened.push("management") };
  const list = () => Promise.reject(new OpsError("denied", "organizations:ListAccounts: no"));
  const gather = openGatherer(gathering, { organization, list });
  t.equal(await gather(never), false);
  t.strictSame(told(events), ["organization failed", "flushed"]);
  t.strictSame(lines, ["E! keycheck: organization: organizations:ListAccounts: no\n"]);
  t.strictSame(reopened, ["management"], "its credentials may have been rotated");
});

test("an organization's listing that works again is seen to", async (t) => {
  const { gathering, events } = setUp();
  const organization = { ...aSource("management"), counts: { calls: 40, throttles: 4, retries: 4 } };
  const list = async () => {
    organization.counts.calls += 3;
    return [aSource("prod")];
  };
  await openGatherer(gathering, { organization, list })(never);
  t.strictSame(told(events), ["organization ok", "prod", "prod ok", "flushed"]);
  t.match(events[0], { fields: { api_calls: 3, throttles: 0, items: 1 } });
});

test("another scope is first in each minute", async (t) => {
  for (const [minute, want] of [
    [0, ["a ok", "b ok", "c ok"]],
    [1, ["b ok", "c ok", "a ok"]],
    [2, ["c ok", "a ok", "b ok"]],
    [3, ["a ok", "b ok", "c ok"]],
  ] as const) {
    const { gathering, events } = setUp();
    const frame = { ...gathering.frame, now: () => minute * 60_000 + 59_999 };
    const list = listing(async () => ["a", "b", "c"].map(aSource));
    await openGatherer({ ...gathering, frame, run: { ...gathering.run, accountConcurrency: 1 } }, list)(never);
    t.strictSame(
      told(events).filter((event) => event?.endsWith(" ok")),
      want,
    );
  }
});

test("scopes are listed anew in each round", async (t) => {
  const { gathering, events } = setUp();
  const listings = [["prod"], ["prod", "dev"]];
  const gather = openGatherer(
    gathering,
    listing(async () => (listings.shift() ?? []).map(aSource)),
  );
  await gather(never);
  await gather(never);
  const statuses = told(events).filter((event) => event?.endsWith(" ok"));
  t.strictSame(statuses, ["prod ok", "prod ok", "dev ok"]);
});

/** A scan that only the stop signal ends. */
const scanUntilStopped: Scan<object> = ({ stop, emit }) =>
  new Promise((_resolve, reject) => {
    const end = () => void emit([point(seen, { tags: {}, fields: { so: true } })]).then(() => reject(stop.reason));
    if (stop.aborted) end();
    stop.addEventListener("abort", end);
  });

test("the deadline ends a round, which has what was read by then", async (t) => {
  const { gather, lines } = setUp({ scan: scanUntilStopped, run: { deadline: "1s" } });
  t.equal(await gather(never), true);
  t.strictSame(lines, ["W! keycheck: prod: partial: the deadline of 1 s\n"]);
});

test("a stop from outside ends a round, and is let go of behind it", async (t) => {
  const outer = openStop();
  const { gather, lines } = setUp({ scan: scanUntilStopped });
  const round = gather(outer.signal);
  t.equal(getEventListeners(outer.signal, "abort").length, 1);
  outer.stop("SIGTERM");
  t.equal(await round, true);
  t.strictSame(lines, ["W! keycheck: prod: partial: SIGTERM\n"]);
  const next = openStop();
  const following = setUp();
  await following.gather(next.signal);
  t.equal(getEventListeners(next.signal, "abort").length, 0);
});

test("a sink that fails at the round's end is told, and the next round may be out", async (t) => {
  const failures = [new Error("can't write json_file: no space left")];
  const flush = () => (failures.length > 0 ? Promise.reject(failures.pop()) : Promise.resolve());
  const { gather, lines } = setUp({ sink: { flush } });
  t.equal(await gather(never), false);
  t.equal(await gather(never), true);
  t.strictSame(lines, ["E! keycheck: can't write json_file: no space left\n"]);
});

test("a reader that is gone ends the process' rounds", async (t) => {
  const gone = new ReaderGone("stdout", new Error("EPIPE"));
  const { gather, lines } = setUp({ sink: { flush: () => Promise.reject(gone) } });
  await t.rejects(gather(never), gone);
  t.strictSame(lines, []);
});

test("a status point that can't be written is told once, when the round is flushed", async (t) => {
  const full = new Error("can't write stdout: no space left");
  const { gather, lines } = setUp({
    scopes: ["failing"],
    sink: { write: () => Promise.reject(full), flush: () => Promise.reject(full) },
  });
  t.equal(await gather(never), false);
  t.strictSame(lines, [
    "E! keycheck: failing: iam:ListUsers: no\n",
    "E! keycheck: can't write stdout: no space left\n",
  ]);
});

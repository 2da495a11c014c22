import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { Mark, Tally } from "../../../lib/marks/mark.ts";
import { openMarks } from "../../../lib/marks/marks.ts";
import { openEmbeddedStore } from "../../../lib/state/embedded.ts";
import type { Store } from "../../../lib/state/store.ts";
import { dirtycountBundle, withPeakMemory } from "./keycheck.ts";
import { type RunningAws, runOfflineAws } from "./offline-aws.ts";
import { runChild } from "./run-child.ts";
import { atMost, type Section } from "./section.ts";
import { round } from "./statistics.ts";

const latencyMs = 30;
const region = "eu-west-1";
const marked = 10_000;
const otherAccounts = 99;

/** The shipped dirtycount on one account of many marks, alone in the store and among those of a hundred accounts. */
export const measureDirty: Section = async () => {
  if (!existsSync(dirtycountBundle)) throw new Error(`${dirtycountBundle} is not there: npm run build makes it`);
  const aws = await runOfflineAws({ instances: marked, regions: [region] }, { latencyMs });
  try {
    await markAll(aws);
    const alone = await countAll(aws, "alone in the store");
    const store = await openEmbeddedStore({ directory: aws.stateDirectory });
    for (let account = 1; account <= otherAccounts; account += 1)
      await fill(store, String(account).padStart(12, "9"), madeUpIds());
    await store.close();
    const among = await countAll(aws, `among ${(otherAccounts + 1) * marked} marks`);
    return {
      tables: [
        {
          title: `dirtycount, ${marked} instances and as many marks, ${latencyMs} ms a call`,
          rows: [...alone, ...among],
        },
      ],
      targets: [
        atMost("dirtycount within Telegraf's 5 s, s", 5, Math.max(...[...alone, ...among].map(({ wall_s }) => wall_s))),
        atMost("its peak memory, MB", 150, Math.max(...[...alone, ...among].map(({ peak_mb }) => peak_mb))),
      ],
      notes: ["whole process; the embedded store, its files in the system's cache"],
    };
  } finally {
    await aws.stop();
  }
};

const flags = { fleet: [], "no fleet": ["--no-fleet"] } as const;

/** The quickest of a few: the others wait for whoever else is at work on this machine. */
const tries = 3;

async function countAll(aws: RunningAws, store: string) {
  const rows = [];
  for (const [read, args] of Object.entries(flags)) {
    const command = { file: process.execPath, args: [dirtycountBundle, "--regions", region, ...args] };
    const runs = [];
    for (let at = 0; at < tries; at += 1) {
      await aws.takeCalls();
      const run = runChild(withPeakMemory({ ...command, environment: aws.environment }));
      const { calls } = await aws.takeCalls();
      runs.push({ ...run, calls: Object.values(calls).reduce((sum, count) => sum + count, 0) });
    }
    const [best = runs[0]] = runs.toSorted((one, other) => one.wallMs - other.wallMs);
    const dirty = Number(/^dirty_fleet,.*[ ,]dirty=(\d+)i/m.exec(best?.stdout ?? "")?.[1]);
    const { wallMs = Number.NaN, peakMb = Number.NaN, calls } = best ?? {};
    rows.push({ store, read, wall_s: round(wallMs / 1000, 2), peak_mb: round(peakMb), calls, dirty });
  }
  return rows;
}

/** All that the offline AWS shows, by dirtycount's own answer of who it is. */
async function markAll(aws: RunningAws): Promise<void> {
  const store = await openEmbeddedStore({ directory: aws.stateDirectory });
  const ids = runChild({
    file: process.execPath,
    args: ["--import=tsx", new URL("instance-ids.ts", import.meta.url).pathname, region],
    environment: aws.environment,
  }).stdout.split("\n");
  await fill(store, "111122223333", ids.filter((id) => id !== "").slice(0, marked));
  await store.close();
}

function* madeUpIds() {
  for (let at = 0; at < marked; at += 1) yield `i-${randomBytes(9).toString("hex").slice(0, 17)}`;
}

const atOnce = 1000;

async function fill(store: Store, accountId: string, ids: Iterable<string>): Promise<void> {
  const marks = openMarks(store, accountId, Date.now);
  const names = Array.from(ids, (instanceId) => ({ region, instanceId }));
  for (let from = 0; from < names.length; from += atOnce)
    await Promise.all(names.slice(from, from + atOnce).map((name) => marks.update(name, touched)));
}

const touched = (mark: Mark): Mark => ({
  ...mark,
  verified: aTally(),
  messages: Array.from({ length: 5 }, () => randomBytes(8).toString("hex")),
});

const aTally = (): Tally => ({
  ...{ firstAt: Date.now() - 86_400_000, lastAt: Date.now(), count: 5, level: "high", names: { ssh: 5 } },
  sources: ["host"],
  principals: ["ada", "arn:aws:sts::111122223333:assumed-role/operators/eve@example.com"],
  addresses: ["192.0.2.7", "198.51.100.23"],
});

import { join } from "node:path";
import type { Test } from "tap";
import { type OfflineAws, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import type { Region } from "../../lib/demo/region.ts";
import { anAccount, anOrganization, aRole } from "../../lib/demo/scenario/builders.ts";
import type { RegionSpec } from "../../lib/demo/scenario/region-specs.ts";
import type { OrganizationSpec } from "../../lib/demo/scenario/specs.ts";
import type { Mark } from "../../lib/marks/mark.ts";
import { type Marks, openMarks } from "../../lib/marks/marks.ts";
import type { Store } from "../../lib/state/store.ts";
import { openActedMemory } from "./acted-memory.ts";
import { aTally } from "./marks.ts";
import { pointsOf, type Run, runDirtycount } from "./run-executable.ts";
import { type Ended, runStalewatch } from "./run-stalewatch.ts";

const accountId = "111122223333";

export interface DirtycountWorld extends ReturnType<typeof openActedMemory> {
  readonly aws: OfflineAws;
  region(name: string): Region;
  run(argv?: readonly string[], variables?: Readonly<Record<string, string>>): Promise<Run>;
  /** In mode commit, where it may act. */
  commit(argv?: readonly string[]): Promise<Run>;
  /** `stalewatch undo` of an action in the journal. */
  undo(id: string): Promise<Ended>;
  inMarks<Value>(work: (marks: Marks, store: Store) => Promise<Value>): Promise<Value>;
  /** Touched an hour ago by a proven sender unless said otherwise; writes what is said over what is known. */
  mark(region: string, instanceId: string, said?: Partial<Mark>): Promise<void>;
}

/** One account with marks in a directory of the test's own, and what dirtycount makes of it. */
export async function openDirtycountWorld(
  t: Test,
  regions: readonly RegionSpec[],
  said: Partial<Pick<OrganizationSpec, "denials" | "faults">> = {},
): Promise<DirtycountWorld> {
  const roles = ["one", "other"].map((name) => aRole({ name }));
  const scenario = anOrganization({ accounts: [anAccount({ id: accountId, regions, roles })], ...said });
  const aws = await startOfflineAws({ scenario });
  t.teardown(() => aws.close());
  const directory = t.testdir({});
  const stateDirectory = join(directory, "state");
  const memory = openActedMemory(stateDirectory, { program: "dirtycount", accountId });
  const environment = { STALEWATCH_STATE_DIRECTORY: stateDirectory };
  const run: DirtycountWorld["run"] = (argv = [], variables = {}) =>
    runDirtycount(aws, {
      ...{ argv, directory, remembers: true, identity: accountId },
      environment: { ...environment, ...variables },
    });
  const inMarks: DirtycountWorld["inMarks"] = (work) =>
    memory.inStore((store) => work(openMarks(store, accountId, Date.now), store));
  return {
    ...{ ...memory, aws, run, inMarks },
    region(name) {
      const found = aws.organization.accounts[0]?.regions.find(name);
      if (found === undefined) throw new Error(`no region ${name}`);
      return found;
    },
    commit: (argv = []) => run([...argv, "--mode", "commit", "--act-on-accounts", accountId, "--lease-time", "1s"]),
    undo: (id) => runStalewatch(["undo", id], { ...aws.environment(accountId), ...environment }),
    async mark(region, instanceId, said = {}) {
      const at = Date.now() - 3_600_000;
      const verified = aTally({ firstAt: at, lastAt: at });
      await inMarks((marks) =>
        marks.update({ region, instanceId }, (mark) => ({ ...mark, verified, messages: ["m1"], ...said })),
      );
    },
  };
}

/** What the points of a region say. */
export const countsOf = (run: Run, region: string): Readonly<Record<string, unknown>> =>
  pointsOf(run, "dirty_fleet").find(({ tags }) => tags.region === region)?.fields ?? {};

/** By level: instances and events. */
export const levelsOf = (run: Run, region: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    pointsOf(run, "dirty").flatMap(({ tags, fields }) =>
      tags.region === region ? [[tags.level ?? "", [fields.instances, fields.events]]] : [],
    ),
  );

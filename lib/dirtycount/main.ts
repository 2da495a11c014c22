import { trackCoverage } from "../core/coverage.ts";
import { openMarks } from "../marks/marks.ts";
import type { Main } from "../runtime/frame.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { runProgram } from "../runtime/run-program.ts";
import type { Store } from "../state/store.ts";
import { readsOf } from "./reads.ts";
import { scanAccount } from "./scan.ts";
import { type DirtycountSettings, dirtycountSettings, refuseRun } from "./settings.ts";

/** What people ask for; a profile of such a name is given with --profiles. */
const commands: Readonly<Record<string, () => Promise<Main>>> = {
  list: async () => (await import("./commands/list.ts")).list,
  clear: async () => (await import("./commands/clear.ts")).clear,
};

export const main: Main = async (frame) => {
  const [first = "", ...argv] = frame.argv;
  const command = Object.hasOwn(commands, first) ? await commands[first]?.() : undefined;
  return command === undefined ? count(frame) : command({ ...frame, argv });
};

const count: Main = (frame) =>
  runProgram(frame, {
    name: "dirtycount",
    says: "Counts the EC2 instances that a person has touched, by what dirtymark remembers and what EC2 shows now.",
    examples: [
      ["dirtycount prod", "all enabled regions of the AWS profile prod's account"],
      ["dirtycount prod --regions eu-west-1 --no-fleet", "one region, and only its tagged or recorded instances"],
      ["dirtycount list prod", "a table of what is dirty, and who it was"],
      ["dirtycount clear i-0123456789abcdef0 --reason 'rebuilt' prod", "away with one record and its tag"],
      ["dirtycount --simulate events.jsonl", "what recorded messages would come to, without AWS"],
    ],
    declaration: dirtycountSettings,
    refuses: (settings, _origins, run) => refuseRun(settings, run),
    async instead(settings, origins, readFile) {
      if (settings.simulate === undefined) return undefined;
      const { simulate } = await import("./commands/simulate.ts");
      return simulate({ ...settings, path: settings.simulate, where: origins.simulate.where }, readFile, frame.now());
    },
    scan,
  });

async function scan(context: ScanContext<DirtycountSettings>): Promise<ScanResult> {
  const { scope, session, stop, clock, run } = context;
  const notes = trackCoverage();
  const store = await (run.mode === "observe" ? context.findState() : context.openState());
  if (typeof store !== "object") notes.note(missingMarks(store));
  const known = typeof store === "object" ? store : undefined;
  const act = known !== undefined && run.mode === "commit" ? actOn(context, known) : undefined;
  const marks = known && openMarks(known, scope.accountId, clock);
  return scanAccount({ ...context, notes, marks, act }, readsOf(session, stop));
}

/** Most runs only look, and start sooner without it. */
const actOn =
  (context: ScanContext<DirtycountSettings>, store: Store) =>
  async (counted: Parameters<typeof import("./act-on-instances.ts").actOnInstances>[2]) => {
    const { actOnInstances } = await import("./act-on-instances.ts");
    return actOnInstances(context, store, counted);
  };

/** No marks where none were ever kept may also mean that dirtymark keeps them elsewhere. */
const missingMarks = (store: "unmade" | undefined) => ({
  what: "marks",
  code: "missing" as const,
  reason:
    store === "unmade" ? "nothing has ever been remembered in the state that is set" : "the state can't be opened",
  subjects: true,
});

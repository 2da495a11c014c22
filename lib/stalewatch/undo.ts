import { readFile } from "node:fs/promises";
import { accountOf } from "../act/entry.ts";
import { thisHolder } from "../act/holder.ts";
import { type Undone, undo as undoAction } from "../act/undo.ts";
import { seconds } from "../core/time.ts";
import type { ExitCode, Frame } from "../runtime/frame.ts";
import { openGrace } from "../runtime/stop.ts";
import type { Store } from "../state/store.ts";
import { actingPrograms } from "./acting-programs.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import type { UndoAccount } from "./undo-account.ts";
import type { UndoProgram } from "./undo-programs.ts";
import { withStore } from "./with-store.ts";

interface UndoOptions {
  readonly id: string;
  readonly profile: string | undefined;
}

export const undo: Command<UndoOptions> = {
  command: "undo <id>",
  describe: "Reverse one action, by its id in the journal",
  options: (yargs) =>
    takePlace(
      yargs
        .positional("id", { type: "string", demandOption: true })
        .options({ profile: { type: "string", describe: "AWS profile of the account that the action was in" } }),
    ),
  async run(frame, options) {
    const account = accountOf(options.id);
    const program = actingPrograms.find((name) => name === account?.program);
    if (account === undefined || program === undefined)
      return refuse(frame, [`"${options.id}" is no id of the journal`]);
    const { undoPrograms } = await import("./undo-programs.ts");
    return undoInProgram(frame, { ...options, ...account, program: undoPrograms[program], name: program });
  },
};

interface UndoRequest extends UndoOptions {
  readonly accountId: string;
  readonly program: UndoProgram;
  readonly name: string;
}

async function undoInProgram(frame: Frame, request: UndoRequest): Promise<ExitCode> {
  const loaded = await request.program.load(frame, request);
  if (!loaded.ok) return refuse(frame, loaded.problems);
  const { run, origins, kinds } = loaded;
  const { accountId, profile, name } = request;
  const listed = await readAccounts(run.accounts, origins.run.accounts.where);
  if (!listed.ok) return refuse(frame, listed.problems);
  const { accounts } = listed;
  return withStore(frame, run, async (store) => {
    const finishing = openGrace(frame.stop, seconds(3));
    const openMeans = async () => {
      const { openAccount } = await import("./open-account.ts");
      const { scope, session } = await openAccount({ program: name, run, accounts, accountId, profile }, frame.stop);
      const at: UndoAccount = { accountId, session, run, store, clock: frame.now, stop: finishing.signal };
      return { accountId: scope.accountId, arn: scope.callerArn, kinds: kinds(at) };
    };
    return undoAndSay(frame, { store, id: request.id, leaseLength: run.leaseTime, openMeans }).finally(
      finishing.release,
    );
  });
}

async function readAccounts(path: string | undefined, where: string) {
  if (path === undefined) return { ok: true, accounts: undefined } as const;
  const { loadAccounts } = await import("../settings/load-accounts.ts");
  return loadAccounts({ path, where, readFile: (name) => readFile(name, "utf8") });
}

interface Saying extends Pick<Parameters<typeof undoAction>[0], "openMeans" | "leaseLength"> {
  readonly store: Store;
  readonly id: string;
}

async function undoAndSay(frame: Frame, undoing: Saying): Promise<ExitCode> {
  const { is, says } = await undoAction({ ...undoing, holder: thisHolder(), clock: frame.now, stop: frame.stop });
  const code = codes[is];
  if (code !== 0) return refuse(frame, [`not undone: ${says}`], code);
  await writeText(frame, `${is === "undone" ? "undone" : "nothing to undo"}: ${says}\n`);
  return 0;
}

const codes: Readonly<Record<Undone["is"], ExitCode>> = {
  ...{ undone: 0, unneeded: 0, refused: 3, missing: 2, failed: 1, unknown: 1 },
};

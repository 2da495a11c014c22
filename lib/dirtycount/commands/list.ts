import { messageOf } from "../../core/errors.ts";
import type { Mark } from "../../marks/mark.ts";
import { openMarks } from "../../marks/marks.ts";
import type { Main } from "../../runtime/frame.ts";
import { region } from "../../settings/aws-kinds.ts";
import { declareSettings, setting } from "../../settings/declare.ts";
import { list as listOf, toggle } from "../../settings/kinds.ts";
import { formatMarkLine, formatMarkTable } from "../mark-text.ts";
import { type CommandPlace, openChosen, print, refuse, runCommand } from "./open-command.ts";

const listSettings = declareSettings("dirtycount", {
  regions: setting(listOf(region()), { default: "", says: "Regions whose instances are listed; none: all." }),
  all: setting(toggle(), {
    default: "false",
    from: ["flag"],
    says: "Also those whose instance has ended, which are kept for 30 days.",
  }),
  json: setting(toggle(), {
    default: "false",
    from: ["flag"],
    says: "One JSON object a line, times in milliseconds.",
  }),
});

interface Listing {
  readonly regions: readonly string[];
  readonly all: boolean;
  readonly json: boolean;
}

/** Who has touched what, by account, region and instance. */
export const list: Main = (frame) =>
  runCommand(frame, {
    program: "dirtycount list",
    says: "Lists the instances that are marked in each account, with who it was: for people, who keep it to themselves.",
    examples: [["dirtycount list prod --json", "the whole records of the account of the AWS profile prod"]],
    declaration: listSettings,
    run: listMarks,
  });

async function listMarks({ frame, run, settings, store, scopes }: CommandPlace<Listing>) {
  const shown: Mark[] = [];
  const asked = new Set<string>();
  let failures = 0;
  for (const source of scopes) {
    try {
      const open = await openChosen(source, { frame, run });
      // Two profiles may lead to one account.
      if (open === undefined || asked.has(open.scope.accountId)) continue;
      asked.add(open.scope.accountId);
      for await (const mark of openMarks(store, open.scope.accountId, frame.now).list()) {
        if (!isAsked(mark, settings)) continue;
        if (settings.json) await print(frame, formatMarkLine(mark));
        else shown.push(mark);
      }
    } catch (thrown) {
      failures += 1;
      refuse(frame, [`${source.name}: ${messageOf(thrown)}`]);
    }
  }
  // That there is none can only be said where all were asked.
  if (!settings.json && (shown.length > 0 || failures === 0)) await print(frame, formatMarkTable(shown));
  return failures > 0 ? 1 : 0;
}

const isAsked = (mark: Mark, { regions, all }: Listing): boolean =>
  (all || mark.endedAt === undefined) && (regions.length === 0 || regions.includes(mark.region));

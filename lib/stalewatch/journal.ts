import { listAccounts } from "../act/accounts.ts";
import type { JournalEntry } from "../act/entry.ts";
import { listEntries, listOpenEntries } from "../act/read-journal.ts";
import { type Millis, parseInstant } from "../core/time.ts";
import { accountId } from "../settings/aws-kinds.ts";
import { parseDuration } from "../settings/duration.ts";
import { quoteValue } from "../settings/parse-value.ts";
import type { Store } from "../state/store.ts";
import { actingPrograms } from "./acting-programs.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { formatJournalLines, formatJournalTable } from "./journal-text.ts";
import { takePlace } from "./load-run.ts";
import { readOptions } from "./read-options.ts";
import { withSharedStore } from "./with-store.ts";

interface JournalOptions {
  readonly program: string | undefined;
  readonly account: string | undefined;
  readonly open: boolean;
  readonly since: string | undefined;
  readonly json: boolean;
}

export const journal: Command<JournalOptions> = {
  command: "journal",
  describe: "List what was done to whom and why, the newest first",
  options: (yargs) =>
    takePlace(
      yargs.options({
        program: { choices: actingPrograms, describe: "only what this program did" },
        account: { type: "string", describe: "only in this account" },
        open: { type: "boolean", default: false, describe: "only what is begun and not concluded" },
        since: { type: "string", describe: "only what was begun within this time, such as 7d, or since a date" },
        json: { type: "boolean", default: false, describe: "one JSON object a line, times in milliseconds" },
      }),
    ),
  async run(frame, options) {
    const { program, open, json } = options;
    const read = readOptions({ account: accountId() }, options);
    const since = sinceOf(options.since, frame.now());
    if (!read.ok || typeof since === "string")
      return refuse(frame, [...(read.ok ? [] : read.problems), ...(typeof since === "string" ? [since] : [])]);
    return withSharedStore(frame, options, async (store) => {
      const programs = program === undefined ? actingPrograms : [program];
      const entries = await gather(store, { programs, account: read.values.account, open, since });
      await writeText(frame, json ? formatJournalLines(entries) : formatJournalTable(entries));
      return 0;
    });
  },
};

/** The instant, or what is wrong with it. */
function sinceOf(written: string | undefined, now: Millis): Millis | string {
  if (written === undefined) return Number.NEGATIVE_INFINITY;
  const length = parseDuration(written);
  const since = length === undefined ? parseInstant(written) : now - length;
  return since ?? `since: ${quoteValue(written)} is not a duration such as 7d or a date such as 2026-03-01`;
}

interface Wanted {
  readonly programs: readonly string[];
  readonly account: string | undefined;
  readonly open: boolean;
  readonly since: Millis;
}

async function gather(store: Store, { programs, account, open, since }: Wanted): Promise<readonly JournalEntry[]> {
  const list = open ? listOpenEntries : listEntries;
  const entries: JournalEntry[] = [];
  for (const program of programs) {
    const accounts = account === undefined ? await listAccounts(store, program) : [account];
    for (const accountId of accounts)
      for await (const entry of list(store, { program, accountId })) if (entry.intendedAt >= since) entries.push(entry);
  }
  return entries.sort((one, other) => other.intendedAt - one.intendedAt);
}

import type { SkunkyImported } from "../dirtycount/import.ts";
import type { Frame } from "../runtime/frame.ts";
import { region } from "../settings/aws-kinds.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import { readOptions } from "./read-options.ts";
import { withSharedStore } from "./with-store.ts";

interface ImportOptions {
  readonly table: string;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly "dry-run": boolean;
}

export const importSkunky: Command<ImportOptions> = {
  command: "skunky",
  describe: "The instances that Netflix's Skunky has marked, of all accounts, as of senders that were not proven",
  options: (yargs) =>
    takePlace(
      yargs.options({
        table: { type: "string", default: "Skunky", describe: "DynamoDB table" },
        profile: { type: "string", describe: "AWS profile that reads the table; absent: state_profile" },
        region: { type: "string", describe: "region of the table; absent: state_region" },
        "dry-run": { type: "boolean", default: false, describe: "only say what would be taken over" },
      }),
    ),
  async run(frame, options) {
    const read = readOptions({ region: region() }, options);
    if (!read.ok) return refuse(frame, read.problems);
    return withSharedStore(frame, options, async (store, run) => {
      const rows = await readTable(frame, options, run);
      const { importRows } = await import("../dirtycount/import.ts");
      const imported = await importRows({ store, rows, clock: frame.now, isDry: options["dry-run"] });
      await writeText(frame, `${rows.length} rows in table "${options.table}"\n${formatImported(imported, options)}`);
      return 0;
    });
  },
};

async function readTable(frame: Frame, options: ImportOptions, run: RunSettings) {
  const [{ openSession }, { dynamoDbClient }, { noCalls }, { scanTable }] = await Promise.all([
    import("../aws/session.ts"),
    import("../aws/client/dynamodb.ts"),
    import("../core/call-counts.ts"),
    import("../aws/read/dynamodb.ts"),
  ]);
  const { profile = run.stateProfile, region = run.stateRegion ?? run.region } = options;
  const client = dynamoDbClient(await openSession({ profile, region, counts: noCalls() }));
  const rows: ReadonlyMap<string, string>[] = [];
  for await (const page of scanTable({ client, stop: frame.stop }, options.table)) rows.push(...page);
  return rows;
}

function formatImported({ instances, news, unmapped }: SkunkyImported, { "dry-run": isDry }: ImportOptions): string {
  const lines = [
    ...news.map(({ accountId, id, events }) => `${accountId} ${id}: ${events} events`),
    ...unmapped.map(({ what, because }) => `not taken over: ${what}: ${because}`),
    `${news.length} instances ${isDry ? "would be " : ""}taken over, ${instances - news.length} known already, ` +
      `${unmapped.length} rows not taken over`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

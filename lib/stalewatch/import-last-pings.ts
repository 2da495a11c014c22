import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Calling } from "../aws/call.ts";
import type { TextItem } from "../aws/read/dynamodb.ts";
import { failureCodeOf } from "../core/errors.ts";
import { formatInstant } from "../core/time.ts";
import type { Imported } from "../keycheck/import.ts";
import type { MappedPings } from "../keycheck/last-pings.ts";
import type { Frame } from "../runtime/frame.ts";
import { accountId, region } from "../settings/aws-kinds.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import { type Command, refuse, writeText } from "./command.ts";
import { takePlace } from "./load-run.ts";
import { readOptions } from "./read-options.ts";
import { withSharedStore } from "./with-store.ts";

interface ImportOptions {
  readonly account: string;
  readonly table: string | undefined;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly "dry-run": boolean;
}

/** As the original's README names it, and as its code does. */
const tables = ["iam-access-key-alert", "iam_access_key_alert"] as const;

export const importLastPings: Command<ImportOptions> = {
  command: "iam-access-key-alert",
  describe: "When Lacework's keycheck last told the owners of an account's keys",
  options: (yargs) =>
    takePlace(
      yargs.options({
        account: { type: "string", demandOption: true, describe: "account whose keys to look for in the table" },
        table: { type: "string", describe: `DynamoDB table; absent: ${tables.join(", else ")}` },
        profile: { type: "string", describe: "AWS profile that reads the table; absent: state_profile" },
        region: { type: "string", describe: "region of the table; absent: state_region" },
        "dry-run": { type: "boolean", default: false, describe: "only say what would be taken over" },
      }),
    ),
  async run(frame, options) {
    const read = readOptions({ account: accountId(), region: region() }, options);
    if (!read.ok) return refuse(frame, read.problems);
    return withSharedStore(frame, options, async (store, run) => {
      const { table, items } = await readTable(frame, options, run);
      const { importPings } = await import("../keycheck/import.ts");
      const request = { store, accountId: options.account, items, clock: frame.now, isDry: options["dry-run"] };
      const imported = await importPings(request);
      if (imported.users === 0) return refuse(frame, [sayUnknown(options.account)], 1);
      await writeText(frame, `${items.length} items in table "${table}"\n${formatImported(imported, options)}`);
      return 0;
    });
  },
};

async function readTable(frame: Frame, options: ImportOptions, run: RunSettings) {
  const [{ openSession }, { dynamoDbClient }, { noCalls }] = await Promise.all([
    import("../aws/session.ts"),
    import("../aws/client/dynamodb.ts"),
    import("../core/call-counts.ts"),
  ]);
  const { profile = run.stateProfile, region = run.stateRegion ?? run.region } = options;
  const client = dynamoDbClient(await openSession({ profile, region, counts: noCalls() }));
  const dynamoDb = { client, stop: frame.stop };
  const [first, second] = options.table === undefined ? tables : [options.table];
  try {
    return await readAll(dynamoDb, first);
  } catch (thrown) {
    if (second === undefined || failureCodeOf(thrown) !== "missing") throw thrown;
    return readAll(dynamoDb, second);
  }
}

async function readAll(dynamoDb: Calling<DynamoDBClient>, table: string) {
  const { scanTable } = await import("../aws/read/dynamodb.ts");
  const items: TextItem[] = [];
  for await (const page of scanTable(dynamoDb, table)) items.push(...page);
  return { table, items };
}

const sayUnknown = (account: string): string =>
  `no user of account "${account}" is remembered here: keycheck has to scan it with this state first`;

function formatImported({ mapped, unmapped, news }: Imported, { "dry-run": isDry }: ImportOptions): string {
  const lines = [
    ...news.map(formatNews),
    ...unmapped.map(({ what, because }) => `not taken over: ${what}: ${because}`),
    `${news.length} keys ${isDry ? "would be " : ""}taken over, ${mapped.length - news.length} known already, ` +
      `${unmapped.length} not taken over`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const formatNews = ({ user, key, pings }: MappedPings): string =>
  `key ...${key.id.slice(-5)} of "${user}": first told ${formatInstant(pings.first)}, last ${formatInstant(pings.last)}`;

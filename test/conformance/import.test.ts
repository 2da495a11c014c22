import { join } from "node:path";
import { CreateTableCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type Test, test } from "tap";
import { scanTable } from "../../lib/aws/read/dynamodb.ts";
import { openLadders } from "../../lib/keycheck/ladders.ts";
import { formatMemory } from "../../lib/keycheck/memory.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import type { Store } from "../../lib/state/store.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import { runStalewatch } from "../support/run-stalewatch.ts";
import { startDynalite } from "../support/start-dynalite.ts";

const account = "123456789012";
const ada = "AKIAEXAMPLEEXAMPLADA1";
const bob = "AKIAEXAMPLEEXAMPLBOB1";
const eve = "AKIAEXAMPLEEXAMPLEVE1";
const createdAt = Date.UTC(2025, 0, 1);

/** With the keys that the original's own table has. */
const makeTable = (client: DynamoDBClient, name: string) =>
  client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "iam_access_key_id", AttributeType: "S" },
        { AttributeName: "last_pinged_time", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "iam_access_key_id", KeyType: "HASH" },
        { AttributeName: "last_pinged_time", KeyType: "RANGE" },
      ],
    }),
  );

const put = (client: DynamoDBClient, table: string, [id, time, padding]: readonly [string, string, string?]) =>
  client.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        ...{ iam_access_key_id: { S: id }, last_pinged_time: { S: time } },
        ...(padding === undefined ? {} : { padding: { S: padding } }),
      },
    }),
  );

const pings = [
  [ada, "2026-01-03 10:00:00"],
  [ada, "2026-01-01 10:00:00"],
  [ada, "2026-01-02 10:00:00"],
  [bob, "2026-01-02 10:00:00"],
  [eve, "2026-01-02 10:00:00"],
  [ada, "yesterday"],
] as const;

const first = Date.UTC(2026, 0, 1, 10);
const last = Date.UTC(2026, 0, 3, 10);

const remember = async (store: Store): Promise<void> => {
  const users = [
    { name: "ada", key: { id: ada, active: true, createdAt } },
    { name: "bob", key: { id: bob, active: false, createdAt } },
  ];
  for (const { name, key } of users) {
    const arn = `arn:aws:iam::${account}:user/${name}`;
    const memory = { name, arn, createdAt, keys: [key], listedAt: Date.now(), sighting: undefined };
    await store.create(`keycheck.users#${account}`, name, formatMemory(memory));
  }
};

async function openPlace(t: Test, table: string) {
  const { url } = await startDynalite(t);
  const client = makeDynamoDbClient(url);
  await makeTable(client, table);
  for (const ping of pings) await put(client, table, ping);
  const directory = join(t.testdir(), "state");
  const environment = {
    ...{ STALEWATCH_STATE_DIRECTORY: directory, AWS_ENDPOINT_URL_DYNAMODB: url, AWS_REGION: "us-east-1" },
    ...{ AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "any" },
  };
  const inStore = async <Value>(work: (store: Store) => Promise<Value>): Promise<Value> => {
    const store = await openEmbeddedStore({ directory });
    return work(store).finally(() => store.close());
  };
  return {
    ...{ client, inStore },
    ladder: (id: string) => inStore((store) => openLadders(store, account, Date.now).find(id)),
    run: (...args: string[]) => runStalewatch(["import", "iam-access-key-alert", ...args], environment),
  };
}

const unmapped = [
  'not taken over: key ...LADA1: its last_pinged_time "yesterday" is no time',
  "not taken over: key ...LBOB1: it is Inactive",
  "not taken over: key ...LEVE1: no user of the account is remembered to have it",
];

const linesOf = (stdout: string): readonly string[] => stdout.trimEnd().split("\n");

test("last pings are taken over once, and nothing of them starts a clock", async (t) => {
  const { inStore, ladder, run } = await openPlace(t, "iam-access-key-alert");
  await inStore(remember);
  const taken = 'key ...LADA1 of "ada": first told 2026-01-01T10:00:00Z, last 2026-01-03T10:00:00Z';

  const dry = await run("--account", account, "--dry-run");
  t.strictSame({ code: dry.code, stderr: dry.stderr }, { code: 0, stderr: "" });
  t.strictSame(linesOf(dry.stdout).toSorted(), [
    "1 keys would be taken over, 0 known already, 3 not taken over",
    '6 items in table "iam-access-key-alert"',
    taken,
    ...unmapped,
  ]);
  t.equal(await ladder(ada), undefined);

  const done = await run("--account", account);
  t.ok(linesOf(done.stdout).includes("1 keys taken over, 0 known already, 3 not taken over"), done.stdout);
  t.notMatch(done.stdout, ada);
  const wanted = { keyId: ada, user: "ada", createdAt, round: 1, notices: 0, said: [] };
  const kept = await ladder(ada);
  t.match(kept, { ...wanted, firstNoticeAt: first, lastNoticeAt: last });
  t.strictSame([kept?.deliveredAt, kept?.person], [undefined, undefined]);
  t.strictSame([await ladder(bob), await ladder(eve)], [undefined, undefined]);

  const again = await run("--account", account);
  t.strictSame(linesOf(again.stdout).toSorted(), [
    "0 keys taken over, 1 known already, 3 not taken over",
    '6 items in table "iam-access-key-alert"',
    ...unmapped,
  ]);
  t.strictSame(await ladder(ada), kept);
});

test("the table is found under the name that the original's code gives it", async (t) => {
  const { inStore, run } = await openPlace(t, "iam_access_key_alert");
  await inStore(remember);
  const { code, stdout } = await run("--account", account, "--dry-run");
  t.equal(code, 0);
  t.match(stdout, '6 items in table "iam_access_key_alert"');
});

test("what can't be taken over at all is said in a line", async (t) => {
  const { inStore, run } = await openPlace(t, "iam-access-key-alert");
  t.strictSame(await run("--account", account), {
    ...{ code: 1, stdout: "" },
    stderr: `E! stalewatch: no user of account "${account}" is remembered here: keycheck has to scan it with this state first\n`,
  });
  await inStore(remember);
  t.match(await run("--account", account, "--table", "other"), {
    ...{ code: 1, stdout: "" },
    stderr: /^E! stalewatch: dynamodb:Scan: .*\n$/,
  });
  t.match(await run("--account", "42", "--region", "mars"), {
    ...{ code: 2, stdout: "" },
    stderr: /account: "42" is not .*\n.*region: "mars" is not a region such as us-east-1\n$/,
  });
  t.match(await run(), { code: 2, stderr: "E! stalewatch: Missing required argument: account\n" });
});

test("a table of many pages is read to its end", async (t) => {
  const { client } = await openPlace(t, "pages");
  const padding = "x".repeat(300_000);
  for (let at = 0; at < 9; at += 1) await put(client, "pages", [`K${at}`, "t", padding]);
  const ids: string[] = [];
  let pages = 0;
  for await (const page of scanTable({ client, stop: new AbortController().signal }, "pages")) {
    pages += 1;
    ids.push(...page.map((item) => item.get("iam_access_key_id") ?? ""));
  }
  t.ok(pages >= 3, `${pages} pages`);
  t.equal(ids.filter((id) => id.startsWith("K")).length, 9);
  t.equal(new Set(ids).size, 12);
});

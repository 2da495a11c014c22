import { join } from "node:path";
import { CreateTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { test } from "tap";
import { openMarks } from "../../lib/marks/marks.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import { runStalewatch } from "../support/run-stalewatch.ts";
import { startDynalite } from "../support/start-dynalite.ts";

const account = "123456789012";
const region = "eu-west-1";
const at = Date.UTC(2026, 0, 1, 10);

/** As the original writes them: each attribute a text but the end of its life. */
const row = (instance: string, marked: number) => ({
  hash: { S: `${account}::${region}::${instance}::${marked}` },
  ...{ instance_id: { S: instance }, account_id: { S: account }, region: { S: region }, skunk_level: { S: "high" } },
  ...{ marked_dirty: { S: `${marked}` }, identity: { S: '{"event":"ssh"}' }, ttl: { N: "1" } },
});

test("rows of the original's table are taken over once, as of senders that nobody proved", async (t) => {
  const { url } = await startDynalite(t);
  const client = makeDynamoDbClient(url);
  await client.send(
    new CreateTableCommand({
      ...{ TableName: "Skunky", BillingMode: "PAY_PER_REQUEST" },
      AttributeDefinitions: [{ AttributeName: "hash", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "hash", KeyType: "HASH" }],
    }),
  );
  const rows = [
    ...[row("i-00000001", at), row("i-00000001", at + 5), row("i-00000002", at)],
    { ...row("i-00000003", at), marked_dirty: { N: `${at}` } },
    row("mi-00000004", at),
  ];
  for (const Item of rows) await client.send(new PutItemCommand({ TableName: "Skunky", Item }));
  const directory = join(t.testdir(), "state");
  const run = (...args: readonly string[]) =>
    runStalewatch(["import", "skunky", ...args], {
      ...{ STALEWATCH_STATE_DIRECTORY: directory, AWS_ENDPOINT_URL_DYNAMODB: url, AWS_REGION: "us-east-1" },
      ...{ AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "any" },
    });
  const lastLine = ({ stdout }: { readonly stdout: string }) => stdout.trimEnd().split("\n").at(-1);
  const find = async (instanceId: string) => {
    const store = await openEmbeddedStore({ directory });
    return openMarks(store, account, Date.now)
      .find({ region, instanceId })
      .finally(() => store.close());
  };
  const dry = await run("--dry-run");
  t.strictSame([dry.code, dry.stderr], [0, ""]);
  t.equal(lastLine(dry), "3 instances would be taken over, 0 known already, 1 rows not taken over");
  t.equal(await find("i-00000001"), undefined);
  const done = await run();
  t.match(done.stdout, /^5 rows in table "Skunky"$/m);
  t.match(done.stdout, new RegExp(`^not taken over: row "${account}::${region}::mi-.*": it names no instance$`, "m"));
  t.equal(lastLine(done), "3 instances taken over, 0 known already, 1 rows not taken over");
  const mark = await find("i-00000001");
  t.match(mark, { unverified: { count: 2, firstAt: at, lastAt: at + 5, level: "high", sources: ["host"] } });
  t.notOk("verified" in (mark ?? {}));
  t.equal(lastLine(await run()), "0 instances taken over, 3 known already, 1 rows not taken over");
  t.strictSame(await find("i-00000001"), mark);
});

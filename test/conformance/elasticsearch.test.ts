import { readFileSync } from "node:fs";
import { t as file, test } from "tap";
import type { Document } from "../../lib/core/document.ts";
import { Secret } from "../../lib/core/secret.ts";
import { days, minutes, parseInstant, seconds } from "../../lib/core/time.ts";
import { openElasticsearchSink } from "../../lib/sink/elasticsearch.ts";
import type { Sink } from "../../lib/sink/sink.ts";
import { openSpool } from "../../lib/sink/spool.ts";
import { noDocuments } from "../../lib/sink/totals.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { idOf } from "../support/audit-world.ts";
import { executablePath } from "../support/run-executable.ts";
import { skipWithout } from "./support/peers.ts";
import { startAudit } from "./support/start-audit.ts";
import { type Elasticsearch, startElasticsearch } from "./support/start-elasticsearch.ts";
import { runProcess } from "./support/start-process.ts";

const skip = skipWithout("Elasticsearch");

const index = "aws-audits";

const { queries: savedQueries }: { readonly queries: Readonly<Record<string, { readonly body: object }>> } = JSON.parse(
  readFileSync(new URL("../../dashboards/elasticsearch/tagaudit.json", import.meta.url), "utf8"),
);
const start = parseInstant("2026-03-01T12:00:00Z") ?? Number.NaN;
const stop = new AbortController().signal;

const violatorsHere = ["a", "b", "c"].map((name) => ({ _source: { id: idOf(name), owner: "ada", account: "prod" } }));
const threeHere = { instances: { value: 3 } };

/** What the saved queries of dashboards/elasticsearch answer after one run of `startAudit`'s. */
const savedAnswers: Readonly<Record<string, object>> = {
  violators_by_owner: { aggregations: { owners: { buckets: [{ key: "ada", ...threeHere }] } } },
  violators_by_region: {
    aggregations: {
      accounts: {
        buckets: [{ key: "prod", ...threeHere, regions: { buckets: [{ key: "eu-west-1", ...threeHere }] } }],
      },
    },
  },
  violations_by_tag: {
    aggregations: {
      violations: {
        buckets: [
          { key: "department=missing", ...threeHere },
          { key: "project=missing", ...threeHere },
        ],
      },
    },
  },
  violators_over_time: {
    aggregations: {
      days: {
        buckets: [
          {
            accounts: {
              buckets: [
                { key: "dev", violators: { value: 0 } },
                { key: "prod", violators: { value: 3 } },
              ],
            },
          },
        ],
      },
    },
  },
  oldest_violators: { hits: { hits: violatorsHere } },
  longest_in_violation: {
    aggregations: {
      instances: { buckets: violatorsHere.map((hit) => ({ key: hit._source.id, latest: { hits: { hits: [hit] } } })) },
    },
  },
};

/** One of two days, two regions, two states. */
function aViolator(at: number, run = "run-1"): Document {
  const [region, state] = [at % 2 === 0 ? "us-east-1" : "eu-west-1", at % 3 === 0 ? "stopped" : "running"];
  const id = `i-${String(at).padStart(17, "0")}`;
  return {
    ...{ index, id: `${run}:${region}:${id}` },
    body: {
      ...{ doc_type: "aws_tag_violator", "@timestamp": formatDay(at % 4), account: "acme-prod" },
      ...{ age: at + 0.5, id, region, state, tags: [`Name=host, ${at}=x`, "project=zoë 😀", "owner="] },
    },
  };
}

const formatDay = (day: number): string => new Date(start + Math.floor(day / 2) * minutes(24 * 60)).toISOString();

const rollup: Document = {
  ...{ index, id: "run-1:123456789012" },
  body: {
    ...{ doc_type: "aws_tag_audit", "@timestamp": formatDay(0), account: "acme-prod" },
    ...{ tag_scheme: "created_by,department,project", violator_count: 2, violators_truncated: false },
    violators: [
      { age: 1.5, id: "i-1", region: "us-east-1", state: "running", tags: ["a=b"] },
      { age: 20, id: "i-2", region: "eu-west-1", state: "stopped", tags: [] },
    ],
  },
};

const violators = Array.from({ length: 1200 }, (_, at) => aViolator(at));

if (skip) test("documents in Elasticsearch", { skip }, async () => {});
else await testHere();

async function testHere(): Promise<void> {
  const elasticsearch = await startElasticsearch(file);
  const warnings: string[] = [];
  const sink = openElasticsearchSink({
    settings: {
      ...{ elasticsearchUrl: [elasticsearch.url], elasticsearchIndex: index, elasticsearchCaFile: undefined },
      ...{ elasticsearchApiKey: undefined, elasticsearchUser: undefined, elasticsearchPassword: undefined },
    },
    ...{ readSecret: async () => new Secret("unused"), warn: (message) => warnings.push(message) },
    ...{ timeout: seconds(30), patience: seconds(1), firstWait: 100 },
  });
  const { ask } = elasticsearch;
  const write = takerOf(sink);

  test("the first run makes the template, and every document is stored", async (t) => {
    t.strictSame(await write([...violators, rollup]), { ...noDocuments, stored: 1201 });
    const { index_templates: templates } = await ask("GET", "/_index_template/stalewatch-*");
    t.match(templates, [{ name: "stalewatch-aws-audits", index_template: { version: 1 } }]);
    t.strictSame(warnings, []);
  });

  test("the fields have the original's types, in words of today", async (t) => {
    const mapping = await ask("GET", `/${index}/_mapping`);
    const keyword = { type: "keyword" };
    const violator = { age: { type: "double" }, id: keyword, region: keyword, state: keyword, tags: keyword };
    t.match(mapping[index], {
      mappings: {
        properties: {
          ...{
            "@timestamp": { type: "date" },
            account: keyword,
            tag_scheme: keyword,
            violator_count: { type: "long" },
          },
          ...{ violators: { properties: violator }, ...violator, doc_type: keyword },
        },
      },
    });
  });

  test("a run delivered twice changes nothing", async (t) => {
    t.strictSame(await write([...violators, rollup]), { ...noDocuments, duplicates: 1201 });
    t.equal(await countAll(elasticsearch), 1201);
  });

  test("terms and date histograms over the original's fields answer", async (t) => {
    const { aggregations } = await ask("POST", `/${index}/_search?size=0`, {
      query: { term: { doc_type: "aws_tag_violator" } },
      aggs: {
        regions: { terms: { field: "region" } },
        states: { terms: { field: "state" } },
        tags: { terms: { field: "tags", size: 1, include: "project=.*" } },
        days: { date_histogram: { field: "@timestamp", calendar_interval: "day" } },
        oldest: { max: { field: "age" } },
      },
    });
    const counts = (name: string) =>
      aggregations[name]?.buckets.map(({ key, key_as_string: text, doc_count: count }) => [text ?? key, count]);
    t.strictSame(counts("regions"), [
      ["eu-west-1", 600],
      ["us-east-1", 600],
    ]);
    t.strictSame(counts("states"), [
      ["running", 800],
      ["stopped", 400],
    ]);
    t.strictSame(counts("tags"), [["project=zoë 😀", 1200]]);
    t.strictSame(counts("days"), [
      ["2026-03-01T00:00:00.000Z", 600],
      ["2026-03-02T00:00:00.000Z", 600],
    ]);
    t.equal(aggregations.oldest?.value, 1199.5);
  });

  test("the account's own document answers for its violators, and comes back as it went in", async (t) => {
    const query = { query: { term: { doc_type: "aws_tag_audit" } } };
    const { hits, aggregations } = await ask("POST", `/${index}/_search`, {
      ...query,
      aggs: {
        regions: { terms: { field: "violators.region" } },
        schemes: { terms: { field: "tag_scheme" } },
        count: { sum: { field: "violator_count" } },
      },
    });
    t.strictSame(
      hits.hits.map(({ _id, _source }) => [_id, _source]),
      [[rollup.id, rollup.body]],
    );
    t.strictSame(
      aggregations.regions?.buckets.map(({ key }) => key),
      ["eu-west-1", "us-east-1"],
    );
    t.strictSame(
      aggregations.schemes?.buckets.map(({ key }) => key),
      ["created_by,department,project"],
    );
    t.equal(aggregations.count?.value, 2);
  });

  test("new fields need no new template: text can be grouped, fractions are kept", async (t) => {
    const cloud = { account: { id: "123456789012" }, region: "us-east-1" };
    const event = { kind: "state", category: ["configuration"] };
    const added = { ...aViolator(0, "run-2").body, cloud, event, launcher: "x".repeat(40_000), share: 0.1 };
    t.match(await write([{ ...aViolator(0, "run-2"), body: added }]), { stored: 1 });
    const mapping = await ask("GET", `/${index}/_mapping`);
    t.match(mapping[index], {
      mappings: { properties: { launcher: { type: "keyword" }, share: { type: "double" } } },
    });
  });

  test("a run of tagaudit: its documents answer as the original's did, and delivered twice change nothing", async (t) => {
    const audit = "tagaudit-run";
    const environment = { ...(await startAudit(t)), STALEWATCH_MODE: "observe" };
    const args = ["--tags", "created_by,department,project", "--elasticsearch-index", audit];
    const run = await runProcess(t, {
      ...{ command: process.execPath, environment },
      args: [
        ...[executablePath("tagaudit"), "prod", "dev", ...args, "--sink", "documents,elasticsearch"],
        ...["--elasticsearch-url", elasticsearch.url],
      ],
    });
    t.equal(run.code, 0, run.stderr);
    const documents = run.stdout.trim().split("\n").map(readDocument);
    const ids = ["a", "b", "c"].map(idOf);
    t.equal(documents.length, ids.length + 2, "three violators, and two accounts");
    await ask("POST", `/${audit}/_refresh`);
    const { hits } = await ask("POST", `/${audit}/_search?size=100`, { sort: ["doc_type", "account", "id"] });
    t.strictSame(
      hits.hits.map(({ _id: id, _source: body }) => JSON.stringify({ index: audit, id, body })).sort(),
      documents.map((document) => JSON.stringify(document)).sort(),
      "what is printed is what is stored",
    );

    const { aggregations } = await ask("POST", `/${audit}/_search?size=0`, {
      aggs: {
        types: { terms: { field: "doc_type" } },
        regions: { terms: { field: "region" } },
        states: { terms: { field: "state" } },
        instances: { terms: { field: "id", order: { _key: "asc" } } },
        tags: { terms: { field: "tags" } },
        days: { date_histogram: { field: "@timestamp", calendar_interval: "day" } },
        accounts: {
          terms: { field: "account", order: { _key: "asc" } },
          aggs: { most: { max: { field: "violator_count" } } },
        },
        schemes: { terms: { field: "tag_scheme" } },
        youngest: { min: { field: "age" } },
      },
    });
    const counts = (name: string) => aggregations[name]?.buckets.map(({ key, doc_count: count }) => [key, count]);
    t.strictSame(counts("types"), [
      ["aws_tag_violator", 3],
      ["aws_tag_audit", 2],
    ]);
    t.strictSame(counts("regions"), [["eu-west-1", 3]]);
    t.strictSame(counts("states"), [
      ["running", 2],
      ["stopped", 1],
    ]);
    t.strictSame(
      counts("instances"),
      ids.map((id) => [id, 1]),
    );
    t.strictSame(counts("tags"), [["created_by=ada", 3]]);
    t.strictSame(counts("schemes"), [["created_by,department,project", 2]]);
    t.equal(
      aggregations.days?.buckets.reduce((sum, { doc_count: count }) => sum + count, 0),
      5,
    );
    t.ok((aggregations.youngest?.value ?? 0) >= (89 * days(1)) / minutes(1), "age is in minutes");

    t.strictSame(Object.keys(savedAnswers), Object.keys(savedQueries), "of every query an answer is known");
    for (const [name, { body }] of Object.entries(savedQueries))
      t.match(await ask("POST", `/${audit}/_search`, body), savedAnswers[name], name);

    t.strictSame(await write(documents), { ...noDocuments, duplicates: documents.length });
    t.equal(await countAll(elasticsearch, audit), documents.length);
  });

  const misfits = [
    { name: "text where a number is", body: { age: "old" }, says: /^HTTP 400: document_parsing_exception: .*\[age\]/ },
    {
      name: "a time that is none",
      body: { "@timestamp": "yesterday" },
      says: /^HTTP 400: document_parsing_exception: /,
    },
    { name: "a map where text is", body: { region: { name: "x" } }, says: /^HTTP 400: document_parsing_exception: / },
    {
      name: "fields of its own that can't be one",
      body: { _id: "x" },
      says: /^HTTP 400: document_parsing_exception: /,
    },
  ];

  test("what does not fit is rejected by itself, with the server's reason", async (t) => {
    const wrong = misfits.map(({ body }, at) => ({
      ...aViolator(at, "run-3"),
      body: { ...aViolator(at).body, ...body },
    }));
    const tooLong = { ...aViolator(9, "run-3"), id: "x".repeat(513) };
    const right = [8, 9, 10].map((at) => aViolator(at, "run-3"));
    const totals = await write([...wrong, ...right, tooLong]);
    t.match(totals, { stored: 3, duplicates: 0, undelivered: [], reason: undefined });
    t.strictSame(
      totals.rejected.map(({ document }) => document),
      [...wrong, tooLong],
    );
    for (const [at, { name, says }] of misfits.entries()) t.match(totals.rejected[at]?.reason, says, name);
    t.match(totals.rejected.at(-1)?.reason, /^HTTP 400: action_request_validation_exception: .*too long/);
  });

  test("an index that takes no writes keeps documents undelivered, and refuses none", async (t) => {
    await ask("PUT", `/${index}/_settings`, { index: { blocks: { write: true } } });
    const totals = await write([aViolator(0, "run-4")]);
    t.match(totals, {
      stored: 0,
      rejected: [],
      undelivered: [aViolator(0, "run-4")],
      reason: /HTTP 403: cluster_block/,
    });
    await ask("PUT", `/${index}/_settings`, { index: { blocks: { write: null } } });
    await sink.flush();
    t.match(await write([aViolator(0, "run-4")]), { stored: 1 });
  });

  test("a template that somebody made with the same priority is a warning, and documents are stored", async (t) => {
    await ask("DELETE", "/_index_template/stalewatch-aws-audits");
    await ask("PUT", "/_index_template/rival", { index_patterns: ["aws-*"], priority: 501 });
    await sink.close();
    t.match(await write([aViolator(0, "run-5")]), { stored: 1 });
    t.match(warnings, [/: index template "stalewatch-aws-audits" is not made: HTTP 400: illegal_argument_exception: /]);
    await ask("DELETE", "/_index_template/rival");
    await sink.close();
    t.match(await write([aViolator(0, "run-5")]), { duplicates: 1 });
    t.match(await ask("GET", "/_index_template/stalewatch-*"), {
      index_templates: [{ name: "stalewatch-aws-audits" }],
    });
    t.equal(warnings.length, 1);
  });

  test("a server that stops midway: the rest waits in the spool, and the next run delivers it", async (t) => {
    const before = await countAll(elasticsearch);
    const spool = openSpool(openMemoryStore({ now: () => start }), {
      ...{
        program: "tagaudit",
        accountId: "123456789012",
        clock: () => start,
        warn: (message) => warnings.push(message),
      },
    });
    const late = Array.from({ length: 5000 }, (_, at) => aViolator(at, "run-6"));
    const first = await write(late.slice(0, 1000));
    t.equal(first.stored, 1000);
    // While it ends, some requests may still be answered.
    const stopping = elasticsearch.stop();
    const second = await write(late.slice(1000, 3000));
    await stopping;
    const third = await write(late.slice(3000));
    t.equal(third.undelivered.length, 2000);
    t.ok(third.reason?.startsWith(`elasticsearch_url "${elasticsearch.url}": `), third.reason ?? "");
    t.strictSame([second.rejected, third.rejected], [[], []]);
    const undelivered = [...second.undelivered, ...third.undelivered];
    t.strictSame(await spool.keep(undelivered), { kept: undelivered.length, dropped: 0 });
    t.match(await spool.deliverWaiting(write), { stored: 0, waiting: undelivered.length });

    await elasticsearch.restart();
    await sink.flush();
    const delivered = await spool.deliverWaiting(write);
    t.match(delivered, { rejected: 0, waiting: 0, dropped: 0, reason: undefined });
    t.equal(delivered.stored + delivered.duplicates, undelivered.length);
    t.equal(await countAll(elasticsearch), before + 5000);
  });
}

function takerOf({ writeDocuments }: Sink) {
  if (writeDocuments === undefined) throw new Error("takes no documents");
  return (documents: readonly Document[]) => writeDocuments(documents, stop);
}

/** As the sink documents prints one. */
function readDocument(line: string): Document {
  const { _index, _id, ...body } = JSON.parse(line);
  return { index: _index, id: _id, body };
}

async function countAll({ ask }: Elasticsearch, counted = index): Promise<number> {
  await ask("POST", `/${counted}/_refresh`);
  return (await ask("GET", `/${counted}/_count`)).count;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Test, test } from "tap";
import type { Document } from "../../lib/core/document.ts";
import { OpsError } from "../../lib/core/errors.ts";
import { Secret } from "../../lib/core/secret.ts";
import { openElasticsearchSink } from "../../lib/sink/elasticsearch.ts";
import type { ElasticsearchTarget } from "../../lib/sink/elasticsearch-connection.ts";
import { noDocuments } from "../../lib/sink/totals.ts";
import { testDocuments } from "../contract/documents.ts";
import {
  type FakeElasticsearch,
  type FakeElasticsearchOptions,
  type Fault,
  startFakeElasticsearch,
} from "../support/fake-elasticsearch.ts";

const index = "aws-audits";
const templateName = "stalewatch-aws-audits";
const templateCalls = [`GET /_index_template/${templateName}`, `PUT /_index_template/${templateName}`];

const aDocument = (id: string, text = ""): Document => ({
  index,
  id,
  body: { doc_type: "aws_tag_violator", id, text },
});

const many = (count: number, text = ""): readonly Document[] =>
  Array.from({ length: count }, (_, at) => aDocument(`i-${at}`, text));

type Options = Partial<Omit<ElasticsearchTarget, "settings">> & {
  readonly settings?: Partial<ElasticsearchTarget["settings"]>;
  readonly secrets?: Readonly<Record<string, string>>;
};

/** A sink on a fake server, that loses patience soon. */
function openOn(t: Test, url: string, { settings, secrets = {}, ...options }: Options = {}) {
  const warnings: string[] = [];
  const secretsRead: string[] = [];
  const sink = openElasticsearchSink({
    settings: {
      ...{ elasticsearchUrl: [url], elasticsearchIndex: index, elasticsearchCaFile: undefined },
      ...{ elasticsearchApiKey: undefined, elasticsearchUser: undefined, elasticsearchPassword: undefined },
      ...settings,
    },
    async readSecret(source) {
      const name = source.from === "env" ? source.name : "";
      secretsRead.push(name);
      const secret = secrets[name];
      if (secret === undefined) throw new OpsError("missing", `secret "env:${name}": no such environment variable`);
      return new Secret(secret);
    },
    ...{ warn: (message) => warnings.push(message), timeout: 2000, patience: 500, firstWait: 5 },
    ...options,
  });
  t.teardown(sink.close);
  const { writeDocuments } = sink;
  if (writeDocuments === undefined) throw new Error("takes no documents");
  const stop = new AbortController();
  const write = (documents: readonly Document[], signal = stop.signal) => writeDocuments(documents, signal);
  return { sink, write, warnings, secretsRead, stop: () => stop.abort(new Error("the test")) };
}

async function open(t: Test, server: FakeElasticsearchOptions = {}, options: Options = {}) {
  const fake = await startFakeElasticsearch(server);
  t.teardown(async () => {
    await fake.close();
    if (fake.violations.length > 0) throw new Error(fake.violations.join("; "));
  });
  return { fake, ...openOn(t, fake.url, options) };
}

const idsOf = (documents: readonly Document[]) => documents.map(({ id }) => id);
const bulkCalls = ({ calls }: FakeElasticsearch) => calls.filter((call) => call === "POST /_bulk").length;

testDocuments("elasticsearch", async (t) => {
  const { fake, sink } = await open(t, {}, { patience: 20 });
  return {
    ...{ sink, breakTarget: fake.close },
    read: async () => [...fake.documents].map(([key, body]) => ({ index, id: key.slice(index.length + 1), body })),
  };
});

test("documents are stored by their ids, and delivered twice stored once", async (t) => {
  const { fake, write } = await open(t);
  const documents = [...many(3), aDocument("zoë 😀\n", 'a "quote" and a lone \ud800')];
  t.strictSame(await write(documents), { ...noDocuments, stored: 4 });
  t.strictSame(
    [...fake.documents.keys()],
    idsOf(documents).map((id) => `${index}/${id}`),
  );
  t.strictSame(fake.documents.get(`${index}/i-1`), documents[1]?.body);
  t.strictSame(await write(documents), { ...noDocuments, duplicates: 4 });
});

test("nothing to write asks nothing of anybody", async (t) => {
  const { fake, sink, write } = await open(t);
  t.strictSame(await write([]), noDocuments);
  await sink.write([]);
  await sink.flush();
  t.strictSame(fake.calls, []);
});

test("chunks have at most 500 documents and a million bytes", async (t) => {
  const { fake, write } = await open(t);
  t.match(await write(many(501)), { stored: 501 });
  t.strictSame(
    fake.bulks.map(({ documents }) => documents),
    [500, 1],
  );
  t.match(await write(many(9, "x".repeat(300_000)).map(({ id, ...rest }) => ({ ...rest, id: `large ${id}` }))), {
    stored: 9,
  });
  t.strictSame(
    fake.bulks.slice(2).map(({ documents }) => documents),
    [3, 3, 3],
  );
  t.ok(fake.bulks.every(({ bytes }) => bytes <= 1_000_000));
  t.match(await write([aDocument("huge", "x".repeat(3_000_000))]), { stored: 1 });
});

test("however many write at once, one request is under way", async (t) => {
  const { fake, write } = await open(t);
  const totals = await Promise.all(["a", "b", "c"].map((prefix) => write([aDocument(prefix)])));
  t.strictSame(
    totals.map(({ stored }) => stored),
    [1, 1, 1],
  );
  t.strictSame(fake.calls, [...templateCalls, "POST /_bulk", "POST /_bulk", "POST /_bulk"]);
});

const templates = [
  { name: "is made before the first document", found: undefined, want: templateCalls },
  { name: "is replaced where it is older", found: { version: 0 }, want: templateCalls },
  { name: "is replaced where it has no version", found: {}, want: templateCalls },
  { name: "is left alone where it is as new", found: { version: 1 }, want: templateCalls.slice(0, 1) },
  { name: "is left alone where it is newer", found: { version: 99 }, want: templateCalls.slice(0, 1) },
];

for (const { name, found, want } of templates) {
  test(`the index template ${name}`, async (t) => {
    const { fake, write, warnings } = await open(t);
    if (found !== undefined) fake.templates.set(templateName, found);
    await write(many(1));
    await write(many(1));
    t.strictSame(fake.calls, [...want, "POST /_bulk", "POST /_bulk"]);
    t.strictSame(warnings, []);
  });
}

test("without the privilege for templates documents are stored, with one warning", async (t) => {
  const { fake, sink, write, warnings } = await open(t);
  fake.privileges.delete("templates");
  t.match(await write(many(1)), { stored: 1 });
  fake.fail("POST /_bulk", { status: 400 });
  await write(many(1));
  await sink.flush();
  t.match(await write(many(1)), { duplicates: 1 });
  t.equal(warnings.length, 1);
  t.match(
    warnings[0],
    `elasticsearch_url "${fake.url}": index template "${templateName}" is not made: HTTP 403: security_exception: `,
  );
});

test("each item's answer counts by itself", async (t) => {
  const { fake, write } = await open(t);
  await write([aDocument("there")]);
  fake.itemFaults.set("busy", { status: 429, type: "es_rejected_execution_exception", reason: "queue full", times: 2 });
  fake.itemFaults.set("broken", { status: 503, type: "unavailable_shards_exception", reason: "no shard", times: 1 });
  fake.itemFaults.set("wrong", { status: 400, type: "document_parsing_exception", reason: "[1:9] no number" });
  const documents = ["new", "there", "busy", "wrong", "broken"].map((id) => aDocument(id));
  t.strictSame(await write(documents), {
    ...{ ...noDocuments, stored: 3, duplicates: 1 },
    rejected: [{ document: documents[3], reason: "HTTP 400: document_parsing_exception: [1:9] no number" }],
  });
  t.strictSame(
    fake.bulks.map(({ documents }) => documents),
    [1, 5, 2, 1],
    "only what was not settled is sent again",
  );
});

test("a server that takes a little each time is not given up", async (t) => {
  const { fake, write } = await open(t, {}, { patience: 60 });
  const documents = many(9);
  for (const [at, { id }] of documents.entries())
    fake.itemFaults.set(id, { status: 429, type: "es_rejected_execution_exception", reason: "queue full", times: at });
  fake.itemFaults.delete("i-0");
  t.strictSame(await write(documents), { ...noDocuments, stored: 9 });
  t.equal(fake.bulks.length, 9);
});

test("an item that stays refused for now is undelivered, and the others are stored", async (t) => {
  const { fake, write } = await open(t, {}, { patience: 30 });
  fake.itemFaults.set("busy", { status: 429, type: "es_rejected_execution_exception", reason: "queue full" });
  const totals = await write([aDocument("new"), aDocument("busy")]);
  t.match(totals, { stored: 1, rejected: [] });
  t.strictSame(idsOf(totals.undelivered), ["busy"]);
  t.equal(totals.reason, `elasticsearch_url "${fake.url}": HTTP 429: es_rejected_execution_exception: queue full`);
});

test("without the privilege to create, or without the index, nothing is refused for good", async (t) => {
  const { fake, sink, write } = await open(t);
  fake.privileges.delete("create");
  const totals = await write(many(2));
  t.match(totals, { stored: 0, rejected: [], undelivered: many(2) });
  t.match(totals.reason, /: HTTP 403: security_exception: /);
  t.equal(bulkCalls(fake), 1);
  fake.privileges.add("create");
  await sink.flush();
  t.match(await write(many(2)), { stored: 2, reason: undefined });
});

test("what is too large for a request is found by halving, and the rest is stored", async (t) => {
  const { fake, write } = await open(t);
  await write([aDocument("first")]);
  fake.largestBody = 2000;
  const documents = [...many(30), aDocument("large", "x".repeat(2000))];
  t.match(await write(documents), {
    ...{ stored: 30, undelivered: [], reason: undefined },
    rejected: [{ document: { id: "large" }, reason: /^HTTP 413: / }],
  });
});

test("an id that Elasticsearch can't take fails no other document", async (t) => {
  const { write } = await open(t);
  const [good, bad] = ["x".repeat(512), "x".repeat(513)];
  t.match(await write([...many(3), aDocument(bad), aDocument(good)]), {
    stored: 4,
    rejected: [{ document: { id: bad }, reason: /^HTTP 400: action_request_validation_exception: / }],
  });
});

const passing: readonly { readonly name: string; readonly fault: Fault; readonly stored: number }[] = [
  { name: "429", fault: { status: 429 }, stored: 2 },
  { name: "429 that says when", fault: { status: 429, retryAfter: "0" }, stored: 2 },
  { name: "500", fault: { status: 500 }, stored: 2 },
  { name: "a proxy's 502", fault: { page: "<html>", status: 502 }, stored: 2 },
  { name: "503", fault: { status: 503 }, stored: 2 },
  { name: "a connection cut before anything was done", fault: { silent: "cut", done: false }, stored: 2 },
  { name: "a connection cut after all was done", fault: { silent: "cut", done: true }, stored: 0 },
];

for (const { name, fault, stored } of passing) {
  test(`tried again: ${name}`, async (t) => {
    const { fake, write, warnings } = await open(t);
    for (const call of ["GET", "PUT", "POST"]) fake.fail(call, fault);
    t.strictSame(await write(many(2)), { ...noDocuments, stored, duplicates: 2 - stored });
    t.equal(fake.documents.size, 2);
    t.ok(fake.templates.has(templateName));
    t.equal(bulkCalls(fake), 2);
    t.strictSame(warnings, []);
  });
}

const lasting: readonly { readonly name: string; readonly fault: Fault; readonly says: RegExp }[] = [
  {
    name: "a proxy's page",
    fault: { page: "<html>sign in</html>" },
    says: /: HTTP 200: the answer, of type "text\/html", is not Elasticsearch's$/,
  },
  {
    name: "a proxy's page of another status",
    fault: { page: "<html>", status: 404 },
    says: /: HTTP 404: the answer, of type "text\/html", is not /,
  },
  {
    name: "a redirect to a sign-in page",
    fault: { page: "", status: 302, location: "https://login.example.com/?token=hidden" },
    says: /: HTTP 302: the answer, of type "text\/html", is not Elasticsearch's$/,
  },
  {
    name: "JSON of another kind",
    fault: { json: { ok: true } },
    says: /: HTTP 200: the answer, of type "application\/vnd/,
  },
  {
    name: "fewer items than documents",
    fault: { json: { items: [{ create: { status: 201 } }] } },
    says: /is not Elasticsearch's$/,
  },
  {
    name: "items of another operation",
    fault: { json: { items: [{ index: { status: 201 } }, {}] } },
    says: /is not Elasticsearch's$/,
  },
  { name: "no JSON at all", fault: { json: null }, says: /is not Elasticsearch's$/ },
  {
    name: "a request refused whole",
    fault: { status: 400, type: "illegal_argument_exception", reason: "why" },
    says: /: HTTP 400: illegal_argument_exception: why$/,
  },
];

for (const { name, fault, says } of lasting) {
  test(`given up at once: ${name}`, async (t) => {
    const { fake, write } = await open(t);
    fake.fail("POST /_bulk", fault);
    const totals = await write(many(2));
    t.match(totals, { stored: 0, duplicates: 0, rejected: [], undelivered: many(2) });
    t.match(totals.reason, says);
    t.ok(totals.reason?.startsWith(`elasticsearch_url "${fake.url}": `));
    t.notMatch(totals.reason, /hidden/);
    t.equal(bulkCalls(fake), 1);
  });
}

for (const call of ["GET", "PUT"]) {
  test(`nothing is written where the template's ${call} meets a strange answer`, async (t) => {
    const faults: readonly Fault[] = [
      { page: "", status: 302 },
      { json: { acknowledged: false, index_templates: [] } },
    ];
    for (const fault of faults) {
      const { fake, write } = await open(t);
      fake.fail(call, fault);
      t.match(await write(many(1)), { undelivered: many(1), reason: /is not Elasticsearch's$/ });
      t.equal(bulkCalls(fake), 0);
    }
  });
}

test("a server that was given up is left alone until the round ends", async (t) => {
  const { fake, sink, write } = await open(t, {}, { patience: 20 });
  fake.fail("POST /_bulk", { status: 503 }, 100);
  const first = await write(many(1000));
  t.equal(first.undelivered.length, 1000, "and so are the chunks behind the one that failed");
  const calls = fake.calls.length;
  t.strictSame(await write(many(2)), { ...noDocuments, undelivered: many(2), reason: first.reason });
  t.equal(fake.calls.length, calls);
  await sink.flush();
  t.equal((await write(many(1))).undelivered.length, 1);
  t.ok(fake.calls.length > calls);
});

test("a wait that is longer than our patience is not waited", async (t) => {
  const { fake, write } = await open(t, {}, { patience: 5000 });
  fake.fail("POST /_bulk", { status: 429, retryAfter: "6" });
  t.match(await write(many(1)), { undelivered: many(1) });
});

const hanging = [
  { name: "no answer", fault: { silent: "hang", done: true } },
  { name: "an answer that never ends", fault: { silent: "half", done: true } },
] as const;

for (const { name, fault } of hanging) {
  test(`${name} is cut in time, and the documents are found to be there`, async (t) => {
    const { fake, write } = await open(t, {}, { timeout: 100 });
    fake.fail("POST /_bulk", fault);
    t.strictSame(await write(many(2)), { ...noDocuments, duplicates: 2 });
    for (let turn = 0; turn < 50 && (await fake.countConnections()) > 1; turn += 1) await pause(10);
    t.equal(await fake.countConnections(), 1);
  });

  test(`${name}: a stop ends the waiting`, async (t) => {
    const { fake, write, stop } = await open(t, {}, { timeout: 60_000 });
    fake.fail("POST /_bulk", fault);
    const writing = write(many(2));
    while (bulkCalls(fake) === 0) await new Promise(setImmediate);
    stop();
    t.match(await writing, { undelivered: many(2), reason: /: stopped by the test$/ });
  });
}

test("a stop ends the wait between two tries, and nothing is begun after it", async (t) => {
  const { fake, write, stop } = await open(t, {}, { patience: 60_000, firstWait: 30_000 });
  fake.fail("POST /_bulk", { status: 503 });
  const writing = write(many(2));
  while (bulkCalls(fake) === 0) await new Promise(setImmediate);
  setTimeout(stop, 20);
  t.match(await writing, { undelivered: many(2) });
  const calls = fake.calls.length;
  t.match(await write(many(1)), { undelivered: many(1), reason: /: stopped by the test$/ });
  t.equal(fake.calls.length, calls);
});

test("who stops one account's writing stops nobody else's", async (t) => {
  const { fake, write } = await open(t);
  t.match(await write(many(1), AbortSignal.abort(new Error("its end"))), {
    undelivered: many(1),
    reason: /stopped by its end$/,
  });
  t.match(await write(many(1)), { stored: 1 });
  t.strictSame(fake.calls.at(-1), "POST /_bulk");
});

const env = (name: string) => ({ from: "env", name }) as const;
const basic = `Basic ${Buffer.from("elastic:s3cret").toString("base64")}`;
const encoded = Buffer.from("id1:k3y").toString("base64");
const byUser = { elasticsearchUser: env("USER"), elasticsearchPassword: env("PASSWORD") };

const credentials = [
  { name: "a user", settings: byUser, secrets: { USER: "elastic", PASSWORD: "s3cret" }, authorization: basic },
  {
    name: "an API key",
    settings: { elasticsearchApiKey: env("KEY") },
    secrets: { KEY: encoded },
    authorization: `ApiKey ${encoded}`,
  },
  {
    name: "an API key in two parts",
    settings: { elasticsearchApiKey: env("KEY") },
    secrets: { KEY: "id1:k3y" },
    authorization: `ApiKey ${encoded}`,
  },
] as const;

for (const { name, settings, secrets, authorization } of credentials) {
  test(`signs in with ${name}`, async (t) => {
    const { write } = await open(t, { authorization }, { settings, secrets });
    t.strictSame(await write(many(1)), { ...noDocuments, stored: 1 });
  });

  test(`${name} that is wrong is said, and not shown`, async (t) => {
    const { fake, write } = await open(t, { authorization: "other" }, { settings, secrets });
    const { reason, undelivered } = await write(many(1));
    t.equal(undelivered.length, 1);
    t.match(reason, `elasticsearch_url "${fake.url}": HTTP 401: security_exception: unable to authenticate `);
    for (const secret of ["s3cret", "k3y", encoded, basic.slice(6)]) t.notOk(reason?.includes(secret), `${reason}`);
    t.equal(fake.calls.length, 1, "and not tried again");
  });
}

test("secrets are read once, and again after a round that failed", async (t) => {
  const secrets = { KEY: encoded };
  const { fake, sink, write, secretsRead } = await open(
    t,
    {},
    { settings: { elasticsearchApiKey: env("KEY") }, secrets },
  );
  for (const _ of [1, 2]) await write(many(1));
  t.strictSame(secretsRead, ["KEY"]);
  fake.fail("POST /_bulk", { status: 401 });
  t.match(await write(many(1)), { undelivered: many(1) });
  await sink.flush();
  t.match(await write(many(1)), { duplicates: 1 });
  t.strictSame(secretsRead, ["KEY", "KEY"]);
});

test("a secret that can't be read keeps documents undelivered", async (t) => {
  const { fake, write } = await open(t, {}, { settings: { elasticsearchApiKey: env("NONE") } });
  t.match(await write(many(1)), {
    undelivered: many(1),
    reason: `elasticsearch_url "${fake.url}": secret "env:NONE": no such environment variable`,
  });
  t.strictSame(fake.calls, []);
});

test("another server of the same API is refused before anything is written", async (t) => {
  const { fake, write } = await open(t, { isOther: true });
  const totals = await write(many(1));
  t.match(totals, { undelivered: many(1), reason: /is not Elasticsearch's$/ });
  t.equal(fake.documents.size, 0);
});

test("nobody there", async (t) => {
  const gone = await startFakeElasticsearch();
  await gone.close();
  const { write } = openOn(t, gone.url, { patience: 20 });
  t.match((await write(many(1))).reason, new RegExp(`^elasticsearch_url "${gone.url}": connect ECONNREFUSED `));
});

test("a host that does not exist", async (t) => {
  const { write } = openOn(t, "http://no-such-host.invalid:9200", { patience: 20 });
  t.match((await write(many(1))).reason, /^elasticsearch_url "http:\/\/no-such-host\.invalid:9200": getaddrinfo /);
});

test("of two nodes one is enough", async (t) => {
  const gone = await startFakeElasticsearch();
  await gone.close();
  const { fake, write } = await open(t, {}, {});
  const two = openOn(t, "", { settings: { elasticsearchUrl: [gone.url, fake.url] } });
  t.match(await two.write(many(1)), { stored: 1 });
  t.match(await write(many(1)), { duplicates: 1 });
});

const data = (file: string) => join(import.meta.dirname, "..", "data", "smtp", file);
const tls = { key: readFileSync(data("key.pem"), "utf8"), cert: readFileSync(data("certificate.pem"), "utf8") };

test("TLS by a certificate of the CA file", async (t) => {
  const { write } = await open(t, { tls }, { settings: { elasticsearchCaFile: data("certificate.pem") } });
  t.match(await write(many(1)), { stored: 1 });
});

const broken = [
  { name: "a certificate that nobody signed", file: undefined, says: /: self-signed certificate/ },
  {
    name: "a CA file that is not there",
    file: "/none.pem",
    says: /: can't read elasticsearch_ca_file "\/none.pem": ENOENT/,
  },
] as const;

for (const { name, file, says } of broken) {
  test(`TLS refuses ${name}`, async (t) => {
    const { fake, write } = await open(t, { tls }, { patience: 20, settings: { elasticsearchCaFile: file } });
    const { reason, undelivered } = await write(many(1));
    t.match(reason, says);
    t.ok(reason?.startsWith(`elasticsearch_url "${fake.url}": `));
    t.equal(undelivered.length, 1);
  });
}

test("TLS spoken to a server that does not", async (t) => {
  const { fake } = await open(t);
  const { write } = openOn(t, fake.url.replace("http:", "https:"), { patience: 20 });
  t.match((await write(many(1))).reason, /^elasticsearch_url "https:.*EPROTO/);
});

test("credentials in an address are refused, and not shown", async (t) => {
  for (const url of ["https://me:hidden@example.com", "https://hidden@example.com"]) {
    t.throws(() => openOn(t, url), { message: "elasticsearch_url can't hold a user or a password" });
  }
});

test("while the server stands still no more than a chunk is encoded", async (t) => {
  const { fake, write, stop } = await open(t, {}, { timeout: 60_000 });
  fake.fail("POST /_bulk", { silent: "hang", done: false });
  const documents = many(100_000);
  let taken = 0;
  const watched = Object.assign([...documents], {
    *[Symbol.iterator]() {
      for (const one of documents) {
        taken += 1;
        yield one;
      }
    },
  });
  const writing = write(watched);
  while (bulkCalls(fake) === 0) await new Promise(setImmediate);
  t.equal(taken, 501);
  stop();
  t.equal((await writing).undelivered.length, 100_000);
  t.equal(taken, 501);
});

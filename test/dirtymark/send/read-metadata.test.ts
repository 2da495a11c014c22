import { createServer } from "node:net";
import { type Test, test } from "tap";
import type { FailureCode } from "../../../lib/core/errors.ts";
import { seconds } from "../../../lib/core/time.ts";
import { anInstanceMetadata, type InstanceSaid } from "../../../lib/demo/metadata/instance-metadata.ts";
import { type MetadataTrouble, startMetadataService } from "../../../lib/demo/metadata/service.ts";
import { buildOrganization } from "../../../lib/demo/scenario/build.ts";
import { anAccount, anOrganization, aRole } from "../../../lib/demo/scenario/builders.ts";
import { readMetadata } from "../../../lib/dirtymark/send/read-metadata.ts";

const instance = { accountId: "111122223333", region: "eu-west-1", instanceId: "i-0123456789abcdef0", role: "web" };
const tokenPath = "/latest/api/token";
const documentPath = "/latest/dynamic/instance-identity/document";
const rolesPath = "/latest/meta-data/iam/security-credentials/";

async function openService(t: Test, said: Partial<InstanceSaid> = {}) {
  const organization = buildOrganization(
    anOrganization({ accounts: [anAccount({ roles: [aRole({ name: "web" })] })] }),
    Date.now(),
  );
  const service = await startMetadataService({
    instance: anInstanceMetadata(organization, { ...instance, ...said }, Date.now()),
  });
  t.teardown(service.close);
  return service;
}

/** Long enough for any answer, and short enough for none. */
const patience = () => AbortSignal.timeout(seconds(30));

test("four requests tell who the instance is and what its role signs with", async (t) => {
  const service = await openService(t);
  const { identity, credentials } = await readMetadata({ endpoint: service.url, stop: patience() });
  t.match(identity, { region: "eu-west-1", instanceId: "i-0123456789abcdef0", document: { privateIp: "10.0.0.7" } });
  t.match(credentials, { accessKeyId: /^ASIA/, secretAccessKey: /^.{40}$/, sessionToken: /^.{80,}$/ });
  t.same(service.requests(), [
    ...[`PUT ${tokenPath}`, `GET ${documentPath}`, `GET ${rolesPath}`, `GET ${rolesPath}web`],
  ]);
});

test("no proxy is asked", async (t) => {
  const service = await openService(t);
  const { http_proxy: before } = process.env;
  process.env.http_proxy = "http://127.0.0.1:1";
  t.teardown(() => {
    if (before === undefined) delete process.env.http_proxy;
    else process.env.http_proxy = before;
  });
  await t.resolves(readMetadata({ endpoint: service.url, stop: patience() }));
});

interface Trouble {
  readonly name: string;
  readonly said?: Partial<InstanceSaid>;
  readonly at?: string;
  readonly trouble?: MetadataTrouble;
  readonly code: FailureCode;
  readonly says: RegExp;
}

const troubles: readonly Trouble[] = [
  {
    name: "a service of version 1 alone is not asked by it",
    said: { tokens: "none" },
    code: "missing",
    says: /\/latest\/api\/token: HTTP 404, no metadata service of version 2$/,
  },
  { name: "switched off", said: { isEnabled: false }, code: "other", says: /token: HTTP 403, .* is switched off$/ },
  {
    name: "no instance profile",
    said: { role: undefined },
    code: "missing",
    says: /HTTP 404, the instance has no role$/,
  },
  {
    name: "no document",
    at: documentPath,
    trouble: { answer: { status: 404 } },
    code: "missing",
    says: /document: HTTP 404$/,
  },
  {
    name: "out of order",
    at: documentPath,
    trouble: { answer: { status: 500 } },
    code: "other",
    says: /document: HTTP 500$/,
  },
  {
    name: "sent elsewhere",
    at: documentPath,
    trouble: { answer: { status: 302, headers: { location: "http://127.0.0.1:1/" } } },
    code: "other",
    says: /document: HTTP 302$/,
  },
  {
    name: "a token with a line's end in it",
    at: tokenPath,
    trouble: { answer: { body: "a\r\nb: c" } },
    code: "other",
    says: /is no token$/,
  },
  { name: "no token", at: tokenPath, trouble: { answer: { body: "" } }, code: "other", says: /is no token$/ },
  {
    name: "a page for a document",
    at: documentPath,
    trouble: { answer: { body: "<html>" } },
    code: "other",
    says: /no JSON object$/,
  },
  {
    name: "a page for a role",
    at: rolesPath,
    trouble: { answer: { body: "<html>" } },
    code: "other",
    says: /is no role's name$/,
  },
  {
    name: "a page for credentials",
    at: `${rolesPath}web`,
    trouble: { answer: { body: "<html>" } },
    code: "other",
    says: /in place of credentials$/,
  },
  {
    name: "an endless answer",
    at: documentPath,
    trouble: { answer: { body: "x".repeat(70_000) } },
    code: "unreachable",
    says: /more than 65536 characters$/,
  },
  {
    name: "an answer that breaks off",
    at: documentPath,
    trouble: { cut: true },
    code: "unreachable",
    says: /document: (aborted|socket hang up)$/,
  },
];

test("the metadata service in trouble:", async (t) => {
  for (const { name, said, at = "", trouble = {}, code, says } of troubles) {
    const service = await openService(t, said);
    service.troubles.set(at, trouble);
    await t.rejects(readMetadata({ endpoint: service.url, stop: patience() }), { code, message: says }, name);
    t.notOk(
      service.requests().some((request, place) => place > 0 && request.includes(tokenPath)),
      `${name}: nothing is asked twice`,
    );
  }
});

const silences: readonly { name: string; said?: Partial<InstanceSaid>; at?: string }[] = [
  { name: "no answer", at: tokenPath },
  { name: "no answer but a token", at: documentPath },
  { name: "a token that does not get as far as a container", said: { hops: 2 } },
];

test("silence ends with the time that is given:", async (t) => {
  for (const { name, said, at = "" } of silences) {
    const service = await openService(t, said);
    service.troubles.set(at, { hangs: true });
    const late = new AbortController();
    const reading = readMetadata({ endpoint: service.url, stop: late.signal });
    setTimeout(() => late.abort("its timeout of 5s"), 100);
    await t.rejects(reading, { code: "stopped", message: /: stopped by its timeout of 5s$/ }, name);
  }
});

test("a slow answer counts", async (t) => {
  const service = await openService(t, { hops: 2, hopLimit: 2 });
  service.troubles.set(documentPath, { delayMs: 50 });
  await t.resolves(readMetadata({ endpoint: service.url, stop: patience() }));
});

const strangers = [
  { name: "what is no HTTP", answer: "SSH-2.0-OpenSSH_9.6\r\n", says: /token: Parse Error/ },
  {
    name: "who would talk in another protocol",
    answer: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
    says: /token: the answer is of another protocol$/,
  },
];

for (const { name, answer, says } of strangers) {
  test(`${name} is told`, async (t) => {
    const server = createServer((socket) => socket.end(answer));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.teardown(() => server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const reading = readMetadata({ endpoint: `http://127.0.0.1:${port}`, stop: patience() });
    await t.rejects(reading, { code: "unreachable", message: says });
  });
}

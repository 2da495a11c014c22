import { request } from "node:http";
import { text } from "node:stream/consumers";
import { type Test, test } from "tap";
import { hours, type Millis, parseInstant, seconds } from "../../lib/core/time.ts";
import { anInstanceMetadata, type InstanceSaid } from "../../lib/demo/metadata/instance-metadata.ts";
import { startMetadataService } from "../../lib/demo/metadata/service.ts";
import { buildOrganization } from "../../lib/demo/scenario/build.ts";
import { anAccount, anOrganization, aRole } from "../../lib/demo/scenario/builders.ts";

const start = parseInstant("2026-03-01T12:00:00Z") ?? 0;
const instance = { accountId: "111122223333", region: "eu-west-1", instanceId: "i-0123456789abcdef0", role: "web" };
const documentPath = "/latest/dynamic/instance-identity/document";
const rolesPath = "/latest/meta-data/iam/security-credentials/";

async function openService(t: Test, said: Partial<InstanceSaid> = {}) {
  let now: Millis = start;
  const organization = buildOrganization(
    anOrganization({ accounts: [anAccount({ roles: [aRole({ name: "web" })] })] }),
    now,
  );
  const metadata = anInstanceMetadata(organization, { ...instance, ...said }, now);
  const service = await startMetadataService({ instance: metadata, now: () => now });
  t.teardown(service.close);
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; body: string; type: string | undefined }>((resolve, reject) => {
      const asking = request(`${service.url}${path}`, { method, headers, agent: false }, (response) => {
        const type = response.headers["content-type"];
        text(response).then((body) => resolve({ status: response.statusCode, body, type }), reject);
      });
      asking.once("error", reject).end();
    });
  const openSession = (ttl = "60", more: Record<string, string> = {}) =>
    ask("PUT", "/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": ttl, ...more });
  const read = (path: string, token: string) => ask("GET", path, { "x-aws-ec2-metadata-token": token });
  const wait = (length: Millis) => {
    now += length;
  };
  return { organization, service, ask, openSession, read, wait };
}

test("a token opens the document and the role's credentials, which the offline AWS knows", async (t) => {
  const { organization, openSession, read } = await openService(t);
  const { body: token } = await openSession();
  t.match(JSON.parse((await read(documentPath, token)).body), { accountId: "111122223333", version: "2017-09-30" });
  t.match(await read(rolesPath, token), { status: 200, body: "web", type: "text/plain" });
  const credentials = JSON.parse((await read(`${rolesPath}web`, token)).body);
  t.match(credentials, { Code: "Success", Type: "AWS-HMAC", Expiration: "2026-03-01T18:00:00Z" });
  t.match(organization.sessions.get(credentials.AccessKeyId), {
    ...{ sessionName: instance.instanceId, roleName: "web", expiresAt: start + hours(6) },
  });
  t.equal((await read(`${rolesPath}other`, token)).status, 404);
});

const tokenRequests = [
  { name: "the shortest life", ttl: "1", status: 200 },
  { name: "the longest", ttl: "21600", status: 200 },
  { name: "a second more", ttl: "21601", status: 400 },
  { name: "none at all", ttl: "0", status: 400 },
  { name: "no number", ttl: "long", status: 400 },
  { name: "through a proxy", ttl: "60", more: { "x-forwarded-for": "192.0.2.1" }, status: 403 },
];

test("a token is asked for:", async (t) => {
  const { openSession, ask } = await openService(t);
  for (const { name, ttl, more, status } of tokenRequests) t.equal((await openSession(ttl, more)).status, status, name);
  t.equal((await ask("PUT", "/latest/api/token")).status, 400, "without saying for how long");
  t.equal((await ask("GET", "/latest/api/token")).status, 405, "by GET");
});

test("a token ends", async (t) => {
  const { openSession, read, wait } = await openService(t);
  const { body: token } = await openSession("60");
  wait(seconds(60) - 1);
  t.equal((await read(documentPath, token)).status, 200);
  wait(1);
  t.equal((await read(documentPath, token)).status, 401);
});

const withoutToken = [
  { name: "version 2 alone", tokens: "required", status: 401, put: 200, bad: 401 },
  { name: "both versions", tokens: "optional", status: 200, put: 200, bad: 401 },
  { name: "version 1 alone", tokens: "none", status: 200, put: 404, bad: 200 },
] as const;

test("reads without a token:", async (t) => {
  for (const { name, tokens, status, put, bad } of withoutToken) {
    const { ask, openSession, read } = await openService(t, { tokens });
    t.equal((await ask("GET", documentPath)).status, status, name);
    t.equal((await openSession()).status, put, `${name}: a token`);
    t.equal((await read(documentPath, "invented")).status, bad, `${name}: one that was never given`);
  }
});

test("switched off, it forbids everything", async (t) => {
  const { openSession, ask } = await openService(t, { isEnabled: false, tokens: "optional" });
  t.equal((await openSession()).status, 403);
  t.equal((await ask("GET", documentPath)).status, 403);
});

test("an instance without a profile has no roles", async (t) => {
  const { openSession, read } = await openService(t, { role: undefined });
  t.equal((await read(rolesPath, (await openSession()).body)).status, 404);
});

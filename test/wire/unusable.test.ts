import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { after, end, type Test, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { type Launch, pointsOf, type Run, runKeycheck } from "../support/run-executable.ts";

const inactiveId = "AKIAINACTIVE00000001";
const hanging = "444455556666";

const aws = await startOfflineAws({
  scenario: anOrganization({
    accounts: [
      anAccount({ users: [aUser({ name: "ada", keys: [aKey(), aKey({ id: inactiveId, status: "Inactive" })] })] }),
      anAccount({ id: "222233334444" }),
      anAccount({ id: "333344445555" }),
      anAccount({ id: hanging }),
    ],
    denials: [{ action: "iam:*", account: "333344445555" }],
    faults: [{ action: "sts:*", account: hanging, kind: "hang" }],
  }),
});
for (const session of aws.organization.sessions.values())
  if (session.accountId === "222233334444") session.expiresAt = Date.now();

const noKeys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined };
const at = (url: string, argv: readonly string[] = []): Launch => ({ argv, environment: { AWS_ENDPOINT_URL: url } });
const portal = "<!DOCTYPE html>\n<html>\n<head><title>Log in &amp; go on<br></head>\n<body>Welcome</body></html>\n";

const directory = mkdtempSync(join(tmpdir(), "unusable-"));
writeFileSync(join(directory, "config"), "[profile vault]\ncredential_process = sh -c 'echo s3cret >&2; exit 3'\n");

interface Case {
  readonly name: string;
  readonly launch: Launch;
  /** The first line of stderr, after its prefix. */
  readonly says: RegExp;
}

/** Privileged, and of a service nobody runs (tcpmux): a free port of the system's choice may be somebody's a moment later. */
const closedPort = "http://127.0.0.1:1";
const stranger = await listen(createServer((socket) => socket.on("error", () => {}).end("SSH-2.0-OpenSSH_9.6\r\n")));
const pages = await Promise.all([200, 403, 404, 502].map((status) => listen(servePage(status, portal))));
const [page200, page403, page404, page502] = pages.map(({ url }) => url);
const wellFormed = await listen(servePage(404, "<html><body>Not here</body></html>"));
const open = [stranger, wellFormed, ...pages];
after(async () => {
  for (const { server } of open) server.close();
  await aws.close();
  rmSync(directory, { recursive: true });
});

const cases: readonly Case[] = [
  { name: "no credentials", launch: { environment: noKeys }, says: /^default: sts:\w+: Could not load credentials/ },
  {
    name: "a profile that is not there",
    launch: { argv: ["prod"], environment: noKeys },
    says: /^prod: sts:\w+: Could not resolve credentials using profile: \[prod\]/,
  },
  {
    name: "an expired token",
    launch: { identity: "222233334444" },
    says: /^default: sts:\w+: .* token .* is expired$/,
  },
  {
    name: "a key AWS does not know",
    launch: { environment: { AWS_ACCESS_KEY_ID: "AKIANEVERHEARDOF", AWS_SESSION_TOKEN: undefined } },
    says: /^default: sts:\w+: The security token included in the request is invalid\.$/,
  },
  {
    name: "a key switched off",
    launch: { identity: inactiveId },
    says: /^default: sts:\w+: .* token .* is invalid\.$/,
  },
  {
    name: "a credential process that fails, whose output may be secret",
    launch: {
      argv: ["vault"],
      environment: { ...noKeys, AWS_CONFIG_FILE: `${directory}/config` },
    },
    says: /^vault: sts:\w+: the profile's credential_process failed$/,
  },
  {
    name: "a wrong secret",
    launch: { environment: { AWS_SECRET_ACCESS_KEY: "secret" } },
    says: /^default: sts:\w+: the secret access key does not fit its id \(SignatureDoesNotMatch\)$/,
  },
  {
    name: "access denied on all",
    launch: { identity: "333344445555" },
    says: /^default: iam:ListUsers: User: arn:aws:sts::333344445555:\S+ is not authorized to perform: iam:ListUsers/,
  },
  {
    name: "access denied on the report that alone is read",
    launch: { identity: "333344445555", argv: ["--from-report"] },
    says: /^default: iam:GenerateCredentialReport: User: \S+ is not authorized to perform/,
  },
  { name: "a port where nobody listens", launch: at(closedPort), says: /^default: sts:\w+: connect ECONNREFUSED 127/ },
  {
    name: "an AWS that never answers, at the deadline",
    launch: { identity: hanging, argv: ["--deadline", "1s"] },
    says: /^default: sts:GetCallerIdentity: stopped by the deadline of 1 s$/,
  },
  {
    name: "a portal's page in place of an answer",
    launch: at(String(page200)),
    says: /^default: sts:\w+: HTTP 200 of type "text\/html" is no answer of AWS: /,
  },
  { name: "a portal that forbids", launch: at(String(page403)), says: /: HTTP 403 of type "text\/html" is no answer/ },
  { name: "a page of not found", launch: at(String(page404)), says: /: HTTP 404 of type "text\/html" is no answer/ },
  { name: "a page that could be XML", launch: at(wellFormed.url), says: /^default: sts:GetCallerIdentity: \S+/ },
  { name: "a broken gateway", launch: at(String(page502)), says: /: HTTP 502 of type "text\/html" is no answer/ },
  { name: "another protocol", launch: at(stranger.url), says: /^default: sts:GetCallerIdentity: Parse Error/ },
  {
    name: "TLS to a port without",
    launch: at(aws.url.replace("http:", "https:")),
    says: /^default: sts:GetCallerIdentity: .*EPROTO.*wrong version number/,
  },
  { name: "an endpoint that is no URL", launch: at("nonsense"), says: /^default: sts:GetCallerIdentity: Invalid URL$/ },
];

const limit = pLimit(4);
const runs = cases.map(({ launch }) => limit(() => runKeycheck(aws, launch)));

for (const [index, { name, says }] of cases.entries()) {
  test(name, async (t) => {
    const run = await runs[index];
    if (run === undefined) return t.fail("not run");
    hasFailedWhole(t, run);
    t.match(run.stderr[0]?.replace(/^E! keycheck: /, ""), says);
  });
}

/** One line says the cause, and the status point says it again. */
function hasFailedWhole(t: Test, { exitCode, stderr, stdout }: Run): void {
  t.equal(exitCode, 1);
  t.equal(stderr.length, 1, stderr.join("\n"));
  const [line = ""] = stderr;
  t.match(line, /^E! keycheck: \S+: \S+/);
  t.ok(Buffer.byteLength(line) <= 512);
  const [status, ...others] = pointsOf({ stdout });
  t.same(others, []);
  t.match(status, { measurement: "stalewatch_run", fields: { ok: false, points: 0 } });
  t.equal(`E! keycheck: ${status?.tags.scope}: ${status?.fields.last_error}`.slice(0, 460), line.slice(0, 460));
}

async function listen(server: Server): Promise<{ readonly server: Server; readonly url: string }> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server that listens has an address of this form.
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function servePage(status: number, page: string): Server {
  return createHttpServer((_request, response) => {
    response.writeHead(status, { "content-type": "text/html", connection: "close" }).end(page);
  });
}

end();

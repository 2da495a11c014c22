import { type StdioOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { type Test, test } from "tap";
import { days, seconds } from "../../lib/core/time.ts";
import { anInstanceMetadata } from "../../lib/demo/metadata/instance-metadata.ts";
import { startMetadataService } from "../../lib/demo/metadata/service.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization, aRole } from "../../lib/demo/scenario/builders.ts";
import { aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { executablePath } from "../support/run-executable.ts";
import { openBlackHole } from "./black-hole.ts";

const accountId = "111122223333";
const instance = { accountId, region: "us-east-1", instanceId: "i-0123456789abcdef0", role: "web" };
const path = executablePath("dirtymark-send");
const documentPath = "/latest/dynamic/instance-identity/document";

const scenario = anOrganization({
  accounts: [
    anAccount({
      id: accountId,
      roles: [aRole({ name: "web" })],
      regions: [aRegion({ name: "us-east-1", queues: [aQueue({ name: "skunky" })] })],
    }),
  ],
});

/** Says who called it, besides what it was told. */
const fakeLogger = `#!/bin/sh
for last; do :; done
logged=$(dirname "$0")/logged
{
  echo "line $last"
  echo "session $(cut -d ' ' -f 6 "/proc/$PPID/stat")"
  echo "process $PPID"
  for fd in 0 1 2; do echo "fd$fd $(readlink "/proc/$PPID/fd/$fd")"; done
  echo "cwd $(readlink "/proc/$PPID/cwd")"
} > "$logged.new"
mv "$logged.new" "$logged"
`;

/** Far beyond what a slow machine takes. */
const longest = seconds(20);

async function waitFor<Value>(look: () => Value | undefined): Promise<Value> {
  for (const end = performance.now() + longest; performance.now() < end; await pause(20)) {
    const found = look();
    if (found !== undefined) return found;
  }
  throw new Error(`it did not come: ${look}`);
}

/** Without what tap has every child's Node load. */
const start = (argv: readonly string[], env: Readonly<Record<string, string>>, stdio: StdioOptions) =>
  spawn("/bin/sh", ["-c", 'unset NODE_OPTIONS; exec "$@"', "sh", ...argv], { env, stdio });

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function openHost(t: Test) {
  const aws = await startOfflineAws({ scenario });
  t.teardown(aws.close);
  const metadata = await startMetadataService({
    instance: anInstanceMetadata(aws.organization, instance, Date.now()),
  });
  t.teardown(metadata.close);
  const bin = t.testdir({ logger: fakeLogger });
  chmodSync(join(bin, "logger"), 0o755);
  const logged = join(bin, "logged");
  const environment = {
    ...{ PATH: `${bin}:/usr/bin:/bin` },
    ...{ AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url },
    ...{ PAM_TYPE: "open_session", PAM_USER: "ada", PAM_RHOST: "192.0.2.1", PAM_SERVICE: "sshd" },
  };
  /** Ends when nobody holds its output any longer, neither it nor whoever it left behind. */
  const run = async (
    argv: readonly string[],
    variables: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
  ): Promise<Ended> => {
    const command = [process.execPath, ...flags, path, "send", ...argv];
    const child = start(command, { ...environment, ...variables }, ["ignore", "pipe", "pipe", "pipe"]);
    if (child.stdout === null || child.stderr === null) throw new Error("no pipes");
    const [[code], stdout, stderr] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  };
  const messages = () =>
    aws.organization.accounts[0]?.regions.find("us-east-1")?.queues.find("skunky")?.mailbox.list() ?? [];
  const readLog = () => (existsSync(logged) ? readFileSync(logged, "utf8") : undefined);
  return { aws, metadata, bin, environment, run, messages, readLog };
}

const quiet: Ended = { code: 0, stdout: "", stderr: "" };

test("a login is reported behind its back, once, and its end is not", async (t) => {
  const { metadata, run, messages, readLog } = await openHost(t);
  t.same(await run([], { PAM_TYPE: "close_session" }), quiet);
  t.same(await run([]), quiet);
  const message = await waitFor(() => messages()[0]);
  t.match(message.senderId, /^AROA\w+:i-0123456789abcdef0$/);
  t.match(JSON.parse(message.body), { event: "ssh", user: "ada", source_address: "192.0.2.1" });
  t.equal(messages().length, 1);
  t.equal(metadata.requests().filter((request) => request.startsWith("PUT")).length, 1);
  t.equal(readLog(), undefined, "quiet when well");
});

test("who logs in waits for nothing, and what is left behind holds nothing of the session", async (t) => {
  const { metadata, run, readLog } = await openHost(t);
  metadata.troubles.set(documentPath, { hangs: true });
  // That it ends at all, while the metadata service has not answered, says that nobody else holds its output.
  t.same(await run(["--timeout", "1m"]), quiet);
  await waitFor(() => metadata.requests().find((request) => request.includes(documentPath)));
  t.equal(readLog(), undefined);
  await metadata.close();
  const log = await waitFor(readLog);
  t.match(log, /^line login not reported: http:\S+document: (socket hang up|read ECONNRESET)$/m);
  t.match(log, /^fd0 \/dev\/null\nfd1 \/dev\/null\nfd2 \/dev\/null\ncwd \/$/m);
  const [, session] = /^session (\d+)$/m.exec(log) ?? [];
  const [, process] = /^process (\d+)$/m.exec(log) ?? [];
  t.equal(session, process, "a session of its own");
});

test("on a dead network it ends in its time, with status 0 and one line", async (t) => {
  const { run, readLog } = await openHost(t);
  const hole = await openBlackHole();
  t.teardown(hole.close);
  const dead = { AWS_EC2_METADATA_SERVICE_ENDPOINT: hole.url };
  const says = `login not reported: ${hole.url}/latest/api/token: stopped by its timeout of 1s`;
  t.same(await run(["--foreground", "--timeout", "1s"], dead), {
    ...{ code: 0, stdout: "", stderr: `E! dirtymark-send: ${says}\n` },
  });
  t.match(await run(["--foreground", "--strict", "--timeout", "100ms"], dead), { code: 1, stdout: "" });
  t.same(await run(["--timeout", "1s"], dead), quiet);
  t.match((await waitFor(readLog)).split("\n")[0], `line ${says}`);
});

test("an SQS that is not reached is told by its cause", async (t) => {
  const { run } = await openHost(t);
  const ended = await run(["--foreground", "--queue", `http://127.0.0.1:1/${accountId}/skunky`, "--timeout", "1m"]);
  t.same(ended, {
    ...{ code: 0, stdout: "" },
    stderr:
      'E! dirtymark-send: login not reported: sqs:SendMessage on queue "skunky": connect ECONNREFUSED 127.0.0.1:1\n',
  });
});

test("without a logger the line goes to stderr, which what is left behind has if it is a file", async (t) => {
  const { run, bin, environment } = await openHost(t);
  const dead = { PATH: "/nowhere", AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1" };
  const line =
    "E! dirtymark-send: login not reported: http://127.0.0.1:1/latest/api/token: connect ECONNREFUSED 127.0.0.1:1\n";
  t.same(await run(["--foreground", "--syslog"], dead), { code: 0, stdout: "", stderr: line });
  const logFile = join(bin, "log");
  const log = openSync(logFile, "a");
  const child = start([process.execPath, path], { ...environment, ...dead }, ["ignore", log, log]);
  t.same(await once(child, "close"), [0, null]);
  t.equal(await waitFor(() => readFileSync(logFile, "utf8") || undefined), line);
});

test("whatever the variables hold, the login goes on and is reported", async (t) => {
  const { bin, environment, run, messages } = await openHost(t);
  const hostile = `ada\n";$(touch ${join(bin, "owned")})\u001b]0;x\u0007${"a".repeat(10_240)}`;
  t.same(await run([], { PAM_USER: hostile, PAM_RHOST: hostile, PAM_SERVICE: hostile }), quiet);
  await waitFor(() => messages()[0]);
  // What is no UTF-8 can only be written by a shell.
  const shell = `PAM_USER="$(printf '\\377\\376ada')" exec "$0" "$1"`;
  const child = start(["sh", "-c", shell, process.execPath, path], environment, "ignore");
  t.same(await once(child, "close"), [0, null]);
  const { body } = await waitFor(() => messages()[1]);
  t.equal(JSON.parse(body).user, "\ufffd\ufffdada");
  t.notOk(existsSync(join(bin, "owned")));
});

test("a clock that is days late is put right by AWS's", async (t) => {
  const { bin, run } = await openHost(t);
  const late = join(bin, "late.cjs");
  writeFileSync(
    late,
    `const now = Date.now;
    Date.now = () => now() - ${days(3)};
    globalThis.Date = class extends Date { constructor(...given) { given.length === 0 ? super(Date.now()) : super(...given); } };`,
  );
  const dates: string[] = [];
  // SQS refuses what was signed more than 15 minutes ago.
  const sqs = createServer((request, response) => {
    const date = String(request.headers["x-amz-date"]);
    const signedAt = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
    const isFresh = Math.abs(Date.now() - signedAt) < seconds(900);
    dates.push(isFresh ? "fresh" : "stale");
    void text(request).then((body) => {
      const MD5OfMessageBody = createHash("md5").update(JSON.parse(body).MessageBody).digest("hex");
      const answer = isFresh ? { MessageId: "m1", MD5OfMessageBody } : { __type: "InvalidSignatureException" };
      response.writeHead(isFresh ? 200 : 403, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => sqs.listen(0, "127.0.0.1", resolve));
  t.teardown(() => sqs.close());
  // It listens on a port.
  const { port } = sqs.address() as AddressInfo;
  const queue = `http://127.0.0.1:${port}/${accountId}/skunky`;
  const ended = await run(["--foreground", "--queue", queue, "--timeout", "1m"], {}, ["--require", late]);
  t.same(ended, { code: 0, stdout: `reported: message m1 to ${queue}\n`, stderr: "" });
  t.same(dates, ["stale", "fresh"]);
});

test("what a login waits for loads next to nothing", async (t) => {
  const { bin, run, messages } = await openHost(t);
  const told = join(bin, "loaded");
  const tell = join(bin, "tell.cjs");
  // What is left behind loads it, too.
  writeFileSync(
    tell,
    `if (!process.argv.includes("--foreground")) process.on("exit", () =>
      require("node:fs").writeFileSync(${JSON.stringify(told)}, Object.keys(require.cache).join("\\n")));`,
  );
  t.same(await run([], {}, ["--require", tell]), quiet);
  const loaded = readFileSync(told, "utf8")
    .split("\n")
    .filter((file) => file !== tell);
  t.ok(loaded.includes(path));
  const size = loaded.reduce((sum, file) => sum + readFileSync(file).length, 0);
  t.ok(size < 8192, `${size} bytes of ${loaded.join(", ")}`);
  await waitFor(() => messages()[0]);
});

import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { test } from "tap";
import { seconds } from "../../lib/core/time.ts";
import { anInstanceMetadata } from "../../lib/demo/metadata/instance-metadata.ts";
import { startMetadataService } from "../../lib/demo/metadata/service.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization, aRole } from "../../lib/demo/scenario/builders.ts";
import { aQueue } from "../../lib/demo/scenario/queue-builders.ts";
import { aRegion } from "../../lib/demo/scenario/region-builders.ts";
import { executablePath } from "../support/run-executable.ts";

const run = promisify(execFile);
const { status } = spawnSync("python3", ["-c", 'import ctypes; ctypes.CDLL("libpam.so.0").pam_start_confdir']);
const skip = status === 0 ? false : "no python3, or no Linux-PAM of 1.4 or later";
const script = join(import.meta.dirname, "open-pam-session.py");
const accountId = "111122223333";
const instance = { accountId, region: "us-east-1", instanceId: "i-0123456789abcdef0", role: "web" };
const line = readFileSync(join(import.meta.dirname, "../../lib/dirtymark/hosts/dirtymark-send.pam"), "utf8");

const scenario = anOrganization({
  accounts: [
    anAccount({
      roles: [aRole({ name: "web" })],
      regions: [aRegion({ name: "us-east-1", queues: [aQueue({ name: "skunky" })] })],
    }),
  ],
});

test("Linux-PAM opens a session by the line in hosts, and nothing can keep it from that", { skip }, async (t) => {
  const aws = await startOfflineAws({ scenario });
  t.teardown(aws.close);
  const metadata = await startMetadataService({
    instance: anInstanceMetadata(aws.organization, instance, Date.now()),
  });
  t.teardown(metadata.close);
  const queue = `${aws.url}/${accountId}/skunky`;
  const here = line
    .replace("/usr/bin/node", process.execPath)
    .replace(/\/opt\S+/, executablePath("dirtymark-send"))
    .replace(/https:\S+/, queue);
  const open = async (session: string, ...variables: readonly string[]) => {
    const directory = t.testdir({ sshd: `${session}session required pam_permit.so\n` });
    const argv = [script, directory, 'a"da', "192.0.2.7", `AWS_EC2_METADATA_SERVICE_ENDPOINT=${metadata.url}`];
    const { NODE_OPTIONS: _tap, ...env } = process.env;
    const { stdout } = await run("python3", [...argv, ...variables], { env });
    return JSON.parse(stdout);
  };
  const messages = () =>
    aws.organization.accounts[0]?.regions.find("us-east-1")?.queues.find("skunky")?.mailbox.list() ?? [];

  const ended = await open(here);
  t.match(ended, { opened: 0, closed: 0, told: 0 });
  t.comment(`a session opened in ${ended.ms} ms`);
  for (const end = performance.now() + seconds(20); messages().length === 0 && performance.now() < end; )
    await pause(20);
  t.match(messages(), [{ senderId: /:i-0123456789abcdef0$/ }]);
  t.equal(messages().length, 1, "its end is not reported");
  t.match(JSON.parse(messages()[0]?.body ?? "{}"), { event: "ssh", user: 'a"da', source_address: "192.0.2.7" });

  metadata.troubles.set("/latest/api/token", { hangs: true });
  t.match(await open(here), { opened: 0, closed: 0, told: 0 }, "metadata that hangs");
  t.match(await open(here.replace(process.execPath, "/no/node")), { opened: 0, closed: 0, told: 0 }, "no Node");
  t.match(await open(here, "NODE_OPTIONS=--no-such-flag"), { opened: 0, closed: 0, told: 0 }, "Node refuses to start");
});

import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type OfflineAws, startOfflineAws } from "../demo/offline-aws.ts";
import { acmeOrganization } from "../demo/scenario/acme.ts";
import type { ExitCode, Frame } from "../runtime/frame.ts";
import { type Command, writeText } from "./command.ts";
import { demoServe } from "./demo-serve.ts";

/** Runs keycheck itself, as a user would; only AWS is ours. */
export const demo: Command<object> = {
  command: "demo",
  describe: "Run keycheck on an offline AWS with three accounts: no account, no network",
  options: (yargs) => yargs,
  subcommands: [demoServe],
  async run(frame) {
    const aws = await startOfflineAws({ scenario: acmeOrganization() });
    try {
      await writeText(frame, introduction);
      const { lines, code } = await runKeycheck(frame, aws);
      await writeText(frame, `${digest(lines).join("\n")}\n`);
      await writeText(frame, conclusion(aws));
      return code;
    } finally {
      await aws.close();
    }
  },
};

const keycheckArguments = ["--organization", "--external-id", "acme-stalewatch"];

const introduction = `An organization of three accounts and 400 IAM users, on an AWS that runs in this process: real wire
formats, real paging and limits, nothing leaves this machine. Everything but AWS itself is real.

$ keycheck ${keycheckArguments.join(" ")}

`;

async function runKeycheck({ home }: Frame, aws: OfflineAws) {
  const child = spawn(process.execPath, [join(home, "keycheck.cjs"), ...keycheckArguments], {
    // What it would remember of these accounts is nothing for a real one to find.
    env: { ...aws.environment(), STALEWATCH_STATE: "none" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise<ExitCode>((resolve, reject) =>
      child.once("error", reject).once("close", (code) => resolve(code === 0 ? 0 : 1)),
    ),
  ]);
  return { lines: output.split("\n").filter((line) => line !== ""), code };
}

const shownKeys = 8;

/** The first keys, then every account's summary: 400 users' lines are for Telegraf to read. */
function digest(lines: readonly string[]): readonly string[] {
  const keys = lines.filter((line) => line.startsWith("iam,"));
  const others = lines.filter((line) => !line.startsWith("iam,"));
  return [...keys.slice(0, shownKeys), `... ${keys.length - shownKeys} more keys`, ...others];
}

function conclusion(aws: OfflineAws): string {
  const calls = Object.entries(aws.calls());
  const total = calls.reduce((sum, [, count]) => sum + count, 0);
  return `
${total} AWS calls: ${calls.map(([action, count]) => `${action} ${count}`).join(", ")}

Next, on an account of yours (it reads, and changes nothing):
  node dist/keycheck.cjs YOUR_PROFILE
The permissions it needs:      node dist/stalewatch.cjs iam-policy keycheck
Under Telegraf:                telegraf/keycheck.conf
This AWS, to experiment with:  node dist/stalewatch.cjs demo serve
`;
}

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type OfflineAws, startOfflineAws } from "../demo/offline-aws.ts";
import { acmeOrganization } from "../demo/scenario/acme.ts";
import type { ExitCode, Frame } from "../runtime/frame.ts";
import { type Command, writeText } from "./command.ts";
import { demoServe } from "./demo-serve.ts";

interface Show {
  readonly program: string;
  readonly args: readonly string[];
  /** It remembers what those before it that do have remembered. */
  readonly remembers?: true;
  readonly says: string;
  /** What of its lines is shown: the others are for Telegraf to read. */
  readonly digest: (lines: readonly string[]) => readonly string[];
}

const shows: readonly Show[] = [
  {
    program: "keycheck",
    args: ["--organization", "--external-id", "acme-stalewatch"],
    says: "Access keys of 400 IAM users: the first keys, then every account's summary",
    digest: (lines) => shorten(lines, "iam,"),
  },
  {
    program: "tagaudit",
    args: [
      ...["--regions", "eu-central-1,us-east-1", "--tags", "created_by,department,project"],
      ...["--grace", "45", "--detail"],
    ],
    says: "Tags of the first account's EC2 instances: the first violations, then every region and tag",
    digest: (lines) => shorten(lines, "tagaudit_violation,"),
  },
  {
    program: "dirtymark",
    args: ["--mode", "commit", "--tag", "dirty=skunked", "--act-on-accounts", "210000000000"],
    remembers: true,
    says: "Logins that hosts have reported: the queue is drained, and what was touched is recorded and tagged",
    digest: (lines) => lines,
  },
  {
    program: "dirtycount",
    args: ["--regions", "eu-central-1,us-east-1"],
    remembers: true,
    says: "What is dirty now: instances by how grave it is, and every region's fleet",
    digest: (lines) => lines,
  },
];

/** Runs the programs themselves, as a user would; only AWS is ours. */
export const demo: Command<object> = {
  command: "demo",
  describe: "Run the programs on an offline AWS with three accounts: no account, no network",
  options: (yargs) => yargs,
  subcommands: [demoServe],
  async run(frame) {
    const aws = await startOfflineAws({ scenario: acmeOrganization() });
    const memory = await mkdtemp(join(tmpdir(), "stalewatch-demo-"));
    try {
      await writeText(frame, introduction);
      let worst: ExitCode = 0;
      for (const show of shows) worst = (await present(frame, show, { aws, memory })) || worst;
      await writeText(frame, conclusion(aws));
      return worst;
    } finally {
      await aws.close();
      await rm(memory, { recursive: true, force: true });
    }
  },
};

interface Stage {
  readonly aws: OfflineAws;
  /** What programs remember of this run lies here. */
  readonly memory: string;
}

const introduction = `An organization of three accounts, on an AWS that runs in this process: real wire formats, real paging and
limits, nothing leaves this machine. Everything but AWS itself is real.
`;

async function present(frame: Frame, show: Show, stage: Stage): Promise<ExitCode> {
  const { program, args, says, digest } = show;
  await writeText(frame, `\n${says}\n\n$ ${program} ${args.join(" ")}\n\n`);
  const { lines, code } = await runProgram(frame, show, stage);
  await writeText(frame, `${digest(lines).join("\n")}\n`);
  return code;
}

async function runProgram({ home }: Frame, { program, args, remembers }: Show, { aws, memory }: Stage) {
  // What is remembered of these accounts is nothing for a run on real ones to find.
  const state = remembers === true ? { STALEWATCH_STATE_DIRECTORY: memory } : { STALEWATCH_STATE: "none" };
  const child = spawn(process.execPath, [join(home, `${program}.cjs`), ...args], {
    env: { ...aws.environment(), ...state },
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

const shown = 5;

/** Of what there is one line for each subject, the first few. */
function shorten(lines: readonly string[], prefix: string): readonly string[] {
  const many = lines.filter((line) => line.startsWith(prefix));
  const others = lines.filter((line) => !line.startsWith(prefix));
  return [...many.slice(0, shown), `... ${many.length - shown} more like these`, ...others];
}

function conclusion(aws: OfflineAws): string {
  const calls = Object.entries(aws.calls());
  const total = calls.reduce((sum, [, count]) => sum + count, 0);
  return `
${total} AWS calls: ${calls.map(([action, count]) => `${action} ${count}`).join(", ")}

Next, on an account of yours (they read, and change nothing):
  node dist/keycheck.cjs YOUR_PROFILE
  node dist/tagaudit.cjs YOUR_PROFILE --regions eu-west-1 --tags owner,project
  node dist/dirtymark.cjs YOUR_PROFILE --queue YOUR_QUEUE
  node dist/dirtycount.cjs YOUR_PROFILE --regions eu-west-1
The permissions that they need: node dist/stalewatch.cjs iam-policy keycheck (or another of them)
Under Telegraf:                 telegraf/keycheck.conf and its like
This AWS, to experiment with:   node dist/stalewatch.cjs demo serve
`;
}

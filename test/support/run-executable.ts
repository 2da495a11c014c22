import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Millis, seconds } from "../../lib/core/time.ts";
import type { OfflineAws } from "../../lib/demo/offline-aws.ts";
import { type ParsedPoint, parseLineProtocol } from "./line-protocol-parser.ts";

/** The build, or another one that the environment names. */
const builtDirectory = process.env.STALEWATCH_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));

export const executablePath = (name: string): string => join(builtDirectory, `${name}.cjs`);

export const keycheckPath = executablePath("keycheck");

export interface Launch {
  readonly argv?: readonly string[];
  /** Whose credentials it has, as `OfflineAws.environment` takes it; the first account's administrator if absent. */
  readonly identity?: string;
  /** Beside those of the offline AWS; undefined takes one of these away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  /** Keeps state where its other settings say; if not said, nothing, so that one run tells nothing of another. */
  readonly remembers?: true;
  /** What Node runs in place of the built file. */
  readonly path?: string;
  /** A line of sh that starts it as `startIt` does, after setting limits or in front of redirections. */
  readonly shell?: string;
}

export interface Run {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: readonly string[];
  /** Calls that reached the offline AWS meanwhile, by `service:Action`, whoever made them. */
  readonly calls: Readonly<Record<string, number>>;
  readonly duration: Millis;
}

export interface StartedRun {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Run>;
  /** Settles as soon as stdout matches; rejects if it ends without. */
  printed(pattern: RegExp): Promise<void>;
  /** The same for stderr. */
  said(pattern: RegExp): Promise<void>;
}

export const startIt = 'exec "$0" "$@"';

/** tap has every child's Node load a module that slows it down and writes files at its end. */
const withoutTap = "unset NODE_OPTIONS";

/**
 * Beyond any test's patience: a child that hangs must not outlive its test. All twelve tries of one call take 43 s on an
 * average, and up to 86.
 */
const longest = seconds(100);

/** Starts a built program with no variables but those named, so that nothing of this machine's AWS settings counts. */
function startProgram(program: string, aws: OfflineAws, launch: Launch): StartedRun {
  const { argv = [], identity, environment, directory = tmpdir(), shell = startIt } = launch;
  const { path = executablePath(program) } = launch;
  const state = launch.remembers === true ? {} : { STALEWATCH_STATE: "none" };
  const before = aws.calls();
  const started = performance.now();
  const child = spawn("sh", ["-c", `${withoutTap}; ${shell}`, process.execPath, path, ...argv], {
    cwd: directory,
    env: { HOME: tmpdir(), ...state, ...aws.environment(identity), ...environment },
    timeout: longest,
    killSignal: "SIGKILL",
  });
  // A program that never reads its input may be gone before the input ends.
  child.stdin.on("error", () => {});
  const stdout = gatherText(child.stdout);
  const stderr = gatherText(child.stderr);
  const ended = new Promise<Run>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({
        exitCode: exitCode ?? undefined,
        stdout: stdout.text(),
        stderr: stderr
          .text()
          .split("\n")
          .filter((line) => line !== ""),
        calls: callsSince(before, aws.calls()),
        duration: performance.now() - started,
      }),
    );
  });
  return { child, ended, printed: stdout.matches, said: stderr.matches };
}

const starting =
  (program: string) =>
  (aws: OfflineAws, launch: Launch = {}): StartedRun =>
    startProgram(program, aws, launch);

/** Runs it to its end, with an input that has ended. */
const running =
  (program: string) =>
  (aws: OfflineAws, launch: Launch = {}): Promise<Run> => {
    const { child, ended } = startProgram(program, aws, launch);
    child.stdin.end();
    return ended;
  };

export const startKeycheck = starting("keycheck");
export const runKeycheck = running("keycheck");
export const startTagaudit = starting("tagaudit");
export const runTagaudit = running("tagaudit");
export const startDirtymark = starting("dirtymark");
export const runDirtymark = running("dirtymark");
export const runDirtycount = running("dirtycount");

function gatherText(stream: NodeJS.ReadableStream) {
  let gathered = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    gathered += chunk;
  });
  return {
    text: () => gathered,
    matches: (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => pattern.test(gathered) && resolve();
        stream.on("data", look).once("end", () => reject(new Error(`no ${pattern} in ${JSON.stringify(gathered)}`)));
        look();
      }),
  };
}

const callsSince = (before: Run["calls"], after: Run["calls"]): Run["calls"] =>
  Object.fromEntries(
    Object.entries(after)
      .map(([action, count]) => [action, count - (before[action] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

/** A parsed point as plain values: what its line says, whatever the field types. */
export interface PlainPoint {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | boolean | string>>;
  /** Milliseconds. */
  readonly time: Millis | undefined;
}

/** Every line of stdout must be whole and portable line protocol, or this throws. */
export const pointsOf = ({ stdout }: Pick<Run, "stdout">, measurement?: string): readonly PlainPoint[] => {
  if (stdout !== "" && !stdout.endsWith("\n")) throw new Error(`the last line is torn: ${stdout.slice(-200)}`);
  const points = parseLineProtocol(stdout).map(plainPoint);
  return measurement === undefined ? points : points.filter((point) => point.measurement === measurement);
};

/** Tags and fields of a scope's status point, of which there must be just one. */
export function statusOf(run: Pick<Run, "stdout">, scope = "default"): Readonly<Record<string, unknown>> {
  const [status, ...others] = pointsOf(run, "stalewatch_run").filter(({ tags }) => tags.scope === scope);
  if (status === undefined || others.length > 0) throw new Error(`not one status point of "${scope}": ${run.stdout}`);
  return { ...status.tags, ...status.fields };
}

const plainPoint = ({ measurement, tags, fields, time }: ParsedPoint): PlainPoint => ({
  measurement,
  tags: Object.fromEntries(tags),
  fields: Object.fromEntries(
    [...fields].map(([name, { value }]) => [name, typeof value === "bigint" ? Number(value) : value]),
  ),
  time: time === undefined ? undefined : Number(time / 1_000_000n),
});

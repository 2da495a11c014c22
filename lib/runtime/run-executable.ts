import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../core/errors.ts";
import { enableCompileCache } from "./compile-cache.ts";
import type { ExitCode, Frame, Main } from "./frame.ts";
import { type Log, openLog } from "./log.ts";
import { openStop } from "./stop.ts";

/**
 * Runs one executable in this process: signals, stderr lines and the exit status are handled here and nowhere else.
 * `load` imports the program, so that Node's compile cache is on before the bulk of the code is compiled.
 */
export async function runExecutable(program: string, load: () => Promise<{ readonly main: Main }>): Promise<void> {
  enableCompileCache();
  const log = openLog({ program, write: (line) => process.stderr.write(line), now: Date.now });
  captureForeignLines(log);
  const stop = openStop();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.stop(signal));
  process.exit(await exitCodeOf(load, stop.signal, log));
}

async function exitCodeOf(
  load: () => Promise<{ readonly main: Main }>,
  stop: AbortSignal,
  log: Log,
): Promise<ExitCode> {
  const uncaught = new Promise<never>((_resolve, reject) => {
    process.on("uncaughtException", reject);
    process.on("unhandledRejection", reject);
  });
  try {
    const { main } = await load();
    return await Promise.race([main(frameOf(stop, log)), uncaught]);
  } catch (thrown) {
    log.error(messageOf(thrown));
    if (thrown instanceof Error && thrown.stack !== undefined) log.debug(thrown.stack);
    return 1;
  }
}

function frameOf(stop: AbortSignal, log: Log): Frame {
  const { argv, stdout, env: environment } = process;
  return {
    ...{ argv: argv.slice(2), home: dirname(realpathSync(argv[1] ?? ".")), environment, stdout, log, stop },
    // Node opens it at the first look, which only an execd process takes.
    get stdin() {
      return process.stdin;
    },
    now: Date.now,
  };
}

/** Libraries write to the console and warn through the process; here each such text becomes one line of the log. */
function captureForeignLines(log: Log): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const join = (parts: readonly unknown[]) => parts.map(messageOf).join(" ");
  Object.assign(console, {
    log: (...parts: unknown[]) => log.debug(join(parts)),
    info: (...parts: unknown[]) => log.debug(join(parts)),
    debug: (...parts: unknown[]) => log.debug(join(parts)),
    warn: (...parts: unknown[]) => log.warn(join(parts)),
    error: (...parts: unknown[]) => log.warn(join(parts)),
  });
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log.debug(messageOf(warning)));
}

import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { regionalSession } from "../aws/regional-session.ts";
import { profileScope, type ScopeSource } from "../aws/scopes.ts";
import { OpsError } from "../core/errors.ts";
import { seconds } from "../core/time.ts";
import { reportRun } from "../measurements/report-run.ts";
import { openSqsQueue } from "../queue/sqs.ts";
import type { Frame } from "../runtime/frame.ts";
import { functionFrame } from "../runtime/function-frame.ts";
import type { Surroundings } from "../runtime/program.ts";
import { scanScope } from "../runtime/scan-scope.ts";
import { openState } from "../runtime/state.ts";
import { openDeadline } from "../runtime/stop.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { type RunSettings, runSettings } from "../settings/run-settings.ts";
import { openSinks } from "../sink/open-sinks.ts";
import type { Sink } from "../sink/sink.ts";
import { openEventQueue } from "./event-queue.ts";
import { type Marking, openMarking } from "./marking.ts";
import { type DirtymarkSettings, dirtymarkSettings } from "./settings.ts";

/** What outlives an invocation. */
interface Warm {
  readonly frame: Frame;
  readonly run: RunSettings;
  readonly settings: DirtymarkSettings;
  readonly sink: Sink;
  readonly source: ScopeSource;
  readonly marking: Marking;
  readonly surroundings: Surroundings;
}

/** For the answer, once all else has been given up. */
const reserve = seconds(3);

/**
 * AWS Lambda's handler for an SQS event source that reports partial batch failures: a message is reported as failed, and
 * comes again, unless all that it says is durable. Settings are variables alone.
 */
export function openHandler(frame: Frame = functionFrame("dirtymark")) {
  let warm: Promise<Warm> | undefined;
  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    warm ??= openWarm(frame);
    // The next invocation tries again: a secret or a table may be there by then.
    warm.catch(() => {
      warm = undefined;
    });
    const failures = await markEvent(event, await warm, context.getRemainingTimeInMillis());
    return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

export const handler = openHandler();

async function openWarm(frame: Frame): Promise<Warm> {
  const { environment, log, stop, now, stdout } = frame;
  const loaded = await loadSettings({
    ...{ program: "dirtymark", says: "", examples: [], argv: [], environment },
    declarations: [runSettings, dirtymarkSettings],
    readFile: async (path) => {
      throw new OpsError("other", `file "${path}": settings of a function are variables`);
    },
  });
  if (loaded.kind !== "settings")
    throw new OpsError("other", loaded.kind === "problems" ? loaded.problems.join("; ") : "");
  const { run, program: settings, origins } = loaded;
  if (run.mode !== "commit")
    throw new OpsError(
      "other",
      `${origins.run.mode.where}: "${run.mode}" receives no messages; STALEWATCH_MODE must be commit`,
    );
  log.configure({ level: run.logLevel, format: run.logFormat });
  const marking = openMarking(frame);
  const problems = marking.prepare(settings);
  if (problems.length > 0) throw new OpsError("other", problems.join("; "));
  const state = openState({ environment, log, stop, now }, run);
  await state.open();
  return {
    ...{ frame, run, settings, marking },
    sink: await openSinks(run, stdout, undefined),
    source: profileScope({ name: "lambda", profile: undefined, region: run.region }),
    surroundings: { openState: state.openOrWarn, findState: state.find, environment, log, clock: now },
  };
}

async function markEvent(event: SQSEvent, warm: Warm, remaining: number): Promise<readonly string[]> {
  const { run, settings, sink, source, marking, surroundings, frame } = warm;
  const deadline = Math.max(seconds(1), remaining - reserve);
  const round = openDeadline(frame.stop, deadline);
  const arn = event.Records[0]?.eventSourceARN;
  const queue = openEventQueue(event, async () => {
    const { session } = await source.open(round.signal);
    const [, , , region, owner, name = settings.queue] = arn?.split(":") ?? [];
    const regional = regionalSession(session, region ?? session.region);
    return openSqsQueue({ session: regional, queue: name, owner, stop: round.signal });
  });
  try {
    const report = await scanScope({
      ...{ program: "dirtymark", source, run: { ...run, deadline }, settings: { ...settings, follow: false } },
      ...{ surroundings, stop: round.signal, write: (points) => sink.write(points) },
      scan: (context) => marking.scan(context, async () => queue),
    });
    if (report !== undefined) await sink.write([reportRun(report)]);
    if (report?.lastError !== undefined) frame.log.warn(`${report.outcome}: ${report.lastError}`);
    await sink.flush();
  } finally {
    round.release();
  }
  return queue.failures();
}

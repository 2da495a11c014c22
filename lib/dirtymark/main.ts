import { openSqsQueue } from "../queue/sqs.ts";
import type { Main } from "../runtime/frame.ts";
import { runProgram } from "../runtime/run-program.ts";
import { openMarking } from "./marking.ts";
import { dirtymarkSettings, refuseRun } from "./settings.ts";

export const main: Main = (frame) => {
  const marking = openMarking(frame);
  return runProgram(frame, {
    name: "dirtymark",
    says: "Drains a queue of logins and other events by which people touch EC2 instances, records a mark for each instance, and tags it.",
    examples: [
      ["dirtymark prod", "how the queue skunky stands; nothing is received"],
      ["dirtymark prod --mode commit", "record what it holds, until it is empty"],
      ["dirtymark prod --mode commit --tag dirty=skunked", "and tag the instances, in whatever accounts they are"],
      [
        "dirtymark prod --mode commit --queue touches --senders forwarders --follow",
        "what EventBridge sends, as it comes",
      ],
      ["dirtymark send --help", "how a host reports its logins"],
    ],
    declaration: dirtymarkSettings,
    refuses: refuseRun,
    repeats: ({ follow }) => follow,
    prepare: async (settings) => marking.prepare(settings),
    scan: (context) =>
      marking.scan(context, ({ session, settings }, stop) => openSqsQueue({ session, queue: settings.queue, stop })),
  });
};

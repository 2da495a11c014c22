import { setTimeout as pause } from "node:timers/promises";
import type { Millis } from "../core/time.ts";
import type { Answer, Call, Waits } from "./operation.ts";

interface Waiting {
  readonly call: Call;
  readonly waits: Waits | undefined;
  readonly ask: (call: Call) => Answer;
  readonly isGone: () => boolean;
}

/** How soon what came meanwhile is answered; waiting takes real time, whatever the demo's clock says. */
const between: Millis = 10;

/** Undefined where the answer is one already. Who has gone away is served no more: what AWS would still deliver to them hides. */
export function waitForAnswer(first: Answer, { call, waits, ask, isGone }: Waiting): Promise<Answer> | undefined {
  if (waits === undefined || waits.isEnough(first)) return undefined;
  const most = waits.most(call);
  return most === 0 ? undefined : askUntil(performance.now() + most);

  async function askUntil(end: Millis): Promise<Answer> {
    let answer = first;
    while (waits?.isEnough(answer) === false && performance.now() < end) {
      await pause(between, undefined, { ref: false });
      if (isGone()) break;
      answer = ask(call);
    }
    return answer;
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Millis } from "../core/time.ts";
import { classifyThrown, type ElasticsearchFailure } from "./elasticsearch-failure.ts";

export interface PatienceLimits {
  /** How long the server may be in trouble before it is given up. */
  readonly patience: Millis;
  /** Doubles with each try, where the server asks for nothing else. */
  readonly firstWait: Millis;
  readonly stop: AbortSignal;
}

/** One for all that a write has to send, which is sent one after the other. */
export interface Patience {
  /** Waits until it is worth another try; false where it is not. */
  wait(failure: ElasticsearchFailure): Promise<boolean>;
  /** The server answers: the next trouble is a new one. */
  calm(): void;
  /** Calls until it works; throws the failure that ended it. */
  insist<Answer>(call: () => Promise<Answer>): Promise<Answer>;
}

export function openPatience({ patience, firstWait, stop }: PatienceLimits): Patience {
  let since: Millis | undefined;
  let tries = 0;
  const wait = async ({ isPassing, retryAfter = firstWait * 2 ** tries }: ElasticsearchFailure): Promise<boolean> => {
    const now = performance.now();
    since ??= now;
    tries += 1;
    if (!isPassing || now - since + retryAfter > patience) return false;
    // Never at once, whatever the answer says.
    return sleep(Math.max(retryAfter, firstWait), true, { signal: stop }).catch(() => false);
  };
  const calm = () => {
    since = undefined;
    tries = 0;
  };
  return {
    wait,
    calm,
    async insist(call) {
      for (;;) {
        try {
          const answer = await call();
          calm();
          return answer;
        } catch (thrown) {
          const failure = classifyThrown(thrown);
          if (!(await wait(failure))) throw failure;
        }
      }
    },
  };
}

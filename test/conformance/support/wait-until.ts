import { setTimeout as pause } from "node:timers/promises";
import { type Millis, seconds } from "../../../lib/core/time.ts";

/** Polls until the answer is neither undefined nor false; an error of the asking counts as not yet. */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Answer | Promise<Answer>,
  patience: Millis = seconds(30),
): Promise<Exclude<Answer, undefined | false>> {
  const end = performance.now() + patience;
  let failure: unknown;
  do {
    try {
      const answer = await ask();
      // What is left after the comparison, which the compiler does not narrow for a type parameter.
      if (answer !== undefined && answer !== false) return answer as Exclude<Answer, undefined | false>;
    } catch (thrown) {
      failure = thrown;
    }
    await pause(50);
  } while (performance.now() < end);
  throw new Error(`waited ${patience / 1000} s in vain: ${what}`, { cause: failure });
}

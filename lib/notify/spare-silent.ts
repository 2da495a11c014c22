import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";

interface Sparing {
  readonly clock: () => Millis;
  /** How long its failures may have taken in all. */
  readonly patience: Millis;
  /** The channel's own error, which says that nothing was done. */
  readonly refuse: (says: string) => Error;
}

/** Leaves a channel alone that has kept us waiting in vain: what is to be said through it must not hold up all else. */
export function spareSilent<Channel extends object>(channel: Channel, { clock, patience, refuse }: Sparing): Channel {
  let waited = 0;
  let cause: unknown;
  const spare =
    (method: (...asked: unknown[]) => Promise<unknown>) =>
    async (...asked: unknown[]): Promise<unknown> => {
      if (waited >= patience) throw refuse(`left alone for the rest of the run: ${messageOf(cause)}`);
      const from = clock();
      try {
        return await method(...asked);
      } catch (thrown) {
        if (failureCodeOf(thrown) === "unreachable") {
          waited += clock() - from;
          cause = thrown;
        }
        throw thrown;
      }
    };
  const methods = Object.entries(channel).map(([name, method]) => [name, spare(method)]);
  // The same names, each with a method of the same type.
  return Object.fromEntries(methods) as Channel;
}

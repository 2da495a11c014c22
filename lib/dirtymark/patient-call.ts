import { type Millis, minutes, seconds } from "../core/time.ts";

interface Patience {
  readonly clock: () => Millis;
  /** How long an answer is waited for; a function that never gives its process back can't be helped. */
  readonly timeout?: Millis;
}

/** Who did not answer is not asked again sooner than this: a thousand events would wait for him one after the other. */
const rest = minutes(1);

/** A function of foreign hands, whose answer is waited for so long and no longer. */
export function patientCall<Given>(
  call: (given: Given) => unknown,
  { clock, timeout = seconds(5) }: Patience,
): (given: Given) => Promise<unknown> {
  let restsUntil = Number.NEGATIVE_INFINITY;
  const refuse = (): never => {
    throw new Error(`no answer within ${timeout} ms`);
  };
  return async (given) => {
    if (clock() < restsUntil) refuse();
    let timer: NodeJS.Timeout | undefined;
    const lateness = new Promise<typeof late>((resolve) => {
      timer = setTimeout(() => resolve(late), timeout);
    });
    try {
      const said = await Promise.race([call(given), lateness]);
      if (said !== late) return said;
      restsUntil = clock() + rest;
      return refuse();
    } finally {
      clearTimeout(timer);
    }
  };
}

const late = Symbol("late");

import { messageOf } from "../core/errors.ts";
import { formatInstant, type Millis } from "../core/time.ts";

/** Refusals go into points and logs, which must not hold a whole access key id: its last five characters tell keys apart. */
export const hideKeyIds = (text: string): string => text.replace(/A[KS]IA[A-Z0-9]{12,}/g, (id) => `...${id.slice(-5)}`);

/** One line of bounded length, whatever names and reasons went into it. */
export const sayRefusal = (text: string): string => messageOf(hideKeyIds(text));

export const quote = (text: string): string => JSON.stringify(text);

/** The farthest instant that ECMAScript can write. */
const lastInstant = 8.64e15;

/** Says a time that can't be one, too: a gate that throws would refuse without a reason. */
export const sayInstant = (at: Millis | undefined): string =>
  at !== undefined && Math.abs(at) <= lastInstant ? formatInstant(at) : "an unknown time";

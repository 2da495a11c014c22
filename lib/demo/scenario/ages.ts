import { days, type Millis } from "../../core/time.ts";

/** AWS keeps whole seconds; cut, not rounded, so that an age is never less than said. */
export const ago = (now: Millis, age: number): Millis => Math.floor((now - days(age)) / 1000) * 1000;

export const agoOrNever = (now: Millis, age: number | undefined): Millis | undefined =>
  age === undefined ? undefined : ago(now, age);

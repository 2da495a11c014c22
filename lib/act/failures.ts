import { days, type Millis, minutes } from "../core/time.ts";

/** By kind of action: how often it has failed, and when it may be tried again. */
export type Failures = Readonly<Record<string, { readonly count: number; readonly retryAt: Millis } | undefined>>;

/** What a program remembers of a subject holds them. */
interface Failing {
  readonly failures?: Failures | undefined;
}

interface Failure {
  readonly at: Millis;
  readonly attempt: number;
}

/** It waits 5, 10, 20 minutes and so on, up to half a day. */
export function noteFailure<Record extends Failing>(record: Record, kind: string, { at, attempt }: Failure): Record {
  const wait = Math.min(minutes(5) * 2 ** Math.min(attempt - 1, 20), days(0.5));
  return { ...record, failures: { ...record.failures, [kind]: { count: attempt, retryAt: at + wait } } };
}

export const withoutFailure = <Record extends Failing>(record: Record, kind: string): Record => ({
  ...record,
  failures: { ...record.failures, [kind]: undefined },
});

export const mayTry = ({ failures }: Failing, kind: string, now: Millis): boolean =>
  now >= (failures?.[kind]?.retryAt ?? 0);
